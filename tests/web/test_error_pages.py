"""Error pages: a sentence, a way on, and no need of what may be broken."""

import json

import pytest
from django.test import Client, RequestFactory

from huiyin.ground.web.views import broken


class Unreachable:
    """A user whose reading fails, as it does when the database is gone."""

    def __get__(self, *_):
        raise RuntimeError("no database")


def test_the_page_for_a_fault_needs_no_database(settings):
    request = RequestFactory().get("/queue/")
    request.__class__ = type("Request", (request.__class__,), {"user": Unreachable()})
    answer = broken(request)
    assert answer.status_code == 500
    assert "系统出了点问题" in answer.content.decode()


def test_a_fault_of_the_api_is_told_as_a_problem():
    answer = broken(RequestFactory().get("/api/v1/complaints"))
    assert answer["Content-Type"].startswith("application/problem+json")
    assert json.loads(answer.content)["status"] == 500


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "home"), [("/portal/nothing/", 'href="/portal/"'), ("/nothing/", 'href="/"')]
)
def test_what_is_not_there_leads_home_and_a_customer_never_to_the_staff(path, home):
    answer = Client().get(path)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "没有找到" in page
    assert home in page
    assert path not in page


@pytest.mark.django_db
def test_what_cannot_be_read_is_told_in_a_sentence_and_leads_back():
    told = {f"field{n}": "x" for n in range(1100)}
    answer = Client().post("/portal/follow/", told)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "请求无法读取" in page
    assert 'href="/portal/"' in page
    foreign = Client().get("/queue/", headers={"Host": "evil.example"})
    assert (foreign.status_code, "请求无法读取" in foreign.content.decode()) == (400, True)


@pytest.mark.django_db
def test_an_expired_form_is_told_so_in_the_portal():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/portal/follow/", {"number": "x", "code": "y"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "页面已过期" in page
    assert 'href="/portal/"' in page


@pytest.mark.django_db
def test_the_readable_page_of_the_api_names_every_operation(client):
    from huiyin.api import api

    page = client.get("/api/v1/docs").content.decode()
    for path in api.get_openapi_schema()["paths"]:
        assert path in page
    assert "Idempotency-Key" in page
