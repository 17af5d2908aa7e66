"""`manage check_facts` finds what went astray, and nothing else."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.actions import register
from huiyin.surface.operation.facts import differences

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(li, zhou, chen):
    return register(
        by=zhou,
        channel="phone",
        contact=Contact(name="王芳", phone="13800138000"),
        text="电饭煲漏电，孩子的手被电到了，要求退货退款。",
    )


def check() -> str:
    said = io.StringIO()
    call_command("check_facts", stdout=said)
    return said.getvalue()


def test_what_the_acts_wrote_agrees(complaint):
    assert check() == "1 complaints, no difference.\n"


def test_a_bare_installation_agrees(db):
    assert check() == "0 complaints, no difference.\n"


def astray() -> dict[str, object]:
    now = moment.now()
    return {
        "severity": 4,
        "category": "PD",
        "risks": ["media"],
        "emotion": "calm?",
        "assignee": None,
        "next_due_at": now + timedelta(days=9),
        "resolved_at": now,
        "closed_at": now,
        "last_activity_at": now + timedelta(days=1),
    }


@pytest.mark.parametrize("fact", astray())
def test_a_fact_that_went_astray_is_found(complaint, fact):
    assert getattr(complaint, fact) != astray()[fact]
    Complaint.objects.filter(pk=complaint.pk).update(**{fact: astray()[fact]})
    assert [one.fact.removesuffix("_id") for one in differences()] == [fact]


def test_the_command_prints_it_and_ends_with_an_error(complaint):
    was = complaint.severity
    Complaint.objects.filter(pk=complaint.pk).update(severity=4)
    said = io.StringIO()
    with pytest.raises(CommandError, match="1 differences"):
        call_command("check_facts", stdout=said)
    assert said.getvalue() == f"{complaint.number}  severity: carried 4, recorded {was}\n"
