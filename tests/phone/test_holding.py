"""Hold guard, and a call-back instead of waiting on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.channels.phone import actions
from huiyin.journey.channels.phone.models import Call, Limit, limits
from huiyin.journey.complaint.words import What
from huiyin.surface.notices.models import Notice
from tests.phone.calls import story, tomorrow_at_ten

pytestmark = pytest.mark.django_db


# --- hold guard ----------------------------------------------------------------------------------


def test_a_hold_that_is_too_long_is_recorded(pbx, talking, complaint, li):
    actions.link(talking, complaint, by=li)
    pbx.tell("hold", after=10)
    pbx.tell("resume", after=10 + 119)
    assert What.LONG_HOLD not in story(complaint)
    pbx.tell("hold", after=200)
    pbx.tell("resume", after=200 + 150)
    assert complaint.events.get(what=What.LONG_HOLD).facts["seconds"] == 150
    pbx.tell("hold", after=400)
    pbx.tell("hangup", after=900, by="customer")
    assert story(complaint).count(What.LONG_HOLD) == 1


def test_a_hold_that_goes_on_is_seen_by_the_worker(pbx, talking):
    pbx.tell("hold", after=10)
    actions.watch()
    assert Call.objects.get().long_hold >= 120


def test_the_figures_are_rows(pbx, talking):
    Limit.objects.get(code="hold_offer").delete()
    row = Limit.objects.create(code="hold_offer", seconds=5000)
    assert limits()["hold_offer"] == 5000
    pbx.tell("hold", after=10)
    pbx.tell("resume", after=400)
    assert Call.objects.get().long_hold == 0
    row.seconds = 60
    row.save()
    pbx.tell("hold", after=500)
    pbx.tell("resume", after=570)
    assert Call.objects.get().long_hold == 390


def test_the_bar_tells_the_browser_the_figures(pbx, talking, li, signed_in):
    pbx.tell("hold", after=10)
    text = signed_in(li).get("/calls/mine/").content.decode()
    for attribute in ('data-prompt="60"', 'data-again="60"', 'data-offer="120"'):
        assert attribute in text


def test_what_was_confirmed_is_so_on_every_page(pbx, talking, li, signed_in):
    """The prompt of this hold, not of one before it."""
    text = lambda: signed_in(li).get("/calls/mine/").content.decode()  # noqa: E731
    pbx.tell("hold", after=10)
    assert 'data-checked=""' in text()
    actions.checked(talking, by=li)
    assert f'data-checked="{talking.acts.get(did="checked").at.isoformat()[:19]}' in utc(text())
    pbx.tell("resume", after=1799)
    pbx.began = moment.now()
    pbx.tell("hold", after=1)
    assert 'data-checked=""' in text()


def utc(text):
    """Moments of a page, which stand there in local time, as rows keep them."""
    return re.sub(
        r"\d{4}-\d\d-\d\dT[\d:.]+\+\d\d:\d\d",
        lambda found: datetime.fromisoformat(found[0]).astimezone(UTC).isoformat(),
        text,
    )


def test_checking_is_on_record(pbx, talking, li):
    with pytest.raises(Refused):
        actions.checked(talking, by=li)
    pbx.tell("hold", after=10)
    actions.checked(talking, by=li)
    assert talking.acts.filter(did="checked", by=li).count() == 1


def test_a_call_back_instead_of_waiting_makes_the_task(pbx, talking, complaint, li):
    actions.link(talking, complaint, by=li)
    when = tomorrow_at_ten()
    call = actions.call_back(talking, by=li, at=when, reason="客户要开会")
    task = call.callback
    assert task is not None
    assert (task.kind, task.person, task.appointment_at) == ("asked", li, when)
    later = when + timedelta(hours=2)
    actions.call_back(talking, by=li, at=later)
    task.refresh_from_db()
    assert task.appointment_at == later
    assert Callback.objects.count() == 1


def test_the_button_that_was_pressed_counts(pbx, talking, li, signed_in):
    """One click on a time that is offered, whatever else was typed there before."""
    offered, typed = tomorrow_at_ten(), "2020-01-01T10:00"
    place = f"/calls/{talking.pk}/callback/"
    answer = signed_in(li).post(place, {"at": offered.isoformat(), "other": typed})
    assert answer.status_code == 204
    assert Call.objects.get().recall_at == offered


def test_what_is_agreed_is_offered_no_more(pbx, talking, li, signed_in):
    pbx.tell("hold", after=10)
    bar = lambda: signed_in(li).get("/calls/mine/").content.decode()  # noqa: E731
    assert "data-guard-offer" in bar()
    actions.call_back(talking, by=li, at=tomorrow_at_ten())
    assert "data-guard-offer" not in bar()
    assert "已回拨" not in bar()  # he is on the line
    pbx.tell("hangup", after=60, by="customer")
    assert "已回拨" in bar()


def test_a_call_back_of_a_call_without_complaint_waits_for_it(pbx, talking, complaint, li):
    call = actions.call_back(talking, by=li, at=tomorrow_at_ten())
    assert call.callback is None
    assert Call.objects.to_recall().count() == 1
    actions.link(talking, complaint, by=li)
    assert Callback.objects.get().kind == "asked"


def test_what_was_agreed_without_a_complaint_is_not_forgotten(pbx, talking, li, chen):
    """Nobody is through with it, he is told when it is time, and the supervisor when it is late."""
    when = tomorrow_at_ten()
    pbx.tell("hangup", after=60, by="customer")
    call = actions.call_back(Call.objects.get(), by=li, at=when)
    with pytest.raises(Refused):
        actions.finish(call, by=li)

    def told(after: timedelta) -> list[tuple[str, str]]:
        with moment.at(when + after):
            for _ in range(2):
                actions.watch()
        found = Notice.objects.filter(key__startswith="call:").order_by("pk")
        return [(one.user.username, one.text[:9]) for one in found]

    due, late = ("li", "约定的回电时间到了"), ("chen", "约定的回电已超时，")
    assert told(timedelta(minutes=-1)) == []
    assert told(timedelta(minutes=1)) == [due]
    assert told(timedelta(hours=2)) == [due, late]
    actions.called_back(Call.objects.get(), by=li)
    actions.finish(Call.objects.get(), by=li)
    assert told(timedelta(hours=3)) == [due, late]


@pytest.mark.parametrize(
    ("began", "kept", "typed", "now"),
    [
        ("", "", "他说", "他说"),
        ("他说", "他说", "他说漏电", "他说漏电"),
        ("", "订单 8877", "又说", "订单 8877\n又说"),
        ("他说", "他说漏电", "他说 又来电", "他说漏电\n又来电"),
        ("他说", "他说漏电", "", "他说漏电"),
        ("他说", "他说漏电", "他说漏电", "他说漏电"),
        ("他说漏电", "他说漏电", "", ""),
    ],
)
def test_notes_of_two_pages_are_kept_both(talking, li, began, kept, typed, now):
    actions.keep_notes(talking, by=li, text=kept)
    assert actions.keep_notes(talking, by=li, text=typed, began=began) == now
    talking.refresh_from_db()
    assert talking.notes == now


@pytest.mark.parametrize("when", [None, "past", "night", "far"])
def test_a_time_that_cannot_be_kept(talking, li, when):
    given = {
        None: None,
        "past": moment.now() - timedelta(minutes=1),
        "night": tomorrow_at_ten().replace(hour=3),
        "far": tomorrow_at_ten() + timedelta(days=40),
    }[when]
    with pytest.raises(Invalid):
        actions.call_back(talking, by=li, at=given)
    assert not Call.objects.to_recall().exists()
