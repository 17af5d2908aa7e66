"""Writing things down, and sending letters."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Channel, Status, What
from huiyin.journey.conversation import rules
from huiyin.journey.conversation.models import Evidence, Letter, Message
from huiyin.journey.conversation.permissions import can_note, can_reply, can_take_down
from huiyin.journey.conversation.words import Kind, LetterState, Source

# Five tries over about an hour, then a person looks at it in the console.
TRY_AGAIN_AFTER = (1, 5, 15, 45)  # minutes


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


def _not_sealed(complaint: Complaint) -> None:
    if complaint.status == Status.ARC:
        raise Refused(_("这条投诉已归档，只能查看；如需继续处理，请新登记一条并注明原编号"))


@transaction.atomic
def customer_wrote(
    complaint: Complaint, *, by: User, text: str, channel: str = Channel.PORTAL
) -> Message:
    """Keep what the customer says: by himself (by the system user) or taken down by an agent."""
    can_take_down.require(by, complaint)
    _not_sealed(complaint)
    message = _message(complaint, kind=Kind.INBOUND, text=text, by=by, channel=channel)
    record(What.CUSTOMER_WROTE, complaint, by=by, message=message.pk, channel=channel)
    return message


@transaction.atomic
def reply(complaint: Complaint, *, by: User, text: str, channel: str = "") -> Message:
    """Say something to the customer. By mail it goes out; by other channels it is on record."""
    can_reply.require(by, complaint)
    _not_sealed(complaint)
    channel = channel or complaint.channel
    message = _message(complaint, kind=Kind.OUTBOUND, text=text, by=by, channel=channel)
    event = record(What.REPLIED, complaint, by=by, message=message.pk, channel=channel)
    if channel == Channel.EMAIL:
        address = complaint.customer.contact("email")
        if not address:
            raise Refused(_("这位客户没有留下邮箱，请改用其他方式回复，或先补充邮箱"))
        post_letter(
            complaint,
            event=event,
            message=message,
            purpose="reply",
            recipient=address,
            subject=_("关于您的投诉 %(number)s") % {"number": complaint.number},
            body=message.text,
        )
    return message


@transaction.atomic
def note(complaint: Complaint, *, by: User, text: str) -> Message:
    """Write an internal note: the customer never sees it."""
    can_note.require(by, complaint)
    _not_sealed(complaint)
    message = _message(complaint, kind=Kind.NOTE, text=text, by=by, channel="")
    record(What.NOTED, complaint, by=by, message=message.pk)
    return message


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


# --- evidence -------------------------------------------------------------------------------------


def refusal_of_file(name: str, reason: str) -> str:
    """What a person reads when a file is not taken."""
    sentences = {
        "too_large": _("“%(name)s”超过 50 MB，请压缩后再传，或分成几个文件"),
        "empty": _("“%(name)s”是空文件，请检查后重新选择"),
        "kind": _("“%(name)s”的类型不支持，请上传图片、PDF、Word、Excel、文本、录音或视频"),
        "content": _("“%(name)s”的内容与扩展名不符，请确认文件没有损坏或改名"),
    }
    return sentences[reason] % {"name": rules.safe_name(name)}


@transaction.atomic
def add_evidence(
    complaint: Complaint,
    *,
    by: User,
    upload: UploadedFile[Any],
    message: Message | None = None,
    source: str = Source.STAFF,
    internal: bool = False,
) -> Evidence:
    """Keep a file with its hash. Raises Invalid with a sentence that names the file."""
    can_note.require(by, complaint)
    _not_sealed(complaint)
    name = rules.safe_name(upload.name or "")
    head = upload.read(rules.HEAD)
    upload.seek(0)
    verdict = rules.judge_file(name, upload.size or 0, head)
    if verdict.refusal:
        sentence = refusal_of_file(name, verdict.refusal)
        raise Invalid(sentence, files=sentence)
    path, digest = _store(upload)
    evidence = Evidence.objects.create(
        complaint=complaint,
        message=message,
        name=name,
        media_type=verdict.media_type,
        size=upload.size or 0,
        sha256=digest,
        path=path,
        source=source,
        internal=internal,
        by=by,
        at=moment.now(),
    )
    record(What.EVIDENCE_ADDED, complaint, by=by, evidence=evidence.pk, name=name)
    return evidence


def _store(upload: UploadedFile[Any]) -> tuple[str, str]:
    """Write the bytes under a random name, whole or not at all; returns (path, SHA-256).

    On disk before the row commits, so an acknowledged file is never a row without bytes.
    """
    key = secrets.token_hex(16)
    path = f"{key[:2]}/{key}"
    target = Path(settings.EVIDENCE_DIR) / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path, digest.hexdigest()


# --- letters --------------------------------------------------------------------------------------


def post_letter(
    complaint: Complaint | None,
    *,
    event: Event | None,
    purpose: str,
    recipient: str,
    subject: str,
    body: str,
    message: Message | None = None,
) -> Letter | None:
    """Queue a mail in the caller's transaction; None when this event's letter is there already."""
    now = moment.now()
    subject = " ".join(rules.written(subject).split())[
        :200
    ]  # a line break here would become a header
    made = Letter.objects.bulk_create(
        [
            Letter(
                complaint=complaint,
                event=event,
                message=message,
                purpose=purpose,
                recipient=recipient,
                subject=subject,
                body=body,
                next_try_at=now,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return made[0] if made else None


def send_due_letters() -> int:
    """Send what waits. Runs often; of two workers each letter is taken by one (SKIP LOCKED)."""
    sent = 0
    while _send_one():
        sent += 1
    return sent


@transaction.atomic
def _send_one() -> bool:
    now = moment.now()
    letter = Letter.objects.due(now).select_for_update(skip_locked=True, of=("self",)).first()
    if letter is None:
        return False
    if not settings.EMAIL_HOST:
        letter.state = LetterState.HELD
        letter.error = ""
        letter.save(update_fields=["state", "error"])
        return True
    try:
        EmailMessage(
            letter.subject,
            letter.body,
            to=[letter.recipient],
            # So that no robot answers a robot (RFC 3834).
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        ).send()
    except Exception as error:  # any failure of a mail server is the same to us: later again
        letter.tries += 1
        letter.error = f"{type(error).__name__}: {error}"[:300]
        if letter.tries > len(TRY_AGAIN_AFTER):
            letter.state = LetterState.FAILED
        else:
            letter.next_try_at = now + timedelta(minutes=TRY_AGAIN_AFTER[letter.tries - 1])
    else:
        letter.state, letter.sent_at, letter.error = LetterState.SENT, now, ""
    letter.save()
    return True


def retry_letter(letter: Letter) -> None:
    """Put a failed or held letter into the queue again."""
    Letter.objects.filter(pk=letter.pk, state__in=(LetterState.FAILED, LetterState.HELD)).update(
        state=LetterState.QUEUED, tries=0, next_try_at=moment.now(), error=""
    )


def cancel_letter(letter: Letter) -> None:
    """Never send it; what is sent already stays sent."""
    waiting = Letter.objects.filter(pk=letter.pk).exclude(state=LetterState.SENT)
    if not waiting.update(state=LetterState.CANCELLED):
        raise Refused(_("这封信刚刚已经发出，不能再取消"))
