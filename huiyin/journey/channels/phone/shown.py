"""What a pop and the bar show of calls, and how a call is told in the story."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.journey.callbacks import rules as callback_rules
from huiyin.journey.callbacks.actions.planning import zone
from huiyin.journey.channels.phone.actions.abuse import Shown, to_say
from huiyin.journey.channels.phone.models import Act, Call, CallEvent, limits
from huiyin.journey.channels.phone.words import (
    LIVE,
    CallState,
    Did,
    Direction,
    Figure,
    HungUpBy,
)
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What

MOST_COMPLAINTS = 4
MOST_CALLS = 4
HELP_FOR = timedelta(minutes=30)


@dataclass
class History:
    """What is known of whoever calls, as far as the reader may see it."""

    customer: Customer | None = None
    complaints: list[Complaint] = field(default_factory=list)
    hidden: int = 0  # open ones that belong to others
    calls: list[Call] = field(default_factory=list)


def history(call: Call, reader: User) -> History:
    found = History(customer=call.customer)
    earlier = Call.objects.visible_to(reader).filter(caller=call.caller).exclude(pk=call.pk)
    if call.caller:
        found.calls = list(earlier.select_related("agent").order_by("-pk")[:MOST_CALLS])
    if call.customer is not None:
        of_his = Complaint.objects.filter(customer=call.customer).open()
        seen = Complaint.objects.visible_to(reader).filter(customer=call.customer).open()
        found.complaints = list(seen.order_by("-pk")[:MOST_COMPLAINTS])
        all_seen = len(found.complaints)
        if all_seen < MOST_COMPLAINTS:
            found.hidden = max(0, of_his[:100].count() - all_seen)
    return found


@dataclass
class Bar:
    """One call of mine: the one I speak in, or one I have still to finish."""

    call: Call
    complaint: Complaint | None  # only where I see it
    steps: list[Shown]
    supports: list[Act]
    checked_at: datetime | None  # he who waits now was asked last
    pause_minutes: int
    slots: list[tuple[str, str]]
    history: History


@dataclass
class Mine:
    pops: list[tuple[Call, History]]
    bar: Bar | None
    later: list[Call]  # finished speaking, not yet written up
    helps: list[Act]


def mine(reader: User) -> Mine:
    """Everything of calls that concerns this person now."""
    now = moment.now()
    recent = Call.objects.filter(began_at__gt=now - timedelta(hours=24)).select_related(
        "customer", "complaint", "agent", "callback", "told_recording_by"
    )
    since = now - timedelta(seconds=limits()[Figure.RING])
    told = CallEvent.objects.filter(call=OuterRef("pk"), received_at__gt=since)
    rings = recent.filter(Exists(told), state=CallState.RINGING, ringing__contains=[reader.pk])
    rings = rings.order_by("pk")[:5]
    own = recent.filter(agent=reader, finished_at=None).exclude(state=CallState.RINGING)
    calls = list(own.order_by("-pk")[:6])
    # What I speak in stands before what I have spoken, what broke off before the rest.
    calls.sort(key=lambda one: (not one.is_live, not (one.dropped and one.waits_for_us), -one.pk))
    calls = [one for one in calls if one.answered_at is not None or one.is_live]
    return Mine(
        pops=[(one, history(one, reader)) for one in rings],
        bar=_bar(calls[0], reader, now) if calls else None,
        later=calls[1:],
        helps=_helps(reader, now),
    )


def _bar(call: Call, reader: User, now: datetime) -> Bar:
    acts = list(call.acts.select_related("by", "to"))
    seen = None
    if call.complaint_id:
        seen = Complaint.objects.visible_to(reader).filter(pk=call.complaint_id).first()
    return Bar(
        call=call,
        complaint=seen,
        steps=to_say(call, acts),
        supports=[one for one in acts if one.did in (Did.HELP, Did.CAME)],
        checked_at=_checked_at(call, acts),
        pause_minutes=limits()["pause"] // 60,
        slots=slots(now),
        history=history(call, reader) if seen is None else History(customer=call.customer),
    )


def _checked_at(call: Call, acts: list[Act]) -> datetime | None:
    """Of the hold that goes on: what was asked in an earlier one counts no more."""
    asked = [one.at for one in acts if one.did == Did.CHECKED]
    since = call.held_here
    return asked[-1] if asked and since is not None and asked[-1] >= since else None


def slots(now: datetime) -> list[tuple[str, str]]:
    """When to call back, one click each: in half an hour, in an hour, in two, tomorrow morning."""
    local = timezone.localtime(now, zone()).replace(second=0, microsecond=0)
    tomorrow = (local + timedelta(days=1)).replace(hour=9, minute=30, second=0, microsecond=0)
    offered = [
        (_("30 分钟后"), local + timedelta(minutes=30)),
        (_("1 小时后"), local + timedelta(hours=1)),
        (_("2 小时后"), local + timedelta(hours=2)),
        (_("明天 9:30"), tomorrow),
    ]
    return [(at.isoformat(), words) for words, at in offered if callback_rules.is_good_hour(at)]


def _helps(reader: User, now: datetime) -> list[Act]:
    """Who asks for me, in calls that go on."""
    asked = Act.objects.filter(to=reader, did=Did.HELP, at__gt=now - HELP_FOR)
    asked = asked.filter(call__state__in=LIVE).select_related("call", "by").order_by("-pk")[:5]
    came = set(
        Act.objects.filter(by=reader, did=Did.CAME, at__gt=now - HELP_FOR).values_list(
            "call", flat=True
        )
    )
    found: dict[int, Act] = {}
    for one in asked:
        if one.call_id not in came:
            found.setdefault(one.call_id, one)
    return list(found.values())


# --- in the story ---------------------------------------------------------------------------------


def span(seconds: int) -> str:
    """“3 分 20 秒”."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    if not minutes:
        return _("%(seconds)s 秒") % {"seconds": rest}
    return _("%(minutes)s 分 %(seconds)s 秒") % {"minutes": minutes, "seconds": rest}


def told(what: str, facts: dict[str, Any]) -> list[str]:
    """What the story says of a call beyond the name of the act, in the reader's language."""
    if what == What.LONG_HOLD and isinstance(facts.get("seconds"), int):
        return [span(facts["seconds"])]
    if what != What.CALLED or "call" not in facts:
        return []
    parts = []
    if facts.get("direction") in Direction.values:
        parts.append(str(Direction(facts["direction"]).label))
    if not facts.get("answered"):
        return [*parts, str(CallState.MISSED.label)]
    parts.append(span(facts.get("seconds") or 0))
    if facts.get("holds"):
        about = {"times": facts["holds"], "span": span(facts.get("held") or 0)}
        parts.append(_("保持 %(times)s 次，共 %(span)s") % about)
    if facts.get("hung_up") in HungUpBy.values:
        parts.append(str(HungUpBy(facts["hung_up"]).label))
    return parts
