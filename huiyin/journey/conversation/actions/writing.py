"""Writing things down: replies, notes, the customer's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status, What
from huiyin.journey.conversation import rules
from huiyin.journey.conversation.actions.enclosing import refusal
from huiyin.journey.conversation.actions.letters import post_letter
from huiyin.journey.conversation.actions.undoing import in_window
from huiyin.journey.conversation.models import Evidence, Letter, Message
from huiyin.journey.conversation.permissions import (
    can_note,
    can_open_evidence,
    can_reply,
    can_take_down,
)
from huiyin.journey.conversation.rules import Going
from huiyin.journey.conversation.ways import Way, usual, way_of
from huiyin.journey.conversation.words import Kind


def checked_text(text: str) -> str:
    """The text as it will be kept. Raises Invalid when there is none or far too much."""
    text = rules.written(text)
    if not text:
        raise Invalid(_("内容不能为空，请写下要说的话"), text=_("请填写内容"))
    if len(text) > rules.LONGEST_TEXT:
        sentence = _("内容超过 %(most)s 字，请分成几条，或作为附件上传") % {
            "most": rules.LONGEST_TEXT
        }
        raise Invalid(sentence, text=sentence)
    return text


def said(text: str, *, name: str, most: int, missing: str = "", least: int = 2) -> str:
    """What was typed into field `name`, as it will be kept. Without `missing` it may be empty.

    Too much is refused, never cut off: the person decides what may go.
    """
    text = rules.written(text)
    if missing and len(text) < least:
        raise Invalid(missing, **{name: missing})
    if len(text) > most:
        sentence = _("最多写 %(most)s 字，现在是 %(now)s 字，请缩短") % {
            "most": most,
            "now": len(text),
        }
        raise Invalid(sentence, **{name: sentence})
    return text


def not_sealed(complaint: Complaint) -> None:
    """What is archived is only read."""
    if complaint.status == Status.ARC:
        raise Refused(_("这条投诉已归档，只能查看；如需继续处理，请新登记一条并注明原编号"))


@transaction.atomic
def customer_wrote(
    complaint: Complaint, *, by: User, text: str, channel: str = Channel.PORTAL
) -> Message:
    """Keep what the customer says: by himself (by the system user) or taken down by an agent."""
    can_take_down.require(by, complaint)
    not_sealed(complaint)
    message = _message(complaint, kind=Kind.INBOUND, text=text, by=by, channel=channel)
    record(What.CUSTOMER_WROTE, complaint, by=by, message=message.pk, channel=channel)
    return message


@transaction.atomic
def reply(
    complaint: Complaint,
    *,
    by: User,
    text: str,
    channel: str = "",
    waived: Sequence[str] = (),
    fixed: bool = False,
    binds: bool = True,
    leaves_at: datetime | None = None,
    planned: bool = False,
    attached: Sequence[Evidence] = (),
    uploaded: Sequence[Going] = (),
) -> Message:
    """Say something to the customer. By a way that is carried it goes out; on his own page it
    stands there; by others it is on record.

    A promise without a date, or beyond the writer's authority, is stopped where promises are kept
    (`flow`), unless its sentence is among `waived`: the writer says that it is none. `fixed`: words
    that the product put together from what was decided; they are read, never stopped. `binds`:
    whether anything in them can be a promise of ours; what others do for the customer is none.
    `leaves_at`: where it can wait, not before, and until then it can be undone (`undoing`): it
    counts as said when it leaves. `planned`: the writer chose that moment. `attached`: files that
    go with it. `uploaded`: name and size of each file that is being kept with it after this, so
    that what the way cannot carry is refused before anything is written.
    """
    can_reply.require(by, complaint)
    not_sealed(complaint)
    channel = channel or usual(complaint)
    way = way_of(complaint, channel)
    for one in attached:
        can_open_evidence.require(by, one)
    _fits(way, text, [*(Going(one.name, one.size) for one in attached), *uploaded])
    leaves_at = leaves_at if way.can_wait else None
    if planned and leaves_at:
        in_window(way, leaves_at)
    message = _message(complaint, kind=Kind.OUTBOUND, text=text, by=by, channel=channel)
    said_by_product = {"fixed": True} if fixed else {}
    if not binds:
        said_by_product["binds"] = False
    event = record(
        What.REPLY_PLANNED if leaves_at else What.REPLIED,
        complaint,
        by=by,
        message=message.pk,
        channel=channel,
        **_waived(waived),
        **said_by_product,
    )
    if way.is_carried or leaves_at or (way.waits and attached):
        post_letter(
            complaint,
            event=event,
            message=message,
            purpose="reply",
            recipient=way.recipient or complaint.number or "",
            channel=channel,
            subject=_("关于您的投诉 %(number)s") % {"number": complaint.number},
            body=message.text,
            leaves_at=leaves_at,
            planned_at=leaves_at if planned else None,
        )
        if attached:
            Letter.objects.get(message=message).attached.set(attached)
    return message


def _fits(way: Way, text: str, files: Sequence[Going]) -> None:
    """Refuse what this way cannot carry, saying what can be done."""
    if way.closed:
        raise Refused(way.refusal or way.closed)
    text = rules.written(text)
    if not way.fits(text):
        sentence = _too_long(way, text)
        raise Invalid(sentence, text=sentence)
    if sentence := refusal(way, list(files)):
        raise Invalid(sentence, files=sentence)


def _too_long(way: Way, text: str) -> str:
    measure = way.measure
    if len(text) > way.most or measure is None:
        about = {"way": way.label, "most": way.most, "now": len(text)}
        return _("%(way)s一条最多 %(most)s 字，现在是 %(now)s 字，请分成几条或换一种方式") % about
    about = {"way": way.label, "most": measure.most, "now": measure.size(text)}
    if measure.unit == "utf8":
        return (
            _(
                "%(way)s按字节算（汉字 3，表情 4），一条最多 %(most)s，现在是 %(now)s，"
                "请分成几条或换一种方式"
            )
            % about
        )
    return (
        _("%(way)s里表情按 2 字算，最多 %(most)s 字，现在是 %(now)s 字，请分成几条或换一种方式")
        % about
    )


@transaction.atomic
def note(
    complaint: Complaint,
    *,
    by: User,
    text: str,
    spoken: bool = False,
    waived: Sequence[str] = (),
) -> Message:
    """Write an internal note: the customer never sees it. `spoken`: it tells what was said to the
    customer, so what was promised there binds us."""
    can_note.require(by, complaint)
    not_sealed(complaint)
    message = _message(complaint, kind=Kind.NOTE, text=text, by=by, channel="")
    told = {"spoken": True, **_waived(waived)} if spoken else {}
    record(What.NOTED, complaint, by=by, message=message.pk, **told)
    return message


def _waived(sentences: Sequence[str]) -> dict[str, list[str]]:
    kept = [one.strip()[:500] for one in sentences if one.strip()]
    return {"waived": kept[:20]} if kept else {}


def first_message(complaint: Complaint, *, by: User) -> Message:
    """The complaint itself as the first line of the conversation; told by RECEIVED."""
    return _message(
        complaint, kind=Kind.INBOUND, text=complaint.text, by=by, channel=complaint.channel
    )


def _message(complaint: Complaint, *, kind: str, text: str, by: User, channel: str) -> Message:
    return Message.objects.create(
        complaint=complaint,
        kind=kind,
        text=checked_text(text),
        by=by,
        channel=channel,
        at=moment.now(),
    )
