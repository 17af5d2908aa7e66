"""A customer whose line broke calls again himself: the task to call him ends, if it is he."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.customers.models import ContactPoint, Customer
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.channels.phone import actions
from huiyin.journey.channels.phone.models import Call
from huiyin.journey.channels.phone.rules.again import Party, is_same
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.tasks import follow_later
from huiyin.journey.complaint.words import What
from huiyin.surface.notices.models import Notice
from tests.phone.conftest import CALLER
from tests.together import at_once

pytestmark = pytest.mark.django_db
OUT = {"direction": "out", "from": "8001", "to": CALLER}


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    """Of 王芳, who is known by this number."""
    return make_complaint(team=after_sales, assignee=li, status="HND")


@pytest.fixture
def task(pbx, complaint, li):
    """The line of a linked call broke a moment ago: 小李 is to call."""
    pbx.began = moment.now() - timedelta(minutes=1)
    actions.link(pbx.talk(), complaint, by=li)
    found = pbx.tell("hangup", after=60, by="network").callback
    assert found.is_open
    return found


def test_he_rings_again_and_is_answered(pbx, task, complaint, li, sun, signed_in):
    assert "请马上回拨客户" in signed_in(li).get("/calls/mine/").content.decode()
    pbx.tell("ringing", "again", after=80, agent="8002")
    assert Callback.objects.get().is_open  # not spoken with yet
    pbx.tell("answered", "again", after=85, agent="8002")
    found = Callback.objects.select_related("clock").get()
    assert (found.state, found.words) == ("cancelled", "客户已再次来电")
    assert found.clock is not None and found.clock.stopped_at is not None
    assert found.clock.missed_at is None
    assert not Callback.objects.waiting_for(li).exists()
    assert not Call.objects.to_recall().exists()
    bar = signed_in(li).get("/calls/mine/").content.decode()
    assert "请马上回拨客户" not in bar and "不用再回拨" in bar and "客户已再次来电" in bar
    told = complaint.events.get(what=What.CALLBACK_CANCELLED)
    assert told.facts["reason"] == "客户已再次来电" and told.by.is_system
    follow_later(told.pk)
    assert "客户已再次来电" in Notice.objects.get(user=li, event=told).text
    assert not Notice.objects.filter(user=sun, event=told).exists()
    pbx.tell("hangup", "again", after=300, by="customer")
    assert complaint.events.filter(what=What.CALLBACK_CANCELLED).count() == 1


def test_whoever_answers_him_himself_needs_no_line_in_the_bell(pbx, task, li):
    pbx.talk("again", after=80, agent="8001")
    assert Callback.objects.get().state == "cancelled"
    follow_later(Event.objects.get(what=What.CALLBACK_CANCELLED).pk)
    assert not Notice.objects.filter(user=li, event__what=What.CALLBACK_CANCELLED).exists()


def test_why_is_said_in_the_language_of_its_reader(pbx, task, li, signed_in):
    pbx.talk("again", after=80)
    page = signed_in(li).get(f"/callbacks/{task.pk}/").content.decode()
    assert "客户已再次来电" in page
    assert "客户已再次来电" in signed_in(li).get(f"/calls/{task_call().pk}/").content.decode()
    with translation.override("en"):
        kept = Callback.objects.get().words
    assert (kept.message, str(kept)) == ("客户已再次来电", str(kept))


def task_call():
    return Call.objects.exclude(callback=None).get()


def test_a_call_of_ours_is_written_down_by_whoever_makes_it(pbx, task, li):
    """What was said in it is the result of the task: it stays until that is written."""
    pbx.talk("out", after=80, **OUT)
    assert Callback.objects.get().is_open
    callbacks.answer(task, by=li, result="talked", words="已回拨")


@pytest.mark.parametrize("number", ["13911112222", "", "anonymous"])
def test_another_number_ends_nothing(pbx, task, number):
    pbx.talk("other", after=80, **{"from": number})
    assert Callback.objects.get().is_open


def test_a_call_before_the_break_ends_nothing(pbx, task):
    pbx.talk("earlier", after=-300)
    assert Callback.objects.get().is_open


def test_another_person_with_the_same_number_ends_nothing(
    pbx, task, make_complaint, wang_fang, complaint, li
):
    """The number is another's by now: only the complaint itself says that it is about this."""
    other = Customer.objects.create(name="钱多")
    wang_fang.contact_points.update(customer=other)
    call = pbx.talk("other", after=80, agent="8001")
    assert call.customer == other and Callback.objects.get().is_open
    elsewhere = make_complaint(customer=other, assignee=li, status="HND")
    actions.link(call, elsewhere, by=li)
    assert Callback.objects.get().is_open


