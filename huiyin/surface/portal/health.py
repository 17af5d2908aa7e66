"""The portal as a way in: what customers register there, and whether it would take it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db.models import Max
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Fault, Health
from huiyin.journey.channels.permissions import can_try_channels
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState
from huiyin.journey.intake.words import Via
from huiyin.surface.channels import entering
from huiyin.surface.portal.models import Count
from huiyin.surface.portal.rules import LIMITS
from huiyin.surface.portal.words import Counted

LATELY = timedelta(hours=1)
PURPOSE = "tracking_code"  # of the mail with number and code
PAGES = (
    ("/portal/", (b"/portal/complain/",)),
    ("/portal/complain/", (b'name="text"', b"csrfmiddlewaretoken")),
    ("/portal/follow/", (b'name="code"', b"csrfmiddlewaretoken")),
)


def rows(user: User) -> list[Health]:
    turned_away, not_sent = _turned_away(), _codes_not_sent()
    words = _("正常")
    if turned_away or not_sent:
        words = _("有网络被拦下") if turned_away else _("有查询码的邮件没有发出")
    return [
        Health(
            key="portal",
            name=_("客户门户"),
            kind=_("网页"),
            icon="globe",
            state="warn" if turned_away or not_sent else "good",
            words=words,
            comes=_("最近登记"),
            came_at=entering.last_at(Via.PORTAL),
            figures=entering.figures(Via.PORTAL, user),
            faults=(*turned_away, *not_sent),
            attempt=partial(try_portal, by=user),
        )
    ]


def _turned_away() -> tuple[Fault, ...]:
    """Networks that sent more than one house would; who they are is not kept."""
    what = Counted.COMPLAINT_BY_ADDRESS
    lately = Count.objects.filter(what=what, starts_at__gt=moment.now() - LATELY - LATELY)
    over = lately.filter(times__gt=LIMITS[what].most).aggregate(at=Max("starts_at"))["at"]
    return (Fault(_("有网络提交得太多，被拦下了"), over),) if over else ()


def _codes_not_sent() -> tuple[Fault, ...]:
    """The customer saw number and code on the page; the mail that he can keep did not leave."""
    failed = Letter.objects.filter(state=LetterState.FAILED, purpose=PURPOSE).order_by("-pk")
    last = failed.only("error", "next_try_at").first()
    if last is None:
        return ()
    return (Fault(_("查询码的邮件没有发出：%(why)s") % {"why": last.error}, last.next_try_at),)


def try_portal(*, by: User) -> str:
    """Its pages with their forms, as a stranger gets them: asked inside, then from outside."""
    can_try_channels.require(by, None)
    for path, marks in PAGES:
        entering.must_answer(path, 200, *marks)
    if entering.must_be_reached("/portal/complain/", 200):
        return _("投诉和查进度的表单都正常，公开地址也打得开")
    return _("投诉和查进度的表单都正常；还没有设置公开地址，只在本机试了")
