"""By which door it came, and what follows from that: who vouches, who is told and by which way."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Letter
from huiyin.journey.intake import rules
from huiyin.journey.intake.actions import Contact
from huiyin.journey.intake.models import Intake, Receipt
from huiyin.journey.intake.words import Via
from huiyin.surface.notices.actions import thank_customer
from huiyin.surface.portal.actions import send_code
from tests.conftest import person
from tests.together import at_once

pytestmark = pytest.mark.django_db

ZHAO = Contact(name="赵敏", email="zhao@example.net")
VOUCHED = ("staff", "counter", "api", "import", "chat_known")
CHANNELS = {
    "chat": "chat",
    "chat_known": "chat",
    "mail": "email",
    "sms": "sms",
    "social": "social",
    "portal": "portal",
}


@pytest.fixture
def came(registered):
    """`came("chat")` is a complaint that came in by that door, by nobody of ours."""

    def by(door: str, **more) -> Complaint:
        more.setdefault("contact", ZHAO)
        more.setdefault("channel", CHANNELS.get(door, "phone"))
        return registered(by=User.objects.system(), via=door, **more)

    return by


def told(complaint: Complaint) -> list[tuple[str, str]]:
    """What follows the receipt, run twice as followers may."""
    event = complaint.events.get(what=What.RECEIVED)
    for _ in range(2):
        thank_customer(event)
        send_code(event)
    return list(complaint.letters.order_by("pk").values_list("purpose", "recipient"))


def test_each_door_is_vouched_for_or_not():
    assert {door for door in Via if rules.is_vouched(door)} == set(VOUCHED)


@pytest.mark.parametrize("door", Via.values)
def test_who_is_told_and_by_which_way(came, door):
    thanks = [("received", "zhao@example.net")]
    expected = {
        "import": [],
        "portal": [("tracking_code", "zhao@example.net")],
        "chat": [("tracking_code", "zhao@example.net")],
    }
    assert told(came(door)) == expected.get(door, thanks)


@pytest.mark.parametrize("door", [d for d in Via.values if d not in VOUCHED])
def test_who_names_the_number_of_another_adds_nothing_to_her(came, wang_fang, door):
    wrong = Contact(
        name="别人", phone="13800138000", email="evil@example.com", address="北京市某路 1 号"
    )
    complaint = came(door, contact=wrong)
    wang_fang.refresh_from_db()
    assert complaint.customer == wang_fang
    assert wang_fang.name == "王芳"
    shown = [p.value for p in wang_fang.contact_points.all()]
    assert "evil@example.com" not in shown
    assert not [p for p in wang_fang.contact_points.all() if p.kind == "postal"]


def test_what_a_stranger_typed_before_a_chat_sends_nothing_to_her_whose_number_it_is(
    came, wang_fang
):
    """The key to a stranger's complaint is not hers, and hers is not his to have filled."""
    complaint = came("chat", contact=Contact(phone="13800138000", email="other@example.com"))
    assert complaint.customer == wang_fang
    assert told(complaint) == [("tracking_code", "other@example.com")]


@pytest.mark.parametrize("door", ["mail", "sms", "social"])
def test_one_address_that_nobody_vouches_for_is_thanked_once_a_day(came, door, settings, clock):
    with clock("2026-11-25 10:00"):
        assert len(told(came(door, text="第一件事：电饭煲不加热"))) == 1
        assert told(came(door, text="第二件事：客服不回电话")) == []
        settings.THANKS_A_DAY = 2
        assert len(told(came(door, text="第三件事：发票没有开"))) == 1
    with clock("2026-11-26 10:01"):
        assert len(told(came(door, text="第四件事：送货晚了"))) == 1


