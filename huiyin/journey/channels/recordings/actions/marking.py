"""What people say of a recording: who is on which side, which span matters, when it was on hold."""

from __future__ import annotations

import math
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.recordings.actions.queueing import (
    is_sound,
    keep_holds,
    recording_of,
)
from huiyin.journey.channels.recordings.models import Quote, Recording
from huiyin.journey.channels.recordings.permissions import can_write_down
from huiyin.journey.channels.recordings.rules.writing import (
    LONGEST_RECORDING,
    place_of,
    plain,
)
from huiyin.journey.complaint.models import Event
from huiyin.journey.conversation.actions import note
from huiyin.journey.conversation.actions.writing import not_sealed
from huiyin.journey.conversation.models import Evidence

MOST_QUOTES = 200
LONGEST_WORDS = 300


@transaction.atomic
def quote(
    recording: Recording,
    *,
    by: User,
    begin: float,
    end: float,
    words: str = "",
    into: str = "",
) -> Quote:
    """引用为证据: a span with its place. `into`: "note" writes an internal note with the way to it;
    "finding" offers it to whoever writes the finding; "" keeps it here."""
    can_write_down.require(by, recording)
    not_sealed(recording.complaint)
    begin, end = _span(recording, begin, end)
    words = plain(words)[:LONGEST_WORDS]
    if into not in ("", "note", "finding"):
        raise Invalid(_("请从列表里选择"), into=_("请从列表里选择"))
    if recording.quotes.count() >= MOST_QUOTES:
        raise Refused(_("这段录音的引用太多了，最多 %(most)s 处") % {"most": MOST_QUOTES})
    place = place_of(begin, end)
    found = recording.quotes.filter(begin=begin, end=end).first()
    if found is None or words not in ("", found.words):
        found = Quote.objects.create(
            recording=recording,
            begin=begin,
            end=end,
            place=place,
            words=words,
            by=by,
            at=moment.now(),
        )
    if into == "finding" and not found.for_finding:
        found.for_finding = True
        found.save(update_fields=["for_finding"])
    if into == "note" and found.message_id is None:
        found.message = note(recording.complaint, by=by, text=_noted(recording.evidence, found))
        found.save(update_fields=["message"])
    return found


def _span(recording: Recording, begin: float, end: float) -> tuple[float, float]:
    longest = recording.seconds or LONGEST_RECORDING
    good = math.isfinite(begin) and math.isfinite(end) and 0 <= begin < end
    if not good or begin >= longest:
        sentence = _("请先在波形上选一段：结束要在开始之后，并在录音之内")
        raise Invalid(sentence, begin=sentence)
    return round(begin, 2), round(min(end, longest), 2)


def _noted(evidence: Evidence, found: Quote) -> str:
    """Of a sensitive recording only where: the words are for those who may open it."""
    if evidence.is_sensitive:
        return _("引用录音 %(place)s") % {"place": found.place}
    told = _("引用录音《%(name)s》%(place)s") % {"name": evidence.name, "place": found.place}
    return f"{told}\n{found.words}" if found.words else told


def address_of(found: Quote) -> str:
    """Where it is played: /recordings/…/#t=192,245."""
    page = reverse("recordings:one", args=[found.recording.evidence.uuid])
    return f"{page}#t={_short(found.begin)},{_short(found.end)}"


def _short(seconds: float) -> str:
    return f"{seconds:.2f}".rstrip("0").rstrip(".")


@transaction.atomic
def swap(recording: Recording, *, by: User) -> bool:
    """Left is the agent, or not any more: figures follow, lines keep who was written."""
    can_write_down.require(by, recording)
    kept = Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
    if not kept.is_two_sided:
        raise Refused(_("只有双声道录音可以交换左右"))
    kept.swapped = not kept.swapped
    kept.save(update_fields=["swapped"])
    return kept.swapped


@transaction.atomic
def tell_holds(recording: Recording, *, by: User, spans: Iterable[tuple[float, float]]) -> None:
    """When the telephone system had it on hold, in its own seconds; the last word counts."""
    can_write_down.require(by, recording)
    keep_holds(recording, spans)


def hear_of_call(event: Event) -> None:
    """Follower of CALLED: facts `evidence` (its pk) and `holds` ([[from, to], …] in seconds)."""
    evidence = Evidence.objects.filter(
        pk=event.facts.get("evidence") or 0, complaint=event.complaint_id
    ).first()
    holds = event.facts.get("holds")
    if evidence is None or not isinstance(holds, list):
        return
    if is_sound(evidence):
        keep_holds(recording_of(evidence), [(float(a), float(b)) for a, b in holds])
