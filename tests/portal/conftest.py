"""A customer with a phone: no account, only number and code."""

import uuid

import pytest
from django.test import Client

from huiyin.journey.complaint.models import Complaint


@pytest.fixture
def visitor(db):
    return Client()


@pytest.fixture
def story():
    def with_(**changes):
        typed = {
            "text": "上周买的电饭煲漏电，孩子的手被电到了。",
            "wanted": "退货退款",
            "name": "王芳",
            "phone": "13800138000",
            "consent": "on",
            "notice": "v1",
            "key": str(uuid.uuid4()),
        }
        return {name: value for name, value in (typed | changes).items() if value is not None}

    return with_


@pytest.fixture
def complained(visitor, story):
    """A complaint made at the portal, opened in the visitor's session."""

    def make(**changes):
        answer = visitor.post("/portal/complain/", story(**changes))
        assert answer.status_code == 302, answer.content.decode()
        return Complaint.objects.order_by("-pk").first()

    return make
