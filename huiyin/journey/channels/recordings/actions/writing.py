"""The transcript as people write it: kept while they type, no version of anybody lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked_text
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.recordings.models import Recording, Transcript
from huiyin.journey.channels.recordings.permissions import can_write_down
from huiyin.journey.channels.recordings.rules.writing import Unwritten, lines_of
from huiyin.journey.channels.recordings.words import WrittenBy
from huiyin.journey.conversation.actions.writing import not_sealed

GOES_ON_FOR = timedelta(minutes=30)  # of one person's writing: the same version grows
MOST_VERSIONS = 500


def current(recording: Recording) -> Transcript | None:
    """What a person wrote counts before what a machine did, however late that comes."""
    rows = recording.transcripts.select_related("by")
    return rows.filter(written_by=WrittenBy.PERSON).first() or rows.first()


def token_of(transcript: Transcript | None) -> str:
    """What a writer began from; another one by now means somebody else has written."""
    if transcript is None:
        return "0"
    return f"{transcript.version}.{int(transcript.changed_at.timestamp() * 1_000_000)}"


@transaction.atomic
def write(recording: Recording, *, by: User, lines: object, token: str) -> Transcript:
    """Keep all lines. Refused (409) when somebody else wrote since `token`."""
    can_write_down.require(by, recording)
    not_sealed(recording.complaint)
    Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
    kept = _checked(lines, recording.seconds)
    last = current(recording)
    if token != token_of(last):
        raise Refused(_("别人刚改过这份文字稿，请刷新后再改；您写的内容还在页面上"))
    now = moment.now()
    goes_on = (
        last is not None
        and last.by_id == by.pk
        and last.written_by == WrittenBy.PERSON
        and last.at > now - GOES_ON_FOR
    )
    if last is not None and goes_on:
        last.lines, last.changed_at = kept, max(now, last.changed_at + timedelta(microseconds=1))
        last.save(update_fields=["lines", "changed_at"])
        return last
    return add_version(recording, by=by, lines=kept, written_by=WrittenBy.PERSON)


@transaction.atomic
def restore(recording: Recording, wanted: Transcript, *, by: User) -> Transcript:
    """An earlier version, or the machine's, to go on from; what was last stays a version."""
    can_write_down.require(by, recording)
    not_sealed(recording.complaint)
    Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
    return add_version(recording, by=by, lines=wanted.lines, written_by=WrittenBy.PERSON)


def add_version(
    recording: Recording, *, by: User, lines: list[dict[str, Any]], written_by: str
) -> Transcript:
    """The next number; the caller holds the recording's row."""
    highest = recording.transcripts.order_by("-version").first()
    number = highest.version + 1 if highest else 1
    if number > MOST_VERSIONS:
        raise Refused(_("文字稿的版本太多了，最多 %(most)s 个") % {"most": MOST_VERSIONS})
    now = moment.now()
    return Transcript.objects.create(
        recording=recording,
        version=number,
        lines=lines,
        written_by=written_by,
        by=by,
        at=now,
        changed_at=now,
    )


def _checked(lines: object, seconds: float | None) -> list[dict[str, Any]]:
    try:
        return lines_of(lines, seconds)
    except Unwritten as fault:
        word, number = fault.args
        sentences = {
            "shape": _("第 %(number)s 行写得不完整，请检查时间和文字"),
            "many": _("文字稿最多 %(number)s 行"),
            "time": _("第 %(number)s 行的时间不对：结束要在开始之后"),
            "beyond": _("第 %(number)s 行的时间超出了录音"),
            "long": _("第 %(number)s 行太长，最多 2000 个字，请分成几行"),
        }
        sentence = sentences[word] % {"number": number}
        raise Invalid(sentence, lines=sentence) from fault


def shown_lines(transcript: Transcript | None, reader: User) -> list[dict[str, Any]]:
    """Lines as this reader may have them: who takes no part in the complaint reads no numbers,
    addresses and names of persons."""
    if transcript is None:
        return []
    lines: list[dict[str, Any]] = transcript.lines
    recording = transcript.recording
    if can_write_down(reader, recording):
        return lines
    customer = recording.complaint.customer
    points = [point.value for point in customer.contact_points.all()]
    names = [customer.name]
    return [{**one, "text": masked_text(one["text"], names=names, points=points)} for one in lines]
