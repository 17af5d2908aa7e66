"""Pages of a scan as pictures of ours, drawn by a child that can use little."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.paper.models import Page, Piece, Scan
from huiyin.journey.channels.paper.permissions import can_register_paper
from huiyin.journey.channels.paper.reading import Drawn, Unreadable, drawn, look
from huiyin.journey.channels.paper.rules import media
from huiyin.journey.channels.paper.words import ReadState, ScanState
from huiyin.journey.conversation.actions.evidence import store_bytes

logger = logging.getLogger(__name__)

AT_ONCE = 10  # pages of one child
LEASE = timedelta(minutes=5)  # whoever took it and died: so long until another does
MOST_TRIES = 3
MOST_A_RUN = 50
STEP = 1000  # positions of one file, before somebody orders them


def draw_due() -> int:
    """Draw what waits; safe to run twice and at once with the job of the upload."""
    done = 0
    for scan in list(Scan.objects.due(moment.now())[:MOST_A_RUN]):
        done += prepare(scan)
    return done


def prepare(scan: Scan) -> bool:
    """Draw the pages of one scan. Killed on the way it goes on where it was."""
    now = moment.now()
    if not _taken(scan, now):
        return False
    try:
        _draw(scan)
    except Unreadable as fault:
        _settle(scan, state=ScanState.FAILED, error=sentence_of(str(fault)))
    except Exception as error:
        logger.exception("Scan %s could not be drawn", scan.pk)
        later = scan.tries < MOST_TRIES
        state = ScanState.KEPT if later else ScanState.FAILED
        wait = now + timedelta(minutes=1)
        _settle(scan, state=state, error=f"{type(error).__name__}"[:200], next_try_at=wait)
    return True


def _taken(scan: Scan, now: datetime) -> bool:
    waits = Scan.objects.due(now).filter(pk=scan.pk)
    taken = waits.update(next_try_at=now + LEASE, tries=scan.tries + 1)
    scan.tries += 1
    return bool(taken)


def _draw(scan: Scan) -> None:
    path = original(scan)
    leaves = look(path, scan.media_type)
    Scan.objects.filter(pk=scan.pk).update(leaves=leaves)
    there = set(Page.objects.filter(scan=scan).values_list("place", flat=True))
    for begin in range(0, leaves, AT_ONCE):
        end = min(begin + AT_ONCE, leaves)
        if not there.issuperset(range(begin, end)):
            for one in drawn(path, scan.media_type, begin, end):
                if one.place not in there:
                    _keep(scan, one)
    _settle(scan, state=ScanState.READY, error="")


def _keep(scan: Scan, one: Drawn) -> None:
    from huiyin.journey.channels.paper.recognition import is_there

    picture, _digest = store_bytes(SimpleUploadedFile("page.jpg", one.picture))
    thumb, _digest = store_bytes(SimpleUploadedFile("thumb.jpg", one.thumb))
    with transaction.atomic():
        piece = Piece.objects.select_for_update().get(pk=scan.piece_id)
        if piece.pages.count() >= media.MOST_LEAVES:
            raise Unreadable("leaves")
        Page.objects.create(
            scan=scan,
            place=one.place,
            piece=piece,
            position=scan.order * STEP + one.place,
            picture=picture,
            thumb=thumb,
            width=one.width,
            height=one.height,
            reading=ReadState.QUEUED if is_there() else ReadState.NONE,
        )


def _settle(scan: Scan, **fields: object) -> None:
    Scan.objects.filter(pk=scan.pk, state=ScanState.KEPT).update(**fields)
    scan.refresh_from_db()


def draw_again(scan: Scan, *, by: User) -> None:
    """Once more, after it could not be opened."""
    can_register_paper.require(by, None)
    fresh = {"state": ScanState.KEPT, "tries": 0, "error": "", "next_try_at": moment.now()}
    if not Scan.objects.filter(pk=scan.pk, state=ScanState.FAILED).update(**fresh):
        raise Refused(_("这份扫描件正在处理或已经打开，请刷新查看"))


def original(scan: Scan) -> Path:
    return Path(settings.EVIDENCE_DIR) / scan.path


def sentence_of(fault: str) -> str:
    """Why a scan could not be opened, for whoever scanned it. Called again when shown."""
    sentences = {
        "password": _("PDF 设有密码，请去掉密码后重新上传"),
        "pixels": _("页面尺寸过大，请用 300–600 dpi 重新扫描"),
        "leaves": _("超过 200 页，请分成几封信上传"),
        "memory": _("页面太大，打开它需要的内存超过限制，请降低分辨率重新扫描"),
        "cpu": _("打开它花的时间超过限制，请重新扫描成普通 PDF"),
    }
    return sentences.get(fault, _("文件损坏或不完整，打不开，请重新扫描；原件已保留"))
