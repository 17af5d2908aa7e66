"""Calls of today and of some complaints: as the telephone system told them, taken as any other."""

from __future__ import annotations

import json
from collections.abc import Generator
from datetime import datetime, timedelta

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.channels.hooks.actions import keep
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.hooks.words import ArrivalState
from huiyin.journey.channels.phone import actions, connector, simulating
from huiyin.journey.channels.phone.models import Call, Extension, Rung
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.demo.theatre import Acts, Theatre

EXTENSIONS = {"8001": "li", "8002": "sun", "8003": "chen", "8004": "wu_x", "8005": "luo"}
NOTES = "客户说上次约好的上门没有人来，要求今天给准信；已道歉并说明会催物流组。"


def calling(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    hook = Hook.objects.create(code="pbx", name="客服热线", connector="cti")
    for number, username in EXTENSIONS.items():
        Extension.objects.create(number=number, user=people[username])
    return [(theatre.ends - timedelta(hours=5), _day(hook, people, theatre))]


def _day(hook: Hook, people: dict[str, User], theatre: Theatre) -> Acts:
    """One spoken with a hold that was too long, one that broke, one for abuse, some ordinary."""
    li = people["li"]
    for complaint, scenario in zip(_open_of(li), ("hold", "dropped", "abusive"), strict=False):
        phone = complaint.customer.contact("phone") or "13900001234"
        call = yield from _call(hook, scenario, phone, li, complaint)
        theatre.clocks_of(complaint.pk)
        yield moment.now() + timedelta(minutes=2)
        if call.callback is not None:
            callbacks.answer(
                call.callback, by=li, result="talked", words="已回拨，客户说刚才在电梯里"
            )
        yield moment.now() + timedelta(minutes=7)
        if call.notes:
            actions.finish(call, by=li)
    for place, (scenario, me) in enumerate(
        (("normal", "8001"), ("missed", "8001"), ("hunt", "8004"), ("transferred", "8002"))
    ):
        caller = f"1390000{7100 + place}"
        for told in simulating.call(scenario, f"demo-{place}", caller=caller, me=me, other="8003"):
            _tell(hook, told.data)
            yield moment.now() + timedelta(seconds=40)
        yield moment.now() + timedelta(minutes=20)


def _open_of(li: User) -> list[Complaint]:
    """What he works on first; where that is little, whatever of his is open."""
    own = Complaint.objects.filter(assignee=li, restricted=False).open().select_related("customer")
    found = sorted(own.order_by("-pk")[:40], key=lambda one: (one.status != "HND", -one.pk))
    return found[:3]


def _call(
    hook: Hook, scenario: str, phone: str, li: User, complaint: Complaint
) -> Generator[datetime, None, Call]:
    """One call of a complaint, from the ringing on; what is done in it is done by 李明."""
    outer = f"demo-{scenario}"
    steps = simulating.call(scenario, outer, caller=phone, me="8001", other="8003")
    before = 0
    for told in steps:
        if told.data["event"] == "hangup":
            _acted(Call.objects.get(hook=hook, outer_id=outer), scenario, li, complaint)
        yield moment.now() + timedelta(seconds=told.after - before)
        before = told.after
        _tell(hook, told.data)
    return Call.objects.get(hook=hook, outer_id=outer)


def _acted(call: Call, scenario: str, li: User, complaint: Complaint) -> None:
    actions.notice_given(call, by=li)
    actions.link(call, complaint, by=li)
    actions.keep_notes(call, by=li, text=NOTES if scenario != "abusive" else "")
    if scenario == "abusive":
        for step in Rung.objects.filter(enabled=True).order_by("position"):
            actions.say(call, step, by=li)


def _tell(hook: Hook, data: dict[str, object]) -> None:
    """Kept and taken, without the wire between."""
    now = moment.now()
    key = f"demo:{data['call_id']}:{data['event']}:{now.timestamp()}"
    keep(hook, key, json.dumps({**data, "at": now.isoformat()}).encode())
    arrival = Arrival.objects.get(hook=hook, key=key)
    arrival.outcome = connector.take(arrival)
    arrival.state = ArrivalState.TAKEN
    arrival.save(update_fields=["outcome", "state", "complaint"])
