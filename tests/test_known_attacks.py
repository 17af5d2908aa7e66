"""What went wrong in other helpdesks, tried on this one. Numbers V… are those of docs/security.md,
where the tests of the other numbers are named."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client, RequestFactory
from django.utils.html import escape

from huiyin.ground import moment
from huiyin.ground.people.models import ApiToken
from huiyin.ground.people.words import Role
from huiyin.ground.web.http import client_address
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import note, reply
from tests.conftest import person
from tests.test_every_door import OPERATIONS, ROUTES, filled

STREAMS = ("live", "chat:live", "chat:desk_live")  # they tell that, not what, or lines as JSON

pytestmark = pytest.mark.django_db

MARK = "<hy-mark onload=alert(1)>\"'&"
INJECTIONS = (
    "' OR '1'='1",
    "'; DROP TABLE complaint_complaint; --",
    "1) UNION SELECT password FROM people_user --",
    "%' AND pg_sleep(3) --",
    "\\",
    "\x00",
    "\ud800",
    "'&|!():*<->",
    "{{1234*4321}}{% debug %}",
    "__proto__[x]=1",
    "../../etc/passwd",
    "🧨" * 5000,
)


@pytest.fixture
def marked(make_complaint, after_sales, wang_fang):
    """A complaint whose every text is an attack, and the people around it carry one in the name."""
    after_sales.name = MARK
    after_sales.save()
    wang_fang.name = MARK[:60]
    wang_fang.save()
    agent = person("marked", MARK, Role.SPECIALIST, teams=[after_sales], theme="dark")
    complaint = make_complaint(
        subject=MARK,
        text=MARK * 3,
        wanted=MARK,
        order_no=MARK[:30],
        team=after_sales,
        assignee=agent,
        status="HND",
    )
    note(complaint, by=agent, text=MARK)
    reply(complaint, by=agent, text=MARK, channel="phone")
    return complaint, agent


def test_no_text_of_a_person_becomes_markup_on_any_page(marked):  # V02, V03, V15
    complaint, agent = marked
    client = Client()
    client.force_login(agent)
    escaped = 0
    for name, route in ROUTES.items():
        if name in STREAMS:
            continue
        answer = client.get(filled(route.path, complaint.number, complaint.customer_id))
        body = answer.content.decode(errors="replace")
        assert "<hy-mark" not in body, name
        escaped += escape("<hy-mark") in body
    assert escaped >= 5  # the attack was really on the pages


def test_no_text_of_a_person_becomes_markup_in_the_queue_filters(signed_in, marked):
    _complaint, agent = marked
    body = signed_in(agent).get("/queue/", {"q": MARK, "view": MARK}).content.decode()
    assert "<hy-mark" not in body


@pytest.mark.parametrize("value", INJECTIONS, ids=lambda v: ascii(v)[:24])
def test_parameters_are_values_and_never_sql(signed_in, api, marked, value):  # V63, V10, V66
    complaint, agent = marked
    page, program = signed_in(agent), api(agent)
    names = ("q", "view", "status", "severity", "category", "team", "assignee", "channel", "sort")
    for name in (*names, "cursor", "after", "limit", "risk", "due"):
        text = value.encode("utf-8", "replace").decode()
        for client, path in ((page, "/queue/"), (program, "/api/v1/complaints")):
            answer = client.get(path, {name: text})
            assert answer.status_code < 500, (path, name)
            assert "5332114" not in answer.content.decode()  # no id reaches 1234 × 4321
    assert Complaint.objects.filter(pk=complaint.pk).exists()


def test_what_the_house_decides_cannot_be_sent_along(api, li, chen):  # V27, V28
    """Every field of the spine by its own name: only the documented ones have an effect."""
    fields = {f.attname for f in Complaint._meta.concrete_fields} | {
        f.name for f in Complaint._meta.concrete_fields
    }
    documented = {"channel", "text", "wanted", "order_no", "happened_on", "severity", "category"}
    values: dict[str, object] = dict.fromkeys(fields - documented, 4242)
    values |= {"restricted": True, "status": "ARC", "number": "TS1999-000001"}
    body = {"text": "冰箱不制冷，修了两次没修好", "contact": {"name": "钱"}, "channel": "api"}
    answer = api(li).post("/api/v1/complaints", body | values, content_type="application/json")
    assert answer.status_code in (201, 422)
    if answer.status_code == 201:
        made = Complaint.objects.get(number=answer.json()["number"])
        assert made.number != "TS1999-000001"
        assert made.status != "ARC" and not made.restricted and made.pk != 4242
        assert made.tracking_code != "4242" and made.team_id != 4242
    assert not Complaint.objects.filter(number="TS1999-000001").exists()


def test_search_and_counts_do_not_depend_on_what_one_may_not_see(signed_in, marked, sun):  # V18
    with_them = signed_in(sun).get("/queue/", {"q": "hy"}).content
    counts = signed_in(sun).get("/queue/counts/").content
    complaint, _agent = marked
    Complaint.objects.filter(pk=complaint.pk).update(restricted=True)
    assert signed_in(sun).get("/queue/", {"q": "hy"}).content.count(b"TS2") == with_them.count(
        b"TS2"
    )
    assert signed_in(sun).get("/queue/counts/").content == counts


def secrets_of_rows() -> list[str]:
    """Every hash, token and code that stands in a row of any table of ours."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if re.search(r"password|token_hash|name_hash", field.name) and isinstance(
                field, models.CharField
            ):
                found += [v for v in model.objects.values_list(field.name, flat=True) if v]
    return [secret for secret in found if len(secret) > 8]


