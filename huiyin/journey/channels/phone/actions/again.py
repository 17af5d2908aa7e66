"""A customer whose line broke is spoken with again: what waited for him waits no longer."""

from __future__ import annotations

from huiyin.ground.sentence import sentence as _
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.words import CallbackKind, State
from huiyin.journey.channels.phone.models import Call, PhoneCallQuerySet
from huiyin.journey.channels.phone.rules.again import Party, is_same


def let_go(call: Call) -> set[int | None]:
    """Of what broke off before this call was answered: without a task nothing waits, whoever
    called; a task ends when the customer called us. Whose pages are to ask again."""
    if call.answered_at is None or not call.caller:
        return set()
    dropped = Call.objects.filter(
        caller=call.caller, began_at__lt=call.began_at, recall_kind=CallbackKind.DROPPED
    )
    dropped = dropped.filter(recall_due_at__isnull=False, recalled_at=None).exclude(pk=call.pk)
    dropped.filter(callback=None).update(recalled_at=call.answered_at)
    return _end_tasks(call, dropped) if call.is_inbound else set()


def _end_tasks(call: Call, dropped: PhoneCallQuerySet) -> set[int | None]:
    """What we call him for ourselves is written down by whoever does; a time that was agreed
    stands."""
    waiting = dropped.filter(callback__state=State.OPEN, callback__kind=CallbackKind.DROPPED)
    waiting = waiting.filter(callback__appointment_at=None)
    told: set[int | None] = set()
    for one in waiting.select_related("complaint", "callback"):
        if one.callback is None or not is_same(party(one), party(call)):
            continue
        reason = _("客户已再次来电")
        if callbacks.end_by_itself(one.callback, reason=reason, not_to=call.agent):
            told.add(one.agent_id)
    return told


def was_spoken_with(call: Call) -> None:
    """Its break was told late: by then he may have been spoken with again."""
    if call.recall_kind != CallbackKind.DROPPED or call.recalled_at or call.callback_id:
        return
    since = Call.objects.filter(caller=call.caller, began_at__gt=call.began_at)
    since = since.exclude(answered_at=None).select_related("complaint").order_by("pk")
    for one in since[:20] if call.caller else ():
        if call.complaint_id is None or is_same(party(call), party(one)):
            call.recalled_at = one.answered_at
            return


def party(call: Call) -> Party:
    """A complaint says better than the number who speaks."""
    of = call.complaint.customer_id if call.complaint is not None else call.customer_id
    return Party(number=call.caller, customer=of, complaint=call.complaint_id)