@pytest.mark.parametrize("door", ["staff", "counter", "api"])
def test_who_is_vouched_for_is_thanked_each_time(came, door):
    assert len(told(came(door, text="第一件事：电饭煲不加热"))) == 1
    assert len(told(came(door, text="第二件事：客服不回电话"))) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_thanked(came):
    events = [
        came("mail", text=f"第 {n} 件事：电饭煲不加热").events.get(what=What.RECEIVED)
        for n in range(2)
    ]
    at_once(*(lambda one=one: thank_customer(one) for one in events))
    assert Letter.objects.filter(purpose="received").count() == 1


@pytest.mark.parametrize("door", Via.values)
def test_the_page_says_by_which_door_and_who_is_not_verified(
    came, after_sales, li, signed_in, door
):
    complaint = came(door)
    complaint.carry(team=after_sales, assignee=li)
    page = signed_in(li).get(f"/complaints/{complaint.number}/panels/").content.decode()
    assert str(Via(door).label) in page
    assert ("身份和联系方式未核实" in page) == (door not in VOUCHED)


def test_a_program_reads_the_same_and_who_does_not_see_it_reads_nothing(came, after_sales, li, api):
    complaint = came("chat")
    complaint.carry(team=after_sales, assignee=li)
    answer = api(li).get(f"/api/v1/complaints/{complaint.number}/intake").json()
    assert (answer["via"], answer["is_unverified"]) == ("chat", True)
    assert "email" in answer["typed"]
    assert "zhao@example.net" not in str(answer)
    stranger = person("he", "何静", "agent")
    assert api(stranger).get(f"/api/v1/complaints/{complaint.number}/intake").status_code == 404


def test_what_is_vouched_for_is_not_told_twice(registered, after_sales, li, api):
    complaint = registered()
    complaint.carry(team=after_sales, assignee=li)
    answer = api(li).get(f"/api/v1/complaints/{complaint.number}/intake").json()
    assert (answer["via"], answer["is_unverified"], answer["typed"]) == ("staff", False, {})


def test_lists_and_rules_can_ask_for_the_door(came, li):
    from huiyin.journey.routing import conditions

    chat, mail = came("chat"), came("mail")
    asked = {"all": [{"field": "via", "is": "one_of", "value": ["chat"]}]}
    now = moment.now()
    assert list(Complaint.objects.filter(conditions.picked(asked, now))) == [chat]
    assert conditions.matches(asked, chat, now=now)
    assert not conditions.matches(asked, mail, now=now)
    assert "聊天窗口" in conditions.in_words(asked)


OLD = (  # as it was told, the channel, who sent the receipt, as it is told now
    ("mail", "email", "mail", "mail"),
    ("mail", "sms", "", "sms"),
    ("mail", "social", "social", "social"),
    ("portal", "portal", "portal", "portal"),
    ("portal", "chat", "chat", "chat"),
    ("staff", "letter", "paper", "paper"),
    ("staff", "letter", "user:3", "staff"),
    ("staff", "walkin", "counter", "counter"),
    ("staff", "walkin", "user:3", "staff"),
    ("api", "chat", "user:4", "api"),
    ("import", "social", "import", "import"),
)


def test_what_was_kept_under_another_word_is_put_right(make_complaint):
    kept = []
    for n, (was, channel, caller, _now) in enumerate(OLD):
        sent = {"key": f"k{n}", "body_hash": "x", "at": moment.now()}
        receipt = Receipt.objects.create(caller=caller, **sent) if caller else None
        complaint = make_complaint(channel=channel)
        kept.append(Intake.objects.create(complaint=complaint, via=was, receipt=receipt))
    step = import_module("huiyin.journey.intake.migrations.0003_a_word_for_each_door")
    for _ in range(2):
        step.tell_doors(apps, connection.schema_editor())
        assert [Intake.objects.get(pk=one.pk).via for one in kept] == [now for *_, now in OLD]
    step.tell_as_before(apps, connection.schema_editor())
    assert [Intake.objects.get(pk=one.pk).via for one in kept] == [was for was, *_ in OLD]
