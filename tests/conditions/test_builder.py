"""The builder, its preview, and conditions in the queue."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest

from huiyin.ground import moment
from huiyin.ground.conditions import rules
from huiyin.ground.people.words import Role
from huiyin.surface.workbench.models import ListColumns, OwnView
from tests.conftest import person

pytestmark = pytest.mark.django_db

S1 = {"all": [{"field": "severity", "is": "one_of", "value": ["1"]}]}
HOSTILE = [
    "{",
    "[]",
    "null0",
    '{"all": "x"}',
    '{"all": [{"field": "tracking_code", "is": "contains", "value": "A"}]}',
    '{"all": [{"field": "customer__contact_points__value", "is": "filled"}]}',
    '{"all": [{"field": "text", "is": "contains", "value": "a\\u0000b"}]}',
    '{"all": [{"field": "text", "is": "contains", "value": "\\ud800"}]}',
    '{"all":[' * 5000 + "]}" * 5000,
    json.dumps({"all": [{"any": []}] * 1000}),
    "x" * (rules.LONGEST_TYPED + 1),
]


@pytest.fixture
def some(make_complaint, after_sales, logistics, li):
    make_complaint(severity=1, team=after_sales, status="HND", subject="新的", assignee=li)
    make_complaint(severity=2, team=after_sales, status="HND", assignee=li)
    make_complaint(severity=1, team=logistics, status="HND", subject="别组的")
    make_complaint(
        severity=1,
        team=after_sales,
        assignee=li,
        status="CLO",
        received_at=moment.now() - timedelta(days=8),
    )


def preview(client, condition):
    text = condition if isinstance(condition, str) else json.dumps(condition)
    return client.post("/conditions/preview/", {"condition": text}, headers={"HX-Request": "true"})


def test_the_preview_counts_what_one_sees_of_the_last_seven_days(signed_in, some, li, manager):
    page = preview(signed_in(li), S1).content.decode()
    assert "1 件符合" in page
    assert "新的" in page
    assert "别组的" not in page
    assert "2 件符合" in preview(signed_in(manager), S1).content.decode()
    nobody = person("sys", "系", Role.SYSADMIN)
    assert "没有符合的" in preview(signed_in(nobody), S1).content.decode()


def test_the_count_has_an_end_and_the_preview_few_questions(
    signed_in, some, manager, monkeypatch, django_assert_max_num_queries
):
    from huiyin.journey.routing import conditions

    monkeypatch.setattr(conditions, "MOST_COUNTED", 1)
    client = signed_in(manager)
    with django_assert_max_num_queries(12):
        assert "超过 1 件符合" in preview(client, S1).content.decode()


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: ascii(t)[:40])
def test_what_is_no_condition_is_refused_with_a_sentence(signed_in, li, text):
    client = signed_in(li)
    answer = preview(client, text)
    assert answer.status_code == 422
    assert "条件" in answer.content.decode() or "属性" in answer.content.decode()
    assert client.get("/queue/", {"view": "open", "cond": text}).status_code == 422
    assert client.get("/conditions/builder/", {"cond": text}).status_code == 200


def test_programs_ask_the_same(api, some, li):
    client = api(li)
    answer = client.post(
        "/api/v1/conditions/preview", {"condition": S1}, content_type="application/json"
    )
    assert answer.status_code == 200
    assert (answer.json()["count"], answer.json()["words"]) == (1, "严重程度 是 S1 紧急")
    bad = client.post(
        "/api/v1/conditions/preview", {"condition": {"all": 1}}, content_type="application/json"
    )
    assert bad.status_code == 422
    told = {row["key"]: row for row in client.get("/api/v1/conditions/attributes").json()}
    assert ["1", "S1 紧急"] in told["severity"]["choices"]
    assert "one_of" in told["severity"]["operators"]


def test_the_queue_shows_what_fits_and_says_so(signed_in, some, li):
    client = signed_in(li)
    page = client.get("/queue/", {"view": "open", "cond": json.dumps(S1)})
    assert [row.subject for row in page.context["rows"]] == ["新的"]
    assert "严重程度 是 S1 紧急" in page.content.decode()


def test_a_view_keeps_its_condition(signed_in, some, li):
    client = signed_in(li)
    answer = client.post("/queue/views/", {"title": "急", "view": "open", "cond": json.dumps(S1)})
    kept = OwnView.objects.get()
    assert json.loads(kept.query["cond"]) == S1
    assert json.loads(parse_qs(urlparse(answer["Location"]).query)["cond"][0]) == S1
    page = client.get(answer["Location"])
    assert page.context["on_own"]
    assert len(page.context["rows"]) == 1


def test_a_lead_shares_a_view_with_his_team_and_nobody_else_does(
    signed_in, li, sun, after_sales, logistics
):
    lead = person("tian", "田组长", Role.LEAD, teams=[after_sales])
    client = signed_in(lead)
    client.post(
        "/queue/views/", {"title": "本组急件", "view": "open", "shared_with": after_sales.pk}
    )
    view = OwnView.objects.get()
    assert view.team == after_sales
    assert "本组急件" in signed_in(li).get("/queue/").content.decode()
    assert "本组急件" not in signed_in(sun).get("/queue/").content.decode()
    # Who sees it does not own it; and it is shared only where one leads.
    assert signed_in(li).post(f"/queue/views/{view.pk}/", {"title": "x"}).status_code == 404
    for client, team in ((signed_in(li), after_sales), (signed_in(lead), logistics)):
        answer = client.post(
            "/queue/views/", {"title": "y", "view": "open", "shared_with": team.pk}
        )
        assert answer.status_code == 422
        assert "组长" in answer.content.decode()
    signed_in(lead).post(f"/queue/views/{view.pk}/", {"title": "本组急件", "shared_with": ""})
    assert "本组急件" not in signed_in(li).get("/queue/").content.decode()


def test_each_person_chooses_his_columns(signed_in, some, li, manager):
    client = signed_in(li)
    assert "首接负责人</th>" not in client.get("/queue/?view=open").content.decode()
    answer = client.post(
        "/queue/columns/", {"column": ["owner", "order", "evil"], "next": "/queue/?view=open"}
    )
    assert answer["Location"] == "/queue/?view=open"
    assert ListColumns.objects.get().shown == ["owner", "order"]
    page = client.get("/queue/?view=open").content.decode()
    assert "<th" in page, page[3000:9000]
    assert "首接负责人</th>" in page, page[page.index("<th") : page.index("</thead>")]
    assert "订单号</th>" in page
    assert "投诉与诉求</th>" in page
    assert "处理人</th>" not in page
    assert "处理人</th>" in signed_in(manager).get("/queue/?view=open").content.decode()
    client.post("/queue/columns/", {"usual": "1", "next": "https://evil.example/"})
    assert "处理人</th>" in client.get("/queue/?view=open").content.decode()


def test_a_column_of_names_asks_no_question_per_row(
    signed_in, make_complaint, after_sales, li, django_assert_max_num_queries
):
    for _ in range(12):
        make_complaint(team=after_sales, assignee=li, owner=li, status="HND")
    client = signed_in(li)
    client.post("/queue/columns/", {"column": ["owner", "team", "who"]})
    with django_assert_max_num_queries(18):
        client.get("/queue/?view=open")
