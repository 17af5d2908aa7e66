"""Supervision on the pages and for programs: list, one, panel, badges."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.journey.supervision import actions, lists
from huiyin.journey.supervision.models import Supervision
from huiyin.journey.supervision.words import Level, Stage
from tests.roads import assigned, fresh
from tests.supervision.test_watching import DONE, SEEN, WHY, again, begun

pytestmark = pytest.mark.django_db

JSON = "application/json"


def test_the_whole_road_on_the_pages(complaint, du, li, quality, shen, signed_in):
    officer, handler, head = signed_in(du), signed_in(li), signed_in(shen)
    number = complaint.number
    panel = f"/complaints/{number}/panels/supervision/"
    assert "开始督办" in officer.get(panel).content.decode()
    assert handler.get(panel).status_code == 204  # nothing to say, nothing to do
    asked = {
        "level": "posted",
        "reason": WHY,
        "department": quality.pk,
        "amount": "4",
        "unit": "hours",
    }
    assert officer.post(f"/complaints/{number}/supervisions/", asked).status_code == 204
    watch = complaint.supervisions.get()
    for shown in (
        officer.get(f"/complaints/{number}/").content.decode(),
        officer.get(f"/complaints/{number}/panels/").content.decode(),
        officer.get("/queue/?view=open").content.decode(),
        officer.get("/supervision/").content.decode(),
    ):
        assert "挂牌督办" in shown
    url = f"/supervision/{watch.pk}"
    assert "报送措施" in head.get(f"{url}/").content.decode()
    paper = SimpleUploadedFile("封样.txt", "批次".encode(), "text/plain")
    assert head.post(f"{url}/measures/", {"text": DONE, "files": paper}).status_code == 204
    evidence = watch.measures.get().files.get()
    assert head.get(f"{url}/files/{evidence.uuid}/").status_code == 200
    assert head.get(f"/evidence/{evidence.uuid}/").status_code == 404  # the complaint's own door
    assert evidence.custody.get().by == shen
    asked = {"measure": watch.measures.get().pk, "accept": "1"}
    assert officer.post(f"{url}/review/", asked).status_code == 204
    assert head.post(f"{url}/lifting/", {"words": SEEN, "ending": "done"}).status_code == 403
    assert officer.post(f"{url}/lifting/", {"words": SEEN, "ending": "done"}).status_code == 204
    assert "已解除 1 项" in officer.get(panel).content.decode()
    assert "挂牌督办" not in officer.get("/queue/?view=open").content.decode()
    assert complaint.number in officer.get("/supervision/?view=lifted").content.decode()


def test_a_manager_is_refused_with_a_sentence(complaint, du, li, manager, signed_in):
    watch = begun(complaint, du)
    answer = signed_in(manager).post(
        f"/supervision/{watch.pk}/lifting/", {"words": SEEN, "ending": "mistaken"}
    )
    assert answer.status_code == 403 and "只有督办员可以解除督办" in answer.content.decode()
    page = signed_in(manager).get(f"/supervision/{watch.pk}/").content.decode()
    assert "提升等级" in page and "解除督办" not in page


@pytest.mark.parametrize("amount", ["很多", "-1", "1e9", "NaN", "0"])
def test_a_limit_that_is_none_is_said_at_its_field(amount, complaint, du, signed_in):
    asked = {"level": "ordinary", "reason": WHY, "amount": amount, "unit": "hours"}
    answer = signed_in(du).post(
        f"/complaints/{complaint.number}/supervisions/", asked, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422 and "amount" in answer["HX-Trigger"]
    assert not complaint.supervisions.exists()


def test_the_list_narrows_and_searches(make_complaint, after_sales, li, du, quality, signed_in):
    one, two = (assigned(make_complaint, after_sales, li) for _ in range(2))
    begun(one, du, level=Level.POSTED)
    watch = begun(two, du, department=quality)
    page = signed_in(du)

    def numbers(query: str) -> set[str]:
        shown = page.get(f"/supervision/?{query}").content.decode()
        return {c.number for c in (one, two) if c.number in shown}

    assert numbers("") == {one.number, two.number}
    assert numbers("level=posted") == {one.number}
    assert numbers(f"department={quality.pk}") == {two.number}
    assert numbers(f"q={two.number}") == {two.number}
    assert numbers("q=电饭煲") == {one.number, two.number}
    assert numbers("view=filed") == set()
    assert numbers("view=lifted") == set()
    assert numbers("view=nonsense&level=x&department=zz&after=zz") == {
        one.number,
        two.number,
    }
    Supervision.objects.filter(pk=watch.pk).update(late=True)
    assert numbers("view=late") == {two.number}


def test_who_watches_nothing_sees_what_he_owes_and_no_more(
    make_complaint, after_sales, li, sun, du, shen, signed_in
):
    complaint = assigned(make_complaint, after_sales, li)
    watch = begun(complaint, du)
    for stranger in (sun, shen):
        page = signed_in(stranger)
        assert complaint.number not in page.get("/supervision/").content.decode()
        assert page.get(f"/supervision/{watch.pk}/").status_code == 404
        for act in ("level", "measures", "review", "lifting"):
            assert page.post(f"/supervision/{watch.pk}/{act}/", {}).status_code == 404
    assert complaint.number in signed_in(li).get("/supervision/").content.decode()


def test_pages_go_on_where_the_last_ended(make_complaint, after_sales, li, du):
    made = [begun(assigned(make_complaint, after_sales, li), du).pk for _ in range(5)]
    seen: list[int] = []
    after = None
    while True:
        rows, after = lists.page(du, lists.Asked(after=after), 2)
        seen += [row.pk for row in rows]
        if after is None:
            break
    assert sorted(seen) == made and len(seen) == 5
    for pk in made:
        actions.lift(again(Supervision(pk=pk)), by=du, words="不应督办的", ending="mistaken")
    rows, after = lists.page(du, lists.Asked(view="lifted"), 3)
    rest, _end = lists.page(du, lists.Asked(view="lifted", after=after), 3)
    assert [r.pk for r in (*rows, *rest)] == made[::-1]


def test_a_long_list_asks_no_more_than_a_short_one(make_complaint, after_sales, li, du, signed_in):
    page = signed_in(du)

    def asked() -> int:
        page.get("/supervision/")
        with CaptureQueriesContext(connection) as queries:
            assert page.get("/supervision/").status_code == 200
        return len(queries)

    begun(assigned(make_complaint, after_sales, li), du)
    few = asked()
    for _ in range(12):
        begun(assigned(make_complaint, after_sales, li), du)
    assert asked() <= few <= 16


def test_who_may_nothing_costs_one_question(complaint, li, signed_in):
    from django.test import RequestFactory

    from huiyin.journey.supervision.views import panel

    request: Any = RequestFactory().get("/")
    request.user = li
    seen = fresh(complaint)
    with CaptureQueriesContext(connection) as queries:
        assert panel(request, seen) is None
    assert len(queries) <= 2  # the teams of this person are known to a real request


def test_a_program_walks_the_whole_road(complaint, du, li, api):
    officer, handler = api(du), api(li)
    url = f"/api/v1/complaints/{complaint.number}/supervisions"
    assert (
        handler.post(url, {"level": "ordinary", "reason": WHY}, content_type=JSON).status_code
        == 403
    )
    made = officer.post(url, {"level": "ordinary", "reason": WHY}, content_type=JSON)
    assert made.status_code == 201 and made.json()["addressee"] == "李明"
    one = f"/api/v1/supervisions/{made.json()['id']}"
    raised = officer.put(f"{one}/level", {"level": "posted", "reason": WHY}, content_type=JSON)
    assert raised.json()["level"] == "posted"
    filed = handler.post(f"{one}/measures", {"text": DONE})
    assert filed.status_code == 201 and filed.json()["verdict"] == "waiting"
    review = {
        "measure": filed.json()["id"],
        "accept": False,
        "note": "没有写时间",
        "amount": 3,
        "unit": "hours",
    }
    assert handler.post(f"{one}/review", review, content_type=JSON).status_code == 403
    assert officer.post(f"{one}/review", review, content_type=JSON).json()["verdict"] == "refused"
    again_filed = handler.post(f"{one}/measures", {"text": DONE}).json()
    review = {"measure": again_filed["id"], "accept": True}
    assert officer.post(f"{one}/review", review, content_type=JSON).json()["verdict"] == "accepted"
    assert [m["verdict"] for m in officer.get(f"{one}/measures").json()] == ["accepted", "refused"]
    lifted = officer.post(f"{one}/lifting", {"words": SEEN}, content_type=JSON)
    assert lifted.json()["stage"] == Stage.LIFTED
    assert officer.get(url).json()[0]["words"] == SEEN
    assert (
        officer.get("/api/v1/supervisions?view=lifted").json()["items"][0]["complaint"]
        == complaint.number
    )
    assert officer.get("/api/v1/supervisions").json()["items"] == []


def test_another_team_finds_none_of_it_by_program(complaint, du, sun, api):
    watch = begun(complaint, du)
    client = api(sun)
    assert client.get(f"/api/v1/complaints/{complaint.number}/supervisions").status_code == 404
    assert client.get(f"/api/v1/supervisions/{watch.pk}").status_code == 404
    assert client.get("/api/v1/supervisions").json()["items"] == []
    assert (
        client.post(f"/api/v1/supervisions/{watch.pk}/measures", {"text": DONE}).status_code == 404
    )
