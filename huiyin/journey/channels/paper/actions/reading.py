"""The words of a letter: typed by a person, or read from its pages by the worker, one at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.paper import recognition
from huiyin.journey.channels.paper.actions.arranging import held
from huiyin.journey.channels.paper.actions.drawing import original
from huiyin.journey.channels.paper.models import Page, Piece
from huiyin.journey.channels.paper.words import PieceState, ReadState
from huiyin.journey.conversation.rules import LONGEST_TEXT, written

logger = logging.getLogger(__name__)

MOST_LINES = 400  # of a page
LOCK = 0x70617065  # of the reader, among advisory locks
A_RUN = timedelta(seconds=50)  # then the next run goes on, and other work has its turn


@transaction.atomic
def typed(piece: Piece, *, by: User, text: str) -> None:
    """Keep what somebody typed from the paper."""
    kept = held(piece, by=by)
    text = written(text)
    if len(text) > LONGEST_TEXT:
        sentence = _("内容超过 %(most)s 字，请分成几条，或作为附件上传") % {"most": LONGEST_TEXT}
        raise Invalid(sentence, text=sentence)
    kept.text = text
    kept.save(update_fields=["text"])


@transaction.atomic
def read_again(piece: Piece, *, by: User) -> None:
    """All its pages once more, by the worker."""
    held(piece, by=by)
    if not recognition.is_there():
        raise Refused(_("没有安装文字识别组件，请直接录入文字；安装方法见“设置”说明"))
    again = piece.pages.kept().exclude(reading=ReadState.QUEUED)
    again.update(reading=ReadState.QUEUED, error="")


@transaction.atomic
def cancel(piece: Piece, *, by: User) -> None:
    """What was not read yet is not read."""
    held(piece, by=by)
    waits = piece.pages.filter(reading=ReadState.QUEUED)
    if not waits.update(reading=ReadState.NONE):
        raise Refused(_("已经识别完了，请刷新查看"))


def read_due() -> int:
    """Read pages that wait, one after the other, for a while. Safe to run twice: a page is taken
    by one, and what somebody cancelled meanwhile is not written."""
    if not recognition.is_there():
        return 0
    ends, done = time.monotonic() + A_RUN.total_seconds(), 0
    with _alone() as alone:
        while alone and time.monotonic() < ends and (page := _next()) is not None:
            _read(page)
            done += 1
    return done


@contextmanager
def _alone() -> Iterator[bool]:
    """One reader on one database, however many workers: it takes much memory."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _next() -> Page | None:
    waits = Page.objects.filter(reading=ReadState.QUEUED, dropped_at=None)
    waits = waits.filter(piece__state=PieceState.WAITING)
    return waits.select_related("scan").order_by("pk").first()


def _read(page: Page) -> None:
    from huiyin.journey.channels.paper.reading import Unreadable

    scan, began = page.scan, time.monotonic()
    fields: dict[str, object]
    try:
        answer = recognition.reader()(original(scan), scan.media_type, page.place)
        lines = answer["lines"][:MOST_LINES]
        fields = {"reading": ReadState.READ, "lines": lines, "error": ""}
        if not page.turn:  # a person's turn stands
            fields["turn"] = answer["turn"]
    except Unreadable as fault:
        fields = {"reading": ReadState.FAILED, "error": str(fault)[:200]}
    except Exception as error:
        logger.exception("Page %s could not be read", page.pk)
        fields = {"reading": ReadState.FAILED, "error": type(error).__name__[:200]}
    fields |= {"read_at": moment.now(), "seconds": round(time.monotonic() - began, 2)}
    Page.objects.filter(pk=page.pk, reading=ReadState.QUEUED).update(**fields)
