"""The queue, the card of a call, and the same for programs."""

from __future__ import annotations

import pytest

from huiyin.ground.privacy.models import Reveal
from huiyin.journey.callbacks.models import Callback, Script
from huiyin.journey.callbacks.shown import own_script
from tests.conftest import at
from tests.roads import feed_back, fresh, solved

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def visit(monday, make_complaint, after_sales, li):
    complaint = solved(make_complaint, after_sales, li, emotion="angry", category="SF.01.01")
    feed_back(complaint, li)
    return complaint.callbacks.get()


def test_the_queue_shows_what_is_due_and_hides_the_number(visit, he, signed_in):
    html = signed_in(he).get("/callbacks/").content.decode()
    assert visit.complaint.number in html and "王*" in html
    assert "王芳" not in html and "13800138000" not in html
    assert "1 通等您拨打" in html


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("view=due", True),
        ("view=later", False),
        ("kind=visit", True),
        ("kind=promise", False),
        ("part=morning", True),
        ("part=evening", False),
        ("view=late", False),
        ("view=done", False),
        ("view=nonsense&kind=x&after=-1", True),
        ("after=99999999999999999999", True),
    ],
)
def test_filters_narrow_the_queue(query, there, visit, he, signed_in):
    html = signed_in(he).get(f"/callbacks/?{query}").content.decode()
    assert (visit.complaint.number in html) == there
    if not there:
        assert "没有" in html


def test_the_handler_sees_it_only_among_what_he_sees(visit, li, signed_in):
    client = signed_in(li)
    assert visit.complaint.number not in client.get("/callbacks/").content.decode()
    assert visit.complaint.number in client.get("/callbacks/?whose=team").content.decode()


def test_who_calls_nobody_has_no_queue(visit, admin, signed_in):
    assert signed_in(admin).get("/callbacks/").status_code == 403
    assert signed_in(admin).get(f"/callbacks/{visit.pk}/").status_code == 404


def test_next_leads_to_a_card_with_script_and_keys(visit, he, signed_in):
    client = signed_in(he)
    answer = client.post("/callbacks/next/", headers=HX)
    assert answer["HX-Redirect"] == f"/callbacks/{visit.pk}/"
    html = client.get(answer["HX-Redirect"]).content.decode()
    for what in ("回访员", "您身体现在好些了吗", "满意", "未接通", "已为您锁定", "138****8000"):
        assert what in html
    assert "13800138000" not in html
    again = client.post("/callbacks/next/", headers=HX)
    assert again["HX-Redirect"] == f"/callbacks/{visit.pk}/"


def test_with_nothing_to_do_it_says_so(he, signed_in, monday):
    answer = signed_in(he).post("/callbacks/next/", headers=HX)
    assert answer.status_code == 409


def test_the_number_costs_a_reason_that_stays(visit, he, signed_in, sun):
    client = signed_in(he)
    place = f"/callbacks/{visit.pk}/contact/"
    assert client.post(place, {"reason": "看"}, headers=HX).status_code == 422
    html = client.post(place, {"reason": "回访，拨打客户电话"}, headers=HX).content.decode()
    assert "tel:" in html
    reveal = Reveal.objects.get()
    assert (reveal.by, reveal.complaint_number) == (he, visit.complaint.number)
    assert signed_in(sun).post(place, {"reason": "回访"}, headers=HX).status_code == 404


def test_one_key_keeps_the_result_and_leads_on(visit, he, signed_in):
    client = signed_in(he)
    place = f"/callbacks/{visit.pk}/answer/"
    assert client.post(place, {"result": "satisfied", "offset": "x"}, headers=HX).status_code == 422
    answer = client.post(place, {"result": "satisfied", "words": "好的"}, headers=HX)
    assert answer.status_code == 204
    assert fresh(visit.complaint).visits.get().result == "satisfied"


def test_an_appointment_as_it_is_typed_is_of_our_zone(visit, he, signed_in):
    client = signed_in(he)
    typed = {"result": "later", "words": "在开会", "appointment_at": "2026-11-24T19:30"}
    answer = client.post(f"/callbacks/{visit.pk}/answer/", typed, headers=HX)
    assert answer.status_code == 204
    assert Callback.objects.get().next_at == at("2026-11-24 19:30")
    html = client.get("/callbacks/?view=appointed").content.decode()
    assert "客户约定" in html


def test_the_panel_tells_and_arranges(visit, chen, signed_in):
    number = visit.complaint.number
    html = signed_in(chen).get(f"/complaints/{number}/panels/callbacks/").content.decode()
    assert "回访" in html and "约回电" in html


def test_scripts_of_the_nearest_category_come_first(db):
    lines = [line.text for line in own_script("visit", "SF.01.01")]
    assert any("身体" in text for text in lines)
    assert not any("货现在收到" in text for text in lines)
    Script.objects.filter(kind="visit").update(enabled=False)
    assert own_script("visit", "SF.01.01") == []


# --- programs ------------------------------------------------------------------------------------


def test_a_program_takes_claims_and_answers(visit, he, api):
    client = api(he)
    taken = client.post("/api/v1/callbacks/next").json()
    assert (taken["id"], taken["claimed_by"]) == (visit.pk, "he")
    one = f"/api/v1/callbacks/{visit.pk}"
    assert client.delete(f"{one}/claim").json()["claimed_by"] is None
    made = client.post(f"{one}/tries", {"result": "not_reached"})
    assert made.status_code == 201 and made.json()["next_at"]
    assert [t["result"] for t in client.get(f"{one}/tries").json()] == ["not_reached"]
    listed = client.get("/api/v1/callbacks?view=later").json()
    assert [c["id"] for c in listed["items"]] == [visit.pk]


def test_a_program_arranges_and_moves_a_call(visit, chen, api):
    client = api(chen)
    place = f"/api/v1/complaints/{visit.complaint.number}/callbacks"
    body = {"reason": "客户要求", "appointment_at": "2026-11-24T10:00:00+08:00"}
    made = client.post(place, body, content_type="application/json")
    assert made.status_code == 201
    moved = client.put(
        f"/api/v1/callbacks/{made.json()['id']}/appointment",
        {"at": "2026-11-25T10:00:00+08:00"},
        content_type="application/json",
    )
    assert moved.json()["next_at"].startswith("2026-11-25T02:00")
    assert len(client.get(place).json()) == 2


@pytest.mark.parametrize("words", ["\ud83d", "\x00", "长" * 1001, "<script>alert(1)</script>"])
def test_hostile_text_breaks_nothing(words, visit, he, api, signed_in):
    said = words.encode("utf-8", "replace").decode()
    place = f"/api/v1/callbacks/{visit.pk}/tries"
    answer = api(he).post(place, {"result": "fair", "words": said})
    assert answer.status_code in (201, 422)
    html = signed_in(he).get(f"/callbacks/{visit.pk}/").content.decode()
    assert "<script>alert(1)" not in html
