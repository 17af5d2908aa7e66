"""Keeping scans: byte for byte, under their hash, committed before anything is done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.paper.models import Piece, Scan, Upload
from huiyin.journey.channels.paper.permissions import can_register_paper
from huiyin.journey.channels.paper.rules import media
from huiyin.journey.conversation.actions.evidence import store_bytes
from huiyin.journey.conversation.rules import safe_name

OLDEST_ARRIVAL = timedelta(days=90)


@dataclass(frozen=True)
class Kept:
    """What was kept: letters, and the scans whose very bytes were here before."""

    pieces: list[Piece]
    twins: list[Scan]


def keep(
    uploads: Sequence[UploadedFile[Any]],
    *,
    by: User,
    together: bool,
    received_on: date | None = None,
    key: UUID | None = None,
) -> Kept:
    """Keep files from the scanner: all pages of one letter, or a letter each. Nothing is kept when
    one of them cannot be taken. `key`: of the form; what came under it before is not kept twice."""
    can_register_paper.require(by, None)
    if not uploads:
        sentence = _("请选择扫描件")
        raise Invalid(sentence, files=sentence)
    if len(uploads) > media.MOST_FILES:
        sentence = _("一次最多 %(most)s 个文件，请分几次上传") % {"most": media.MOST_FILES}
        raise Invalid(sentence, files=sentence)
    received_on = arrival(received_on)
    kinds = [_judged(upload) for upload in uploads]
    with transaction.atomic():
        upload, before = _under(key, by)
        if before:
            return Kept(before, [])
        judged = list(zip(uploads, kinds, strict=True))
        kept = _kept(judged, by, together, received_on, upload)
    twins = [twin for piece in kept for twin in twins_of(piece)]
    for piece in kept:
        _draw_soon(piece)
    return Kept(kept, twins)


def _under(key: UUID | None, by: User) -> tuple[Upload | None, list[Piece]]:
    """This upload, and what was kept of it before. Of two at once the second waits."""
    if key is None:
        return None, []
    upload, is_new = Upload.objects.get_or_create(key=key, defaults={"by": by, "at": moment.now()})
    if not is_new and upload.by_id != by.pk:
        raise Invalid(_("这次上传的编号已被使用，请刷新页面重新上传"))
    return upload, [] if is_new else list(upload.pieces.order_by("pk"))


def _kept(
    judged: list[tuple[UploadedFile[Any], str]],
    by: User,
    together: bool,
    received_on: date,
    upload_of: Upload | None,
) -> list[Piece]:
    now = moment.now()
    pieces: list[Piece] = []
    for order, (upload, kind) in enumerate(judged):
        if not pieces or not together:
            made = Piece.objects.create(received_on=received_on, by=by, at=now, upload=upload_of)
            pieces.append(made)
        path, digest = store_bytes(upload)
        Scan.objects.create(
            piece=pieces[-1],
            order=order if together else 0,
            name=safe_name(upload.name or ""),
            media_type=kind,
            size=upload.size or 0,
            sha256=digest,
            path=path,
            by=by,
            at=now,
            next_try_at=now,
        )
    return pieces


@transaction.atomic
def begin(*, by: User, received_on: date | None = None) -> Piece:
    """A letter that nobody scanned: its words are typed."""
    can_register_paper.require(by, None)
    return Piece.objects.create(received_on=arrival(received_on), by=by, at=moment.now())


def arrival(day: date | None) -> date:
    """The day a letter arrived: today, or one that somebody of ours says."""
    today = timezone.localdate(moment.now())
    day = day or today
    if day > today:
        sentence = _("收到日期不能在将来")
        raise Invalid(sentence, received_on=sentence)
    if day < today - OLDEST_ARRIVAL:
        sentence = _("收到日期超过 90 天，请检查；确实如此请写在备注里")
        raise Invalid(sentence, received_on=sentence)
    return day


def twins_of(piece: Piece) -> list[Scan]:
    """Scans with the very same bytes that came before."""
    found: list[Scan] = []
    for scan in piece.scans.all():
        same = Scan.objects.filter(sha256=scan.sha256, pk__lt=scan.pk).exclude(piece=piece)
        found += same.select_related("piece__complaint").order_by("pk")[:1]
    return found


def _judged(upload: UploadedFile[Any]) -> str:
    head = upload.read(media.HEAD)
    upload.seek(0)
    verdict = media.judge(upload.size or 0, head)
    if not verdict.refusal:
        return verdict.media
    sentences = {
        "empty": _("“%(name)s”是空文件，请重新扫描"),
        "too_large": _("“%(name)s”超过 50 MB，请降低扫描分辨率或分成几个文件"),
        "heic": _("“%(name)s”是 HEIC 格式，请在手机上改为“兼容性最佳”或转成 JPEG 后再上传"),
        "kind": _("“%(name)s”不是 PDF、JPEG、PNG、WebP 或 TIFF，请重新扫描或转换格式"),
    }
    sentence = sentences[verdict.refusal] % {"name": safe_name(upload.name or "")}
    raise Invalid(sentence, files=sentence)


def _draw_soon(piece: Piece) -> None:
    from huiyin.journey.channels.paper.tasks import draw_later

    for scan in piece.scans.all():
        draw_later.configure(lock=f"scan-{scan.pk}").defer(scan_id=scan.pk)
