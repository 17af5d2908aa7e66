"""Improvements and bulletins on the pages and for programs."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.ground import moment
from huiyin.journey.improvement import lists
from huiyin.journey.improvement.models import Bulletin, Improvement
from huiyin.journey.improvement.words import Stage
from tests.improvement.conftest import DONE, again, opened, reported, verified

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_the_whole_road_on_the_pages(complaint, li, chen, goods, tong, du, signed_in):
    lead, head, officer = signed_in(chen), signed_in(tong), signed_in(du)
    panel = f"/complaints/{complaint.number}/panels/improvement/"
    assert "发起整改" in lead.get(panel).content.decode()
    assert signed_in(li).get(panel).status_code == 204  # nothing to say, nothing to do
    form = f"/complaints/{complaint.number}/improvements/new/"
    assert "发起整改" in lead.get(form).content.decode()
    assert signed_in(li).get(form).status_code == 403
    asked = {"kind": "page", "title": "更正电饭煲容量", "department": goods.pk}
    assert lead.post(form, asked).status_code == 302
    it = Improvement.objects.get()
    url = f"/improvements/{it.pk}"
    assert "更正电饭煲容量" in signed_in(li).get(panel).content.decode()
    for step in it.steps.all():
        answer = head.post(f"{url}/steps/", {"id": step.pk, "done": "1"})
        assert answer.status_code == 204
    assert head.post(f"{url}/steps/", {"step": "通知直播间"}).status_code == 204
    added = it.steps.last()
    assert added is not None
    assert head.post(f"{url}/steps/", {"id": added.pk, "done": "1"}).status_code == 204
    paper = SimpleUploadedFile("对照.txt", "5 → 4".encode(), "text/plain")
    assert head.post(f"{url}/report/", {"text": DONE, "files": paper}).status_code == 204
    report = it.reports.get()
    file = report.files.get()
    assert officer.get(f"{url}/files/{file.uuid}/").status_code == 200
    page = officer.get(f"{url}/").content.decode()
    assert "核验整改" in page
    assert "核验整改" not in head.get(f"{url}/").content.decode()
    inbox = officer.get("/inbox/").content.decode()
    assert "整改核验" in inbox
    passed = {"report": report.pk, "passed": "1"}
    assert officer.post(f"{url}/verification/", passed).status_code == 204
    assert again(it).stage == Stage.WATCHING
    for part in ("before", "after"):
        assert officer.get(f"{url}/effect/{part}/").status_code == 200
    assert officer.get(f"{url}/effect/never/").status_code == 404
    assert "改前" not in officer.get("/improvements/?as=board").content.decode()
    assert "更正电饭煲容量" in officer.get("/improvements/?as=board").content.decode()


def test_lists_are_narrowed_searched_and_paged(complaint, chen, goods, manager, signed_in):
    for n in range(5):
        opened(complaint, chen, goods, title=f"更正第 {n} 个页面")
    opened(complaint, chen, goods, kind="training", title="培训缺陷登记")
    boss, now = signed_in(manager), moment.now()
    page = boss.get("/improvements/?q=缺陷登记").content.decode()
    assert "培训缺陷登记" in page
    assert "更正第" not in page
    assert "没有符合条件的整改" in boss.get("/improvements/?q=不存在的词").content.decode()
    first = Improvement.objects.first()
    assert first is not None
    number = first.number
    found, _more = lists.page(manager, lists.Asked.read({"q": number}), now)
    assert [one.number for one in found] == [number]
    seen: list[int] = []
    after = ""
    while True:
        rows, more = lists.page(manager, lists.Asked.read({"after": after}), now, 2)
        seen += [one.pk for one in rows]
        if more is None:
            break
        after = str(more)
    assert len(seen) == len(set(seen)) == 6
    for hostile in ("?kind=x", "?after=-1", "?view=;drop", "?department=99999999999999999999"):
        assert boss.get(f"/improvements/{hostile}").status_code == 200


def test_a_page_asks_as_much_however_many_there_are(complaint, chen, goods, manager, signed_in):
    boss = signed_in(manager)

    def questions(path: str) -> int:
        boss.get(path)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            boss.get(path)
        return len(asked)

    it = opened(complaint, chen, goods)
    few = [questions(path) for path in ("/improvements/", "/improvements/?as=board")]
    for n in range(8):
        opened(complaint, chen, goods, title=f"更正第 {n} 个页面")
    many = [questions(path) for path in ("/improvements/", "/improvements/?as=board")]
    assert many <= few
    assert few[0] <= 16
    assert questions(f"/improvements/{it.pk}/") <= 32


def test_the_whole_road_for_programs(complaint, chen, goods, tong, tao, api):
    lead, head, quality = api(chen), api(tong), api(tao)
    plan = {"kind": "page", "title": "更正电饭煲容量", "department": "goods"}
    url = f"/api/v1/complaints/{complaint.number}/improvements"
    made = lead.post(url, json.dumps(plan), JSON)
    assert made.status_code == 201, made.content
    one = f"/api/v1/improvements/{made.json()['id']}"
    assert lead.get(url).json()[0]["stage"] == "working"
    for step in head.get(f"{one}/steps").json():
        ticked = head.put(f"{one}/steps/{step['id']}", json.dumps({"done": True}), JSON)
        assert ticked.json()["done_at"]
    told = head.post(f"{one}/reports", {"text": DONE})
    assert told.status_code == 201, told.content
    verdict = {"report": told.json()["id"], "passed": True}
    assert head.post(f"{one}/verification", json.dumps(verdict), JSON).status_code == 403
    passed = quality.post(f"{one}/verification", json.dumps(verdict), JSON)
    assert passed.json()["verdict"] == "passed"
    assert quality.get(f"{one}/effect").status_code == 404
    assert quality.get(f"{one}/sources").json() == []  # quality sees no complaint
    assert [line["act"] for line in quality.get(f"{one}/story").json()][-1] == "passed"
    assert quality.get("/api/v1/improvements/figures").json()["due"] == 0
    assert {kind["code"] for kind in quality.get("/api/v1/improvement-kinds").json()} >= {"page"}
    wrong = lead.post(url, json.dumps({**plan, "title": "x"}), JSON)
    assert wrong.status_code == 422


def test_bulletins_on_the_pages_and_for_programs(
    complaint, li, chen, after_sales, goods, signed_in, api
):
    it = opened(complaint, chen, goods)
    writer = signed_in(chen)
    assert "更正电饭煲容量" in writer.get(f"/bulletins/new/?improvement={it.pk}").content.decode()
    asked = {
        "title": "电饭煲新说法",
        "text": "电饭煲容量以 4 升为准，请按新说法答复。",
        "due_at": (moment.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
        "teams": [after_sales.pk],
        "improvement": it.pk,
    }
    assert writer.post("/bulletins/new/", asked).status_code == 204
    made = Bulletin.objects.get()
    assert made.improvement == it
    reader = signed_in(li)
    assert reader.get("/bulletins/new/").status_code == 403
    assert "电饭煲新说法" in reader.get("/bulletins/?view=unread").content.decode()
    assert "电饭煲新说法" in reader.get("/bulletins/?q=新说法").content.decode()
    program = api(li)
    assert [one["id"] for one in program.get("/api/v1/bulletins?unread=true").json()] == [made.pk]
    assert program.get(f"/api/v1/bulletins/{made.pk}/readers").status_code == 403
    assert program.post(f"/api/v1/bulletins/{made.pk}/reading").json()["read_at"]
    assert program.get("/api/v1/bulletins?unread=true").json() == []
    assert api(chen).get(f"/api/v1/bulletins/{made.pk}/readers").json()[0]["user"] == "li"


def test_owner_and_verifier_are_told(complaint, chen, goods, tong, tao, du):
    from huiyin.journey.complaint.events import run_later
    from huiyin.surface.notices.actions import notices_of

    it = opened(complaint, chen, goods)
    for event in complaint.events.filter(what="improvement_opened"):
        run_later(event.pk)
        run_later(event.pk)
    assert notices_of(tong).count() == 1
    reported(it, tong)
    run_later(complaint.events.get(what="improvement_done").pk)
    assert notices_of(tao).count() == 1
    assert notices_of(du).count() == 1
    assert notices_of(tong).count() == 1  # not of what he did himself


def test_not_effective_on_the_page_opens_it_again(
    complaint, make_complaint, chen, goods, tong, du, signed_in
):
    from huiyin.journey.improvement import actions

    it = verified(opened(complaint, chen, goods), tong, du)
    assert it.done_at is not None
    for days in (1, 2, 3):
        make_complaint(category="PD.02.01", received_at=it.done_at + timedelta(days=days))
    with moment.at(it.done_at + timedelta(days=91)):
        actions.count_effects()
    officer = signed_in(du)
    page = officer.get(f"/improvements/{it.pk}/").content.decode()
    assert "按统计无效" in page
    assert "÷" in page
    rows = officer.get(f"/improvements/{it.pk}/effect/after/").content.decode()
    assert "统计 3 件" in rows
    asked = {"effective": "0", "words": "直播间还写 5 升"}
    assert officer.post(f"/improvements/{it.pk}/judgement/", asked).status_code == 204
    assert Improvement.objects.filter(again_of=it).count() == 1