def test_a_number_that_is_nobodys_is_known_by_the_complaint(pbx, make_complaint, after_sales, li):
    """Nobody is known by it: he who rings is the same as soon as the call is linked."""
    ContactPoint.objects.all().delete()
    unknown = make_complaint(team=after_sales, assignee=li, status="HND")
    actions.link(pbx.talk(), unknown, by=li)
    pbx.tell("hangup", after=60, by="network")
    call = pbx.talk("again", after=80, agent="8001")
    assert Callback.objects.get().is_open
    actions.link(call, unknown, by=li)
    assert Callback.objects.get().state == "cancelled"


def test_an_appointment_stands(pbx, task, li):
    """He agreed to another time meanwhile: that he rings does not take it back."""
    later = (moment.now() + timedelta(days=1)).replace(hour=3, minute=0)  # 11:00 in Beijing
    callbacks.appoint(task, by=li, at=later)
    pbx.talk("again", after=80)
    assert Callback.objects.get().is_open


def test_a_break_that_is_told_late_asks_for_no_call(pbx, complaint, li):
    """The telephone system takes a minute to see that a line is dead; he rang again meanwhile."""
    actions.link(pbx.talk(), complaint, by=li)
    pbx.talk("again", after=70)
    call = pbx.tell("hangup", after=60, by="network")
    assert call.dropped and not call.waits_for_us
    assert not Callback.objects.exists()
    assert What.CALL_DROPPED in set(complaint.events.values_list("what", flat=True))


def test_a_break_told_late_of_another_persons_call_asks_for_one(pbx, complaint, li, wang_fang):
    actions.link(pbx.talk(), complaint, by=li)
    wang_fang.contact_points.update(customer=Customer.objects.create(name="钱多"))
    pbx.talk("again", after=70)
    pbx.tell("hangup", after=60, by="network")
    assert Callback.objects.get().is_open


def test_what_is_agreed_after_it_ended_is_a_task_of_its_own(pbx, task, li):
    pbx.talk("again", after=80)
    later = (moment.now() + timedelta(days=1)).replace(hour=3, minute=0)
    actions.call_back(task_call(), by=li, at=later)
    found = Callback.objects.get(state="open")
    assert (found.kind, found.appointment_at) == ("asked", later)


@pytest.mark.django_db(transaction=True)
def test_he_rings_while_the_result_is_written(pbx, task, li):
    """Of two at once one counts, and nothing is told twice or lost."""
    pbx.tell("ringing", "again", after=80, agent="8002")
    at_once(
        lambda: pbx.tell("answered", "again", after=85, agent="8002"),
        lambda: callbacks.answer(task, by=li, result="talked", words="已回拨"),
    )
    found = Callback.objects.get()
    ends = found.complaint.events.filter(what__in=[What.CALLBACK_DONE, What.CALLBACK_CANCELLED])
    assert not found.is_open and ends.count() == 1
    assert Call.objects.get(outer_id="again").answered_at is not None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("1", 7, 3), ("1", 7, None), True),
        (("1", None, 3), ("1", None, 3), True),
        (("1", 7, 3), ("1", 8, 4), False),
        (("1", None, None), ("1", None, None), False),
        (("1", 7, 3), ("2", 7, 3), False),
        (("", 7, 3), ("", 7, 3), False),
    ],
)
def test_who_is_the_same(one, other, same):
    assert is_same(Party(*one), Party(*other)) is same
