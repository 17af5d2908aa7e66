"""What the telephone system tells: added to the call, its course computed anew, told to people."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.customers.rules import normalise_phone
from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.phone.actions import again, fetching, telling
from huiyin.journey.channels.phone.models import Call, CallEvent, limits, phones
from huiyin.journey.channels.phone.rules import machine, reading
from huiyin.journey.channels.phone.rules.reading import Message
from huiyin.journey.channels.phone.rules.skew import skew
from huiyin.journey.channels.phone.words import Direction, Figure, Told
from huiyin.journey.complaint.live import tell_person


def hear(arrival: Arrival) -> str:
    """One message, inside the transaction that takes it. Gives what came of it, in words."""
    try:
        message = reading.read(arrival.data, arrival.received_at)
    except reading.Unreadable as error:
        raise Invalid(_sentence(error.why)) from error
    except (ValueError, RecursionError) as error:  # no JSON, none that is UTF-8, or too deep
        raise Invalid(_sentence("shape")) from error
    if message is None:
        return _("不认识的事件，未处理")
    if message.kind == reading.TEST:
        return _("测试事件")
    call = held(arrival.hook, message)
    if not _added(call, arrival.key, message, arrival.received_at):
        return _("重复的事件")
    arrival.complaint = call.complaint
    before = {call.agent_id, *call.ringing}
    _identify(call, message)
    follow_course(call)
    if message.kind == Told.RECORDING:
        fetching.announce(call, url=message.url, sha256=message.sha256)
    telling.follow(call)
    ping({*before, call.agent_id, *call.ringing})
    return str(Told(message.kind).label)


def _sentence(why: str) -> str:
    return {
        "shape": _("内容不是 JSON 对象"),
        "event": _("缺少 event"),
        "call_id": _("缺少 call_id，或超过 120 个字符"),
        "at": _("at 应为带时区的 ISO 8601 时间"),
        "recording_url": _("缺少 recording_url，或超过 500 个字符"),
        "sha256": _("sha256 应为 64 位十六进制"),
    }[why]


def held(hook: Hook, message: Message) -> Call:
    """The call of this id, kept still until commit: of two messages at once, one after another."""
    made = Call(
        hook=hook,
        outer_id=message.call_id,
        direction=message.direction or Direction.INBOUND,
        began_at=message.at,
    )
    Call.objects.bulk_create([made], ignore_conflicts=True)
    found = Call.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "agent", "complaint", "customer"
    )
    return found.get(hook=hook, outer_id=message.call_id)


def _added(call: Call, key: str, message: Message, received_at: datetime) -> bool:
    event = CallEvent(
        call=call,
        key=key,
        kind=message.kind,
        at=message.at,
        agents=list(message.agents),
        by=message.by,
        reason=message.reason,
        received_at=received_at,
    )
    if call.events.filter(key=key).exists():
        return False
    event.save()
    return True


def _identify(call: Call, message: Message) -> None:
    """Who calls, on which line: the first message that knows it says it."""
    if message.direction and not call.caller:
        call.direction = message.direction
    call.line = call.line or message.line
    if not call.caller and message.caller:
        call.caller = normalise_phone(message.caller)[:40]
    if call.caller and call.customer_id is None:
        call.customer = Customer.objects.reached_by("phone", call.caller).first()


def follow_course(call: Call) -> None:
    """Everything that was told of it, as the row carries it."""
    events = list(call.events.order_by("at", "pk")[:2000])
    call.skew = skew((e.at, e.received_at) for e in events)
    told = [machine.Happened(e.kind, e.at, tuple(e.agents), e.by, e.reason) for e in events]
    found = machine.course(told)
    known = phones()
    call.state = found.state
    call.began_at = found.began_at or call.began_at
    call.answered_at, call.ended_at = found.answered_at, found.ended_at
    call.held_since, call.held_seconds = found.held_since, found.held_seconds
    call.holds = [[begin.isoformat(), end.isoformat()] for begin, end in found.holds]
    call.hung_up_by, call.reason = found.hung_up_by, found.reason
    if found.extension:
        call.extension = found.extension
        call.agent_id = known.get(found.extension, call.agent_id)
    call.ringing = sorted({known[one] for one in found.ringing if one in known})
    longest = int(machine.longest_hold(found, moment.now() - call.skew).total_seconds())
    if not call.long_hold_told:
        call.long_hold = longest if longest >= limits()[Figure.HOLD_OFFER] else 0
    if found.is_dropped and not call.abused and call.finished_at is None:
        _dropped(call)
    elif call.dropped and not found.is_dropped and not call.dropped_told:
        _hung_up_after_all(call)
    again.was_spoken_with(call)
    call.save()
    ping(again.let_go(call))


def _dropped(call: Call) -> None:
    """The line broke: whoever spoke calls again, soon, whatever the hour."""
    if call.dropped or call.ended_at is None:
        return
    call.dropped = True
    if call.complaint is not None and not call.complaint.is_open:
        return  # what was to be settled is settled
    if call.recall_due_at is None:  # a time that was agreed already stands
        call.recall_kind = CallbackKind.DROPPED
        call.recall_due_at = call.here(call.ended_at) + timedelta(seconds=limits()[Figure.DROPPED])


def _hung_up_after_all(call: Call) -> None:
    """An earlier end was told late, as each leg of a call tells its own: nobody waits for us."""
    call.dropped = False
    if call.recall_kind == CallbackKind.DROPPED and call.callback is None:
        call.recall_kind, call.recall_due_at = "", None


def ping(people: set[int | None]) -> None:
    """After commit: whoever is concerned asks again. It tells no more than that."""
    for pk in people:
        if pk is not None:
            transaction.on_commit(partial(tell_person, pk, "call"))
