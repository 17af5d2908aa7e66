"""Evidence: kept with its hash, described, held, and on record whenever somebody opens it."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import rules
from huiyin.journey.conversation.actions.custody import on_record
from huiyin.journey.conversation.actions.writing import not_sealed, said
from huiyin.journey.conversation.models import Evidence, Message
from huiyin.journey.conversation.permissions import (
    can_describe,
    can_hold,
    can_note,
    can_open_evidence,
)
from huiyin.journey.conversation.words import (
    CustodyAct,
    EvidenceKind,
    PrivacyLevel,
    Source,
)


@dataclass(frozen=True)
class Description:
    """What a thing is: its kind, what it shows, when that was, where in it, who may open it.

    An empty `kind` is told by the file itself.
    """

    kind: str = ""
    about: str = ""
    source: str = Source.STAFF
    happened_at: datetime | None = None
    place: str = ""
    privacy: str = PrivacyLevel.ORDINARY

    def checked(self, media_type: str) -> dict[str, Any]:
        """As fields of the row; Invalid with the field that is at fault."""
        kind = self.kind or rules.kind_of(media_type)
        for name, value, words in (
            ("kind", kind, EvidenceKind),
            ("source", self.source, Source),
            ("privacy", self.privacy, PrivacyLevel),
        ):
            if value not in words.values:
                raise Invalid(_("请从列表里选择"), **{name: _("请从列表里选择")})
        place = rules.place(self.place)
        if place is None:
            sentence = _("位置请写成 03:12、03:12–04:05 或 第 3 页")
            raise Invalid(sentence, place=sentence)
        now = moment.now()
        if self.happened_at is not None and self.happened_at > now:
            sentence = _("证据本身的时间不能在将来")
            raise Invalid(sentence, happened_at=sentence)
        return {
            "kind": kind,
            "about": said(self.about, name="about", most=rules.LONGEST_ABOUT),
            "source": self.source,
            "happened_at": self.happened_at,
            "place": place,
            "privacy": self.privacy,
        }


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
    described: Description | None = None,
) -> Evidence:
    """Keep a file with its hash. Raises Invalid with a sentence that names the file."""
    can_note.require(by, complaint)
    return keep_evidence(
        complaint,
        by=by,
        upload=upload,
        message=message,
        internal=internal,
        described=described or Description(source=source),
    )


@transaction.atomic
def keep_evidence(
    complaint: Complaint,
    *,
    by: User,
    upload: UploadedFile[Any],
    described: Description,
    message: Message | None = None,
    internal: bool = True,
    inert: bool = False,
    **told: object,
) -> Evidence:
    """The same for a stage that has asked already whether `by` may: answers of departments,
    measures of the supervised. `by` need not see the complaint. `inert`: see `rules.judge_file`.
    `told`: what the event says of it beside, for those who follow."""
    not_sealed(complaint)
    name = rules.safe_name(upload.name or "")
    head = upload.read(rules.HEAD)
    upload.seek(0)
    verdict = rules.judge_file(name, upload.size or 0, head, inert=inert)
    if verdict.refusal:
        sentence = refusal_of_file(name, verdict.refusal)
        raise Invalid(sentence, files=sentence)
    fields = described.checked(verdict.media_type)
    path, digest = store_bytes(upload)
    evidence = Evidence.objects.create(
        complaint=complaint,
        message=message,
        name=name,
        media_type=verdict.media_type,
        size=upload.size or 0,
        sha256=digest,
        path=path,
        internal=internal,
        by=by,
        at=moment.now(),
        **fields,
    )
    shown = "" if evidence.is_sensitive else name  # a name can say it all
    record(What.EVIDENCE_ADDED, complaint, by=by, evidence=evidence.pk, name=shown, **told)
    return evidence


def store_bytes(upload: UploadedFile[Any]) -> tuple[str, str]:
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


@transaction.atomic
def describe(evidence: Evidence, *, by: User, described: Description) -> None:
    """Say better what it is. The file stays as it came; what was said before stays on record."""
    can_describe.require(by, evidence)
    can_open_evidence.require(by, evidence)
    not_sealed(evidence.complaint)
    fields = described.checked(evidence.media_type)
    kept = Evidence.objects.select_for_update(no_key=True).get(pk=evidence.pk)
    if kept.is_sensitive and fields["privacy"] != PrivacyLevel.SENSITIVE and not can_hold(by, kept):
        sentence = _("只有经理、法务和隐私官可以降低敏感证据的密级")
        raise Invalid(sentence, privacy=sentence)
    changed = {
        name: [_shown(getattr(kept, name)), _shown(value)]
        for name, value in fields.items()
        if getattr(kept, name) != value
    }
    if not changed:
        return
    for name, value in fields.items():
        setattr(evidence, name, value)
    evidence.save(update_fields=list(fields))
    on_record(evidence, CustodyAct.DESCRIBED, by=by, changed=changed)


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "")


@transaction.atomic
def hold(evidence: Evidence, *, by: User, reason: str) -> None:
    """Legal hold (证据保全): nobody deletes it, whatever the retention says, until released."""
    can_hold.require(by, evidence)
    missing = _("请写明保全理由，例如案号或来函文号")
    reason = said(reason, name="reason", most=rules.LONGEST_ABOUT, missing=missing, least=4)
    if not Evidence.objects.filter(pk=evidence.pk, held=False).update(held=True):
        raise Refused(_("这份证据已经保全了，请刷新查看"))
    evidence.held = True
    on_record(evidence, CustodyAct.HELD, by=by, reason=reason)
    record(What.HELD, evidence.complaint, by=by, evidence=evidence.pk, reason=reason)


@transaction.atomic
def release(evidence: Evidence, *, by: User, reason: str) -> None:
    """End a legal hold."""
    can_hold.require(by, evidence)
    missing = _("请写明解除保全的理由")
    reason = said(reason, name="reason", most=rules.LONGEST_ABOUT, missing=missing, least=4)
    if not Evidence.objects.filter(pk=evidence.pk, held=True).update(held=False):
        raise Refused(_("这份证据没有保全，请刷新查看"))
    evidence.held = False
    on_record(evidence, CustodyAct.RELEASED, by=by, reason=reason)
    record(What.RELEASED, evidence.complaint, by=by, evidence=evidence.pk, reason=reason)
