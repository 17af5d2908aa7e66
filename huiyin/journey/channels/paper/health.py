"""How letters on paper are: what came in, and what waits to be printed and posted."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Figure, Health
from huiyin.journey.channels.paper import recognition
from huiyin.journey.channels.paper.models import Page, Piece, Post, Scan
from huiyin.journey.channels.paper.permissions import can_manage_paper, can_register_paper
from huiyin.journey.channels.paper.words import PieceState, PostState, ReadState, ScanState

LATE = timedelta(days=2)  # a letter of ours that lies so long has been forgotten
MOST = 1000


def rows(user: User) -> list[Health]:
    return [_incoming(user), _outgoing(user)]


def _incoming(user: User) -> Health:
    now = moment.now()
    waiting = Piece.objects.waiting()[:MOST].count()
    stuck = Scan.objects.due(now - timedelta(minutes=5))[:MOST].count()
    broken = Scan.objects.filter(state=ScanState.FAILED, piece__state=PieceState.WAITING)
    failed = broken[:MOST].count()
    queued = Page.objects.filter(reading=ReadState.QUEUED)[:MOST].count()
    last = Piece.objects.order_by("-pk").only("at").first()
    address = reverse("paper:queue") if can_register_paper(user, None) else ""
    state, words = "good", _("正常")
    if stuck:
        state, words = "bad", _("扫描件没有生成预览")
    elif failed:
        state, words = "warn", _("有扫描件打不开")
    elif not recognition.is_there():
        words = _("正常；没有安装文字识别，文字由人录入")
    return Health(
        name=_("来信扫描"),
        kind=_("信件"),
        icon="scan-text",
        state=state,
        words=words,
        came_at=last.at if last else None,
        figures=(
            Figure(_("待登记"), waiting, address),
            Figure(_("打不开"), failed, address, is_bad=failed > 0),
            Figure(_("等待识别"), queued, address),
        ),
    )


def _outgoing(user: User) -> Health:
    now = moment.now()
    alive = Post.objects.alive()
    to_print = alive.filter(state=PostState.TO_PRINT)[:MOST].count()
    printed = alive.filter(state=PostState.PRINTED)[:MOST].count()
    unsent = alive.filter(state__in=(PostState.TO_PRINT, PostState.PRINTED), at__lt=now - LATE)
    late = unsent[:MOST].count()
    month = timezone.localdate(now) - timedelta(days=30)
    returned = alive.filter(state=PostState.RETURNED, posted_on__gte=month)[:MOST].count()
    last = alive.filter(state=PostState.POSTED).order_by("-posted_at").first()
    address = reverse("paper:posts") if can_register_paper(user, None) else ""

    def rows_of(state: str) -> str:
        return f"{address}?state={state}" if address else ""

    return Health(
        name=_("信函"),
        kind=_("寄信"),
        icon="printer",
        state="warn" if late else "good",
        words=_("有信函两天没有寄出") if late else _("正常"),
        left_at=last.posted_at if last else None,
        figures=(
            Figure(_("待打印"), to_print, rows_of("to_print"), is_bad=late > 0),
            Figure(_("待寄出"), printed, rows_of("printed"), is_bad=late > 0),
            Figure(_("被退回"), returned, rows_of("returned")),
        ),
        leads_to="/console/letter-templates/" if can_manage_paper(user, None) else "",
    )
