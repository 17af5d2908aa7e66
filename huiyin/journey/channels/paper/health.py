"""How letters on paper are: what came in, and what waits to be printed and posted."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Fault, Figure, Health
from huiyin.journey.channels.paper import lists, recognition
from huiyin.journey.channels.paper.actions.testing import try_letters, try_scanning
from huiyin.journey.channels.paper.models import Piece, Post, PostQuerySet, Scan
from huiyin.journey.channels.paper.permissions import can_manage_paper, can_register_paper
from huiyin.journey.channels.paper.words import PieceState, PostState, ScanState

LATE = timedelta(days=2)  # a letter of ours that lies so long has been forgotten
MOST = 1000


def rows(user: User) -> list[Health]:
    return [_incoming(user), _outgoing(user)]


def _incoming(user: User) -> Health:
    waiting = Piece.objects.waiting()
    broken = lists.stuck(Piece.objects.all(), "broken")[:MOST].count()
    unread = lists.stuck(Piece.objects.all(), "unread")[:MOST].count()
    late = Scan.objects.due(moment.now() - timedelta(minutes=5))[:MOST].count()
    last = Piece.objects.order_by("-pk").only("at").first()
    address = reverse("paper:queue") if can_register_paper(user, None) else ""
    state, words = "good", _("正常")
    if late:
        state, words = "bad", _("扫描件没有生成预览")
    elif broken:
        state, words = "warn", _("有扫描件打不开")
    elif not recognition.is_there():
        words = _("正常；没有安装文字识别，文字由人录入")

    def figure(label: str, count: int, state: str, *, is_bad: bool = False) -> Figure:
        return Figure(label, count, address and f"{address}?state={state}", is_bad=is_bad)

    return Health(
        key="paper-in",
        name=_("来信扫描"),
        kind=_("信件"),
        icon="scan-text",
        state=state,
        words=words,
        comes=_("最近收到"),
        came_at=last.at if last else None,
        figures=(
            figure(pgettext("paper", "待登记"), waiting[:MOST].count(), "waiting"),
            figure(_("打不开"), broken, "broken", is_bad=broken > 0),
            figure(_("等待识别"), unread, "unread"),
        ),
        faults=_not_opened() if broken else (),
        attempt=partial(try_scanning, by=user),
    )


def _not_opened() -> tuple[Fault, ...]:
    broken = Scan.objects.filter(state=ScanState.FAILED, piece__state=PieceState.WAITING)
    last = broken.order_by("-pk").only("error", "at").first()
    return (Fault(last.error, last.at),) if last and last.error else ()


def _outgoing(user: User) -> Health:
    """Whoever opens the rows counts those that he may open; else all of them are counted."""
    now, opens = moment.now(), can_register_paper(user, None)
    alive = Post.objects.alive()
    counted = Post.objects.visible_to(user) if opens else alive
    unsent = alive.filter(state__in=(PostState.TO_PRINT, PostState.PRINTED), at__lt=now - LATE)
    late = unsent[:MOST].count()
    month = timezone.localdate(now) - timedelta(days=30)
    last = alive.filter(state=PostState.POSTED).order_by("-posted_at").first()
    address = reverse("paper:posts") if opens else ""

    def figure(
        label: str, state: str, since: date | None = None, *, is_bad: bool = False
    ) -> Figure:
        rows = counted.filter(state=state)
        rows = rows.filter(posted_on__gte=since) if since else rows
        asked = f"?state={state}" + (f"&since={since}" if since else "")
        return Figure(label, rows[:MOST].count(), address and address + asked, is_bad=is_bad)

    return Health(
        key="paper-out",
        name=_("信函"),
        kind=_("寄信"),
        icon="printer",
        state="warn" if late else "good",
        words=_("有信函两天没有寄出") if late else _("正常"),
        leaves=_("最近寄出"),
        left_at=last.posted_at if last else None,
        figures=(
            figure(_("待打印"), "to_print", is_bad=late > 0),
            figure(_("待寄出"), "printed", is_bad=late > 0),
            figure(_("30 天内退回"), "returned", month),
        ),
        faults=_came_back(alive, month),
        attempt=partial(try_letters, by=user),
        leads_to="/console/letter-templates/" if can_manage_paper(user, None) else "",
    )


def _came_back(alive: PostQuerySet, since: date) -> tuple[Fault, ...]:
    """Why the post brought the last one back."""
    returned = alive.filter(state=PostState.RETURNED, posted_on__gte=since)
    last = returned.order_by("-pk").only("returned_why", "returned_at").first()
    return (Fault(last.returned_why, last.returned_at),) if last else ()