def test_no_answer_carries_a_hash_or_a_key(marked, api):  # V30, V49
    complaint, agent = marked
    ApiToken.issue(agent, "another")
    client, program = Client(), api(agent)
    client.force_login(agent)
    secrets = [*secrets_of_rows(), settings.SECRET_KEY]
    assert len(secrets) >= 3
    for name, route in {**ROUTES, **OPERATIONS}.items():
        if name in STREAMS or (name in OPERATIONS and not name.startswith("GET ")):
            continue
        caller = program if name in OPERATIONS else client
        answer = caller.get(filled(route.path, complaint.number, complaint.customer_id))
        body = answer.content.decode(errors="replace") + answer.headers.get("Location", "")
        assert [s for s in secrets if s in body] == [], name
        assert complaint.tracking_code not in answer.headers.get("Location", ""), name


def test_a_disabled_account_is_out_at_its_next_step(marked, api):  # V44
    complaint, agent = marked
    client, program = Client(), api(agent)
    client.force_login(agent)
    assert client.get(f"/complaints/{complaint.number}/").status_code == 200
    agent.is_active = False
    agent.save()
    assert client.get(f"/complaints/{complaint.number}/").status_code == 302
    assert program.get("/api/v1/complaints").status_code == 401


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "203.0.113.9"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6\r\nX-Evil: 1", "0.0.0.0"),
        (2, "6.6.6.6", "203.0.113.9"),
    ],
)
def test_an_address_is_believed_from_our_own_proxies_only(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies  # V51
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
    request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_address(request) == address


def test_pages_forbid_what_pages_must_not_do(marked):  # V06, V12; ASVS 3.4
    complaint, agent = marked
    client = Client()
    client.force_login(agent)
    headers = client.get(f"/complaints/{complaint.number}/").headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "'nonce-"):
        assert part in policy
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


def test_the_moment_is_ours_and_not_the_callers(api, li):
    before = moment.now()
    body = {"text": "电视黑屏，售后不理", "contact": {}, "received_at": "1999-01-01T00:00:00Z"}
    answer = api(li).post("/api/v1/complaints", body, content_type="application/json")
    if answer.status_code == 201:
        assert Complaint.objects.get(number=answer.json()["number"]).received_at >= before
    else:
        assert answer.status_code == 422
