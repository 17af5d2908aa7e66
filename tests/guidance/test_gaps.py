"""Figures of use and of gaps open their rows, of complaints the reader sees; also by API."""

from __future__ import annotations

import json

import pytest

from huiyin.ground import moment
from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.people.words import Role
from huiyin.journey.guidance import actions, lists
from tests.conftest import person
from tests.roads import assigned
from tests.together import at_once

pytestmark = pytest.mark.django_db


def closed(make_complaint, team, who, **more):
    made = assigned(make_complaint, team, who)
    type(made).objects.filter(pk=made.pk).update(
        status="CLO", closed_at=moment.now(), category="PD.01", **more
    )
    made.refresh_from_db()
    return made


def test_what_was_closed_without_knowledge_is_counted_and_listed(
    make_complaint,
    after_sales,
    li,
    manager,
    clause,
    signed_in,
):
    bare = closed(make_complaint, after_sales, li)
    quoted = assigned(make_complaint, after_sales, li)
    actions.quote(quoted, by=li, version=clause.pk, into="reply")
    type(quoted).objects.filter(pk=quoted.pk).update(
        status="CLO", closed_at=moment.now(), category="PD.01"
    )
    figures = [(gap.key, gap.count, gap.seen) for gap in lists.categories(manager)]
    assert figures == [("PD.01", 1, 1)]
    boss = signed_in(manager)
    assert "PD.01" in boss.get("/knowledge/gaps/").content.decode()
    rows = boss.get("/knowledge/gaps/closed/?category=PD.01").content.decode()
    assert bare.number in rows and quoted.number not in rows


@pytest.mark.parametrize("role", [Role.KNOWLEDGE, Role.QA])
def test_who_sees_no_complaints_gets_figures_and_no_stories(
    role, make_complaint, after_sales, li, signed_in, api
):
    bare = closed(make_complaint, after_sales, li)
    secret = closed(make_complaint, after_sales, li)
    type(secret).objects.filter(pk=secret.pk).update(restricted=True)
    who = person("tao", "陶冶", role)
    [gap] = lists.categories(who)
    assert (gap.key, gap.count, gap.seen) == ("PD.01", 1, 0)  # the restricted one is not counted
    page = signed_in(who)
    assert "/knowledge/gaps/" in page.get("/knowledge/").text
    told = page.get("/knowledge/gaps/").text
    assert "PD.01" in told and "件数是全公司的" in told and bare.subject not in told
    rows = page.get("/knowledge/gaps/closed/?category=PD.01").text
    assert "这一类共 1 件，您能看到 0 件" in rows and "其余的只计数" in rows
    assert bare.number not in rows and bare.subject not in rows
    [one] = api(who).get("/api/v1/knowledge/gaps/closed").json()
    assert (one["key"], one["count"], one["seen"]) == ("PD.01", 1, 0)
    assert api(who).get("/api/v1/knowledge/gaps/closed/rows?category=PD.01").json() == []


def test_quality_reads_gaps_and_keeps_nothing(signed_in):
    tao = signed_in(person("tao", "陶冶", Role.QA))
    knowledge.missed("独角鲸", place="list", user=None)
    told = tao.get("/knowledge/gaps/").text
    assert "独角鲸" in told and "不再列出" not in told and "写一篇" not in told
    asked = {"words": "独角鲸", "note": "已写"}
    assert tao.post("/knowledge/gaps/settling/", asked).status_code == 403


def test_uses_list_only_complaints_one_sees(
    complaint,
    clause,
    li,
    sun,
    signed_in,
):
    made = actions.quote(complaint, by=li, version=clause.pk, into="reply")
    actions.judge(made, by=li, verdict="not_helped", words="没写运费")
    own = signed_in(li).get("/knowledge/articles/T-1/uses/?verdict=not_helped").content.decode()
    assert complaint.number in own and "没写运费" in own
    other = signed_in(sun).get("/knowledge/articles/T-1/uses/").content.decode()
    assert complaint.number not in other and "共 1 次" in other
    helped = signed_in(li).get("/knowledge/articles/T-1/uses/?verdict=helped").content.decode()
    assert complaint.number not in helped


def test_the_api_quotes_judges_and_tells_gaps(
    complaint,
    clause,
    li,
    manager,
    api,
):
    client, number = api(li), complaint.number
    found = client.get(f"/api/v1/complaints/{number}/knowledge").json()
    assert "T-1" in [one["code"] for one in found]  # by its keyword
    body = json.dumps({"version_id": clause.pk, "into": "offer"})
    made = client.post(f"/api/v1/complaints/{number}/quotations", body, "application/json")
    assert made.status_code == 201, made.content
    verdict = f"/api/v1/complaints/{number}/quotations/{made.json()['id']}/verdict"
    said = json.dumps({"verdict": "helped"})
    assert client.post(verdict, said, "application/json").status_code == 204
    listed = client.get(f"/api/v1/complaints/{number}/quotations").json()
    assert [(one["code"], one["verdict"], one["in_force"]) for one in listed] == [
        ("T-1", "helped", True)
    ]
    assert client.get("/api/v1/knowledge/articles/T-1/uses").json()["total"] == 1
    assert client.get("/api/v1/knowledge/gaps/searches").status_code == 403
    knowledge.missed("独角鲸", place="list", user=li)
    boss = api(manager)
    assert [gap["key"] for gap in boss.get("/api/v1/knowledge/gaps/searches").json()] == ["独角鲸"]
    rows = boss.get("/api/v1/knowledge/gaps/searches/rows?words=独角鲸").json()
    assert [row["user"] for row in rows] == ["li"]


def test_a_version_that_expires_is_marked_where_it_was_quoted(
    complaint,
    clause,
    li,
    manager,
    signed_in,
):
    actions.quote(complaint, by=li, version=clause.pk, into="reply")
    knowledge.withdraw(clause.article, by=manager, reason="不再执行")
    page = signed_in(li).get(f"/complaints/{complaint.number}/guidance/").content.decode()
    assert "这个版本已失效" in page


@pytest.mark.django_db(transaction=True)
def test_two_who_quote_at_once_leave_one_quotation_counted_once(complaint, clause, li, chen):
    both = at_once(
        lambda: actions.quote(complaint, by=li, version=clause.pk, into="note"),
        lambda: actions.quote(complaint, by=chen, version=clause.pk, into="note"),
    )
    assert [one for one in both if isinstance(one, Exception)] == []
    assert complaint.quotations.count() == 1
    clause.article.refresh_from_db()
    assert clause.article.used == 1
