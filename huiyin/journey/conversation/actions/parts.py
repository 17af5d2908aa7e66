"""A letter that leaves as several messages: the words first, then each file; each is sent once.

A part is marked as begun, committed, right before the call that the customer sees the result of.
Where the other side knows a key of ours, one that was begun is sent again under it; where it knows
none (`uncertain`), whoever finds it so does not know whether it left, and a person is asked. When a
person has it sent anew, it is another message (`anew`, which is part of the key).
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.sentence import joined
from huiyin.ground.sentence import sentence as _
from huiyin.journey.conversation.actions.custody import handed_out
from huiyin.journey.conversation.actions.enclosing import enclosed, told_withheld
from huiyin.journey.conversation.actions.letters import hold_on, lost
from huiyin.journey.conversation.actions.outcomes import (
    Strange,
    Uncertain,
    Undelivered,
    Unfit,
    Unheard,
)
from huiyin.journey.conversation.models import Evidence, Letter, Part
from huiyin.journey.conversation.words import PartState, Reach

STUCK = (PartState.FAILED, PartState.UNKNOWN)


def leave_in_parts(letter: Letter, carry: Callable[[Part], str], *, uncertain: str = "") -> None:
    """Let whatever has not left yet leave, in its order. `carry` sends one (and calls `begin` right
    before) and gives its name there. One that is never taken keeps no other from leaving."""
    unfit: list[str] = []
    for part in _parts_of(letter):
        if part.state == PartState.SENT:
            continue
        _not_twice(part, uncertain)
        hold_on(letter)
        before = part.state
        try:
            _for_his_eyes(part)
            _gone(part, carry(part))
        except Undelivered as missed:
            told = _what_came_of(part, before, missed)
            if isinstance(told, Unfit) and part.place:
                unfit.append(str(told))
                continue
            raise told from missed
    if unfit:
        raise Undelivered(joined(unfit), final=True)


def begin(part: Part) -> None:
    """From here on it may have left. Of two at once one begins."""
    kept = Part.objects.filter(pk=part.pk, state=part.state)
    if not kept.update(state=PartState.BEGUN, error=""):
        raise Undelivered(_("正由另一个进程发送"))
    part.state = PartState.BEGUN


def yet_to_leave(letter: Letter) -> int:
    """Of a letter in the queue: as how many messages it will still leave."""
    states = list(letter.parts.values_list("state", flat=True))
    if states:
        return sum(state != PartState.SENT for state in states)
    return 1 + enclosed(letter).count()


def missed_part(channel: str, outer_id: str, why: str) -> bool:
    """The other side told that a file did not arrive; whether there is such a one."""
    known = Part.objects.filter(letter__channel=channel, outer_id=outer_id[:120], place__gt=0)
    part = known.select_related("letter__complaint", "evidence").first() if outer_id else None
    if part is None:
        return False
    with transaction.atomic():
        new = Part.objects.filter(pk=part.pk).exclude(reach=Reach.MISSED)
        if new.update(reach=Reach.MISSED, error=why):
            lost(part.letter, _named(part, why))
    return True


def _what_came_of(part: Part, before: str, missed: Undelivered) -> Undelivered:
    """The part's state, and the same for the letter, of which part it is. What may have arrived the
    last time is refused now perhaps because it is there."""
    why, unheard = str(missed), isinstance(missed, Unheard)
    if before == PartState.BEGUN and (missed.final or isinstance(missed, Strange)):
        why = joined((why, _("上一次可能已经发出，请核对后再决定是否重发")))
        missed = Uncertain(why)
    if isinstance(missed, Uncertain):
        state: str = PartState.UNKNOWN
    elif missed.final:
        state = PartState.FAILED
    else:
        state = part.state if unheard else before
    _stop(part, state, why)
    named = _named(part, why)
    if isinstance(missed, Uncertain | Unfit):
        return type(missed)(named)
    return Undelivered(named, final=missed.final)


@transaction.atomic
def _parts_of(letter: Letter) -> list[Part]:
    """What it leaves as: settled when it is tried first, so that nothing is forgotten later. Over
    one that has none somebody died, perhaps after the words had left."""
    Letter.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
    if not letter.parts.exists():
        files = [None, *enclosed(letter)]
        made = [Part(letter=letter, place=at, evidence=one) for at, one in enumerate(files)]
        if letter.was_interrupted:
            made[0].state = PartState.BEGUN
        Part.objects.bulk_create(made)
    return list(letter.parts.select_related("evidence"))


def _not_twice(part: Part, uncertain: str) -> None:
    """What may have left is not sent again by a machine; a person who queues it anew has looked."""
    if part.state == PartState.UNKNOWN and not part.letter.was_interrupted:
        part.state, part.anew = PartState.WAITING, part.anew + 1
        part.save(update_fields=["state", "anew"])
    died = part.state == PartState.BEGUN and bool(uncertain)
    if died or part.state == PartState.UNKNOWN:
        why = uncertain or part.error
        _stop(part, PartState.UNKNOWN, why)
        raise Uncertain(_named(part, why))


def _for_his_eyes(part: Part) -> None:
    file = part.evidence
    if file is None:
        return
    if not Evidence.objects.filter(pk=file.pk).for_customer().exists():  # type: ignore[attr-defined]
        raise Unfit(told_withheld(file))


def _named(part: Part, why: str) -> str:
    """Of which file it is; a sentence that names it already is left alone."""
    if part.evidence is None or part.evidence.is_sensitive or part.evidence.name in why:
        return why
    return _("“%(name)s”没有发出：%(why)s") % {"name": part.evidence.name, "why": why}


def _stop(part: Part, state: str, why: str) -> None:
    Part.objects.filter(pk=part.pk).exclude(state=PartState.SENT).update(state=state, error=why)
    part.state = state


@transaction.atomic
def _gone(part: Part, outer_id: str) -> None:
    """It is there: on record with its name there, and who has the file now."""
    unsaid = Part.objects.filter(pk=part.pk).exclude(state=PartState.SENT)
    sent = {"state": PartState.SENT, "sent_at": moment.now(), "error": "", "reach": ""}
    if not unsaid.update(**sent, outer_id=outer_id[:120]):
        return
    if part.place == 0:
        Letter.objects.filter(pk=part.letter_id).update(outer_id=outer_id[:120])
    elif part.evidence is not None:
        handed_out(part.letter, [part.evidence])
