"""Opening a wall screen, and closing it for good."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User, hashed
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.conversation.actions import said
from huiyin.surface.oversight.models import Wall, new_token
from huiyin.surface.oversight.permissions import can_make_wall

DAYS = (7, 30, 90, 180)
MOST_OPEN = 20


@transaction.atomic
def open_wall(*, by: User, name: str, team: Team | None, days: int) -> tuple[Wall, str]:
    """Make a link to a screen; the second value is its token, shown this once."""
    can_make_wall.require(by, None)
    sentence = _("请写明大屏放在哪里，例如“一楼大厅”")
    name = said(name, name="name", most=80, missing=sentence)
    if days not in DAYS:
        raise Invalid(_("请选择有效期"), days=_("请选择"))
    now = moment.now()
    if Wall.objects.alive(now).count() >= MOST_OPEN:
        raise Refused(_("已有 %(most)s 个大屏在用，请先停用不再需要的") % {"most": MOST_OPEN})
    token = new_token()
    wall = Wall.objects.create(
        name=name,
        team=team,
        token_hash=hashed(token),
        by=by,
        at=now,
        expires_at=now + timedelta(days=days),
    )
    return wall, token


@transaction.atomic
def close_wall(wall: Wall, *, by: User) -> None:
    """The link opens nothing from now on, also where it is open already."""
    can_make_wall.require(by, None)
    still = Wall.objects.filter(pk=wall.pk, revoked_at=None)
    if not still.update(revoked_at=moment.now(), revoked_by=by):
        raise Refused(_("这个大屏已经停用了，请刷新页面"))
