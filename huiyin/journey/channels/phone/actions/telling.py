"""What a call leaves in the story of its complaint: once each, as soon as it has one."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.actions.asking import NOBODY_CALLS
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.channels.phone.models import Act, Call
from huiyin.journey.channels.phone.words import OVER, Did
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.routing.people import supervisor_on_duty


def follow(call: Call) -> None:
    """Tell what is to be told by now. The call is held still by whoever asks."""
    complaint = call.complaint
    if complaint is None:
        return
    if call.long_hold and call.held_since is None and not call.long_hold_told:
        record(What.LONG_HOLD, complaint, by=_by(call), call=call.pk, seconds=call.long_hold)
        call.long_hold_told = True
    if call.state in OVER and not call.called_told:
        record(What.CALLED, complaint, by=_by(call), **call.facts)
        call.called_told = True
    if call.dropped and not call.dropped_told:
        record(What.CALL_DROPPED, complaint, by=_by(call), call=call.pk, why=call.reason)
        call.dropped_told = True
    if call.recall_due_at is not None and call.recalled_at is None and call.callback_id is None:
        _ask(call, complaint)
    call.save()


def _by(call: Call) -> User:
    return call.agent or User.objects.system()


def _ask(call: Call, complaint: Complaint) -> None:
    """What waited with the call becomes a task of the complaint: for the same person."""
    if complaint.status in NOBODY_CALLS or call.recall_due_at is None:
        return
    kind = CallbackKind(call.recall_kind or CallbackKind.ASKED)
    call.callback = callbacks.ask(
        complaint,
        kind=kind,
        reason=frozen(kind.label),
        due_at=call.recall_due_at,
        by=_by(call),
        source=f"call:{call.pk}",
        person=call.agent,
        appointment_at=call.recall_at,
    )


def tell_acts(call: Call) -> None:
    """What was said on the ladder before the call had a complaint."""
    for act in call.acts.filter(did__in=(Did.WARNED, Did.ENDED)).select_related("by", "rung"):
        tell_act(call, act)


def tell_act(call: Call, act: Act) -> None:
    if call.complaint is None:
        return
    what = What.ABUSE_ENDED if act.did == Did.ENDED else What.ABUSE_WARNED
    name = act.rung.name_zh if act.rung else ""
    record(what, call.complaint, by=act.by, call=call.pk, name=name, words=act.words)


def supervisor_for(call: Call, by: User) -> User | None:
    """Who is in charge for the complaint's team; without one, for whoever speaks."""
    team = call.complaint.team if call.complaint is not None else None
    own = Team.objects.filter(members=by, retired_at=None).order_by("pk").first()
    return supervisor_on_duty(team or own)


def notify(act: Act) -> None:
    """A line in the bell of whom the act is for. Who draws bells knows us, not we him."""
    tell: Callable[[Act], None] = import_string(settings.CALL_NOTICES)
    tell(act)


def act_of(call: Call, did: Did, *, by: User, **more: object) -> Act:
    return Act.objects.create(call=call, did=did, by=by, at=moment.now(), **more)
