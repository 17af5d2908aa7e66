"""The console's sections and the API of outside systems."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.webhooks import actions
from huiyin.ground.webhooks.models import Endpoint
from tests.conftest import person
from tests.webhooks.test_calls import ask

pytestmark = pytest.mark.django_db
NEW = {"code": "erp", "name": "仓储系统", "url": "", "status_url": "", "enabled": "on", "kinds": ""}


def test_a_new_system_shows_its_secret_once(signed_in, admin, standin):
    page = signed_in(admin).post("/console/endpoints/new/", {**NEW, "url": standin.url})
    made = Endpoint.objects.get(code="erp")
    assert made.secret in page.content.decode()
    later = signed_in(admin).get(f"/console/endpoints/{made.pk}/").content.decode()
    assert made.secret not in later
    assert made.salt not in later


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "https://169.254.169.254/", "ftp://x.example/"]
)
def test_an_inner_address_is_refused_at_save(url, signed_in, admin, api):
    page = signed_in(admin).post("/console/endpoints/new/", {**NEW, "url": url})
    assert page.status_code == 422
    answer = api(admin).post(
        "/api/v1/webhooks/endpoints",
        {"code": "erp", "name": "x", "url": url},
        content_type="application/json",
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["url"])
    assert not Endpoint.objects.exists()


def test_test_rotate_and_drop_in_the_console(signed_in, admin, endpoint, standin):
    browser, old = signed_in(admin), endpoint.secret
    browser.post(f"/console/endpoints/{endpoint.pk}/acts/test/")
    assert [one["told"]["type"] for one in standin.seen] == ["ping"]
    page = browser.post(f"/console/endpoints/{endpoint.pk}/acts/rotate/")
    endpoint.refresh_from_db()
    assert endpoint.secret != old
    assert endpoint.secret in page.content.decode()
    assert endpoint.earlier_salt
    browser.post(f"/console/endpoints/{endpoint.pk}/acts/drop/")
    endpoint.refresh_from_db()
    assert endpoint.earlier_salt == ""


def test_calls_are_read_by_finance_and_managers_only(signed_in, api, manager, admin, li, endpoint):
    call = ask(endpoint)
    actions.send_due_calls()
    finance = person("qian", "钱会计", Role.FINANCE)
    for user in (manager, finance):
        page = signed_in(user).get(f"/console/calls/{call.pk}/")
        assert "退款 58.00 元" in page.content.decode()
        found = api(user).get("/api/v1/webhooks/calls?state=done").json()
        assert [one["id"] for one in found["items"]] == [call.uid]
        whole = api(user).get(f"/api/v1/webhooks/calls/{call.uid}").json()
        assert (whole["state"], whole["attempts"][0]["status"]) == ("done", 200)
    for user in (admin, li):
        assert signed_in(user).get(f"/console/calls/{call.pk}/").status_code == 403
        assert api(user).get("/api/v1/webhooks/calls").status_code == 403


def test_the_api_sets_a_system_up(api, admin, li, standin):
    client = api(admin)
    sent = {"code": "erp", "name": "仓储系统", "url": standin.url}
    made = client.post("/api/v1/webhooks/endpoints", sent, content_type="application/json")
    assert made.status_code == 201
    standin.secrets.append(made.json()["secret"])
    assert client.post("/api/v1/webhooks/endpoints/erp/test").json() == {"status": 200}
    again = client.post("/api/v1/webhooks/endpoints", sent, content_type="application/json")
    assert again.status_code == 422
    changed = client.put(
        "/api/v1/webhooks/endpoints/erp",
        {**sent, "name": "仓库", "enabled": False},
        content_type="application/json",
    )
    assert (changed.json()["name"], changed.json()["enabled"]) == ("仓库", False)
    assert (
        client.post("/api/v1/webhooks/endpoints/erp/secret").json()["secret"]
        != made.json()["secret"]
    )
    assert "secret" not in client.get("/api/v1/webhooks/endpoints").content.decode()
    for method, path in (("get", ""), ("post", "/erp/secret"), ("post", "/erp/test")):
        answer = getattr(api(li), method)(f"/api/v1/webhooks/endpoints{path}")
        assert answer.status_code == 403
