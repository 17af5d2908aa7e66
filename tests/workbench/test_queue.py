"""The queue's page: own views, dispatching a selection, unread marks, and what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.ground import moment
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.workbench.models import Look, OwnView

pytestmark = pytest.mark.django_db


def saved(client, title="急件", **query):
    return client.post("/queue/views/", {"title": title, "view": "open", **query})


def test_conditions_are_kept_under_a_name(signed_in, li):
    client = signed_in(li)
    answer = saved(client, severity="1", evil="1")
    assert answer["Location"] == "/queue/?view=open&severity=1"
    view = OwnView.objects.get()
    assert (view.user, view.title, view.query) == (li, "急件", {"view": "open", "severity": "1"})
    assert "急件" in client.get("/queue/?view=open&severity=1").content.decode()


@pytest.mark.parametrize(
    ("title", "sentence"),
    [("", "请给视图起个名字"), ("长" * 21, "名称最多 20 个字"), (" 急件 ", "已经有一个")],
)
def test_a_name_that_cannot_be_kept_is_refused_with_a_sentence(signed_in, li, title, sentence):
    client = signed_in(li)
    saved(client)
    answer = saved(client, title=title)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert OwnView.objects.count() == 1


def test_there_is_an_end_to_own_views(signed_in, li):
    client = signed_in(li)
    for i in range(14):
        saved(client, title=f"视图 {i}")
    assert OwnView.objects.count() == 12


def test_a_view_is_renamed_and_deleted_by_its_owner_only(signed_in, li, zhou):
    saved(signed_in(li))
    view = OwnView.objects.get()
    stranger = signed_in(zhou)
    assert stranger.post(f"/queue/views/{view.pk}/", {"delete": "1"}).status_code == 404
    assert stranger.post(f"/queue/views/{view.pk}/", {"title": "我的"}).status_code == 404
    assert "急件" not in stranger.get("/queue/").content.decode()

    owner = signed_in(li)
    owner.post(f"/queue/views/{view.pk}/", {"title": "改了"})
    view.refresh_from_db()
    assert view.title == "改了"
    owner.post(f"/queue/views/{view.pk}/", {"delete": "1"})
    assert not OwnView.objects.exists()


def test_a_selection_is_dispatched_one_by_one_and_each_refusal_is_told(
    signed_in, make_complaint, zhou, after_sales, li
):
    ready = make_complaint(status="TRI", severity=3)
    ended = make_complaint(status="CLO", severity=3)
    answer = signed_in(zhou).post(
        "/queue/assignments/",
        {
            "number": [ready.number, ended.number, "TS2026-999999", ready.number],
            "team": after_sales.pk,
            "to": li.pk,
        },
    )
    results = {one["number"]: one for one in answer.json()["results"]}
    assert len(results) == 3
    assert results[ready.number]["done"] and "李明" in results[ready.number]["sentence"]
    assert not results[ended.number]["done"] and results[ended.number]["sentence"]
    assert results["TS2026-999999"]["sentence"] == "没有找到，或者您无权查看"
    ready.refresh_from_db()
    assert (ready.status, ready.assignee) == ("DIS", li)


def test_who_may_not_dispatch_changes_nothing_and_strangers_learn_nothing(
    signed_in, make_complaint, li, sun, after_sales
):
    complaint = make_complaint(status="TRI", team=after_sales, severity=3)
    for user, sentence in ((li, "可以派单"), (sun, "没有找到")):
        answer = signed_in(user).post(
            "/queue/assignments/", {"number": complaint.number, "team": after_sales.pk}
        )
        one = answer.json()["results"][0]
        assert not one["done"] and sentence in one["sentence"]
        assert "subject" not in one or user == li
    complaint.refresh_from_db()
    assert complaint.status == "TRI"


@pytest.mark.parametrize("team", ["", "x", "999999", "²"])
def test_a_team_that_does_not_exist_is_404(signed_in, zhou, team):
    assert signed_in(zhou).post("/queue/assignments/", {"team": team}).status_code == 404


def test_nobody_outside_the_team_can_be_given_a_selection(
    signed_in, zhou, make_complaint, after_sales, sun
):
    complaint = make_complaint(status="TRI", severity=3)
    answer = signed_in(zhou).post(
        "/queue/assignments/",
        {"number": complaint.number, "team": after_sales.pk, "to": sun.pk},
    )
    assert answer.status_code == 404


def test_what_happened_since_one_looked_is_marked_in_the_list(make_complaint, li, after_sales):
    fresh = make_complaint(team=after_sales, assignee=li, status="HND")
    read = make_complaint(team=after_sales, assignee=li, status="HND")
    others = make_complaint(team=after_sales, status="TRI")
    Look.objects.create(user=li, complaint=read, at=moment.now())
    rows = list(Complaint.objects.all())
    assert Look.objects.unread(li, rows) == {fresh.pk}
    read.last_activity_at = moment.now()
    assert Look.objects.unread(li, [read, others]) == {read.pk}


def test_a_page_of_the_queue_costs_the_same_however_many_rows_it_shows(
    signed_in, make_complaint, manager
):
    client = signed_in(manager)
    make_complaint(status="HND", severity=2, category="AS.01.01")
    client.get("/queue/?view=open")  # what is kept in memory is read once
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/queue/?view=open")
    for _ in range(20):
        make_complaint(status="HND", severity=2, category="AS.01.01")
    with CaptureQueriesContext(connection) as many:
        client.get("/queue/?view=open")
    assert len(many) == len(few) <= 16


def test_the_boxes_for_a_selection_are_shown_to_who_may_dispatch(
    signed_in, make_complaint, li, zhou
):
    make_complaint(status="TRI")
    assert "data-pick" not in signed_in(li).get("/queue/?view=open").content.decode()
    assert "data-pick" in signed_in(zhou).get("/queue/?view=open").content.decode()


def test_the_palette_finds_complaints_one_sees_and_pages_one_may_open(
    signed_in, make_complaint, li, sun, after_sales
):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    asked = {"q": complaint.number}
    assert complaint.number in signed_in(li).get("/palette/", asked).content.decode()
    stranger = signed_in(sun).get("/palette/", asked).content.decode()
    assert f"/complaints/{complaint.number}/" not in stranger
    assert "/board/" not in signed_in(li).get("/palette/").content.decode()
    assert signed_in(li).get("/palette/", {"q": "%_\\ 🙂"}).status_code == 200
