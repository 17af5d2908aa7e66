"""Pages put in order: turned, moved, taken out by reason, split into letters, joined to one.

Always under the lock of the letter, and only while nobody has decided about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.paper.models import Page, Piece
from huiyin.journey.channels.paper.permissions import can_register_paper
from huiyin.journey.channels.paper.rules import media
from huiyin.journey.channels.paper.words import PieceState, ScanState
from huiyin.journey.conversation.actions import said

TURNS = (0, 90, 180, 270)


def held(piece: Piece, *, by: User) -> Piece:
    """The row, kept still; refused when somebody decided a moment ago."""
    can_register_paper.require(by, None)
    found = Piece.objects.select_for_update().get(pk=piece.pk)
    if found.state != PieceState.WAITING:
        raise Refused(_("这封来信刚刚被处理过，请刷新后再看"))
    return found


def settled(piece: Piece) -> None:
    """Refuse while its pages are still being drawn: they would come too late."""
    if piece.scans.filter(state=ScanState.KEPT).exists():
        raise Refused(_("扫描件还在生成预览，请稍等几秒再试"))


@transaction.atomic
def turn(page: Page, *, by: User, by_degrees: int) -> int:
    """Turn a page clockwise; returns how it stands now."""
    held(page.piece, by=by)
    fresh = Page.objects.select_for_update().get(pk=page.pk)
    turned = (fresh.turn + by_degrees) % 360
    if turned not in TURNS:
        raise Invalid(_("页面只能转 90、180 或 270 度"))
    Page.objects.filter(pk=page.pk).update(turn=turned)
    return turned


@transaction.atomic
def reorder(piece: Piece, *, by: User, order: Sequence[UUID]) -> None:
    """All pages in another order: exactly those that are there."""
    held(piece, by=by)
    settled(piece)
    pages = {page.uuid: page.pk for page in piece.pages.kept()}
    wanted = [pages.get(uuid, 0) for uuid in order]
    if media.renumbered(list(pages.values()), wanted) is None:
        raise Refused(_("页面刚刚有了变化，请刷新后再排"))
    for position, pk in enumerate(wanted, start=1):
        Page.objects.filter(pk=pk).update(position=position)


@transaction.atomic
def move(page: Page, *, by: User, steps: int) -> None:
    """One page forward or backward; at the end it stays."""
    held(page.piece, by=by)
    settled(page.piece)
    order = [one.uuid for one in page.piece.pages.kept()]
    at = order.index(page.uuid)
    order.insert(min(max(at + steps, 0), len(order) - 1), order.pop(at))
    reorder(page.piece, by=by, order=order)


@transaction.atomic
def split(piece: Piece, *, by: User, chosen: Sequence[UUID]) -> Piece:
    """The chosen pages are another letter."""
    found = held(piece, by=by)
    settled(piece)
    pages = list(piece.pages.kept())
    out = [page.pk for page in pages if page.uuid in set(chosen)]
    if not out:
        raise Invalid(_("请先勾选要拆出的页"), pages=_("请先勾选要拆出的页"))
    if len(out) == len(pages):
        raise Invalid(_("不能把所有页都拆出，至少留下一页"), pages=_("至少留下一页"))
    other = Piece.objects.create(received_on=found.received_on, by=by, at=moment.now())
    Page.objects.filter(pk__in=out).update(piece=other)
    return other


@transaction.atomic
def join(piece: Piece, other: Piece, *, by: User) -> None:
    """The pages of `other` come behind those of `piece`; nothing is left of it but its row."""
    if piece.pk == other.pk:
        raise Invalid(_("请选择另一封来信"), other=_("请选择另一封来信"))
    for one in sorted((piece, other), key=lambda row: row.pk):  # never two in another order
        held(one, by=by)
        settled(one)
    last = max((page.position for page in piece.pages.all()), default=0)
    moved = list(other.pages.all())
    if piece.pages.count() + len(moved) > media.MOST_LEAVES:
        raise Refused(_("合在一起超过 200 页，不能合并"))
    for position, page in enumerate(moved, start=last + 1):
        Page.objects.filter(pk=page.pk).update(piece=piece, position=position)
    other.scans.update(piece=piece)
    Piece.objects.filter(pk=other.pk).update(
        state=PieceState.DISMISSED,
        reason=_("已并入另一封来信（%(id)s）") % {"id": piece.pk},
        decided_by=by,
        decided_at=moment.now(),
    )
    if text := "\n\n".join(filter(None, (piece.text, other.text))):
        Piece.objects.filter(pk=piece.pk).update(text=text)


@transaction.atomic
def drop(page: Page, *, by: User, reason: str) -> None:
    """Take a page out of the letter, for example an empty back; it stays kept."""
    held(page.piece, by=by)
    missing = _("请写明为什么去掉这一页，例如“空白背面”")
    reason = said(reason, name="reason", most=200, missing=missing)
    there = Page.objects.kept().filter(pk=page.pk)
    if not there.update(dropped_at=moment.now(), dropped_by=by, dropped_why=reason):
        raise Refused(_("这一页已经去掉了，请刷新查看"))


@transaction.atomic
def restore(page: Page, *, by: User) -> None:
    held(page.piece, by=by)
    there = Page.objects.filter(pk=page.pk).exclude(dropped_at=None)
    if not there.update(dropped_at=None, dropped_by=None, dropped_why=""):
        raise Refused(_("这一页没有去掉，请刷新查看"))
