"""The API as a way in: what came by it, whether programs would get in, a try of its gate."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import ApiToken, User
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.health import Health
from huiyin.journey.channels.permissions import can_try_channels
from huiyin.journey.intake.words import Via
from huiyin.surface.channels import entering
from huiyin.surface.console.permissions import can_manage_tokens

SOON = timedelta(days=7)
GATE = "/api/v1/complaints"


def rows(user: User) -> list[Health]:
    now = moment.now()
    alive = list(ApiToken.objects.alive(now).values_list("expires_at", flat=True)[:1000])
    soon = sum(ends is not None and ends < now + SOON for ends in alive)
    state, words = "good", _("正常，%(count)s 个有效令牌") % {"count": len(alive)}
    if not alive:
        state, words = "off", _("没有有效令牌，没有程序接入")
    elif soon:
        state, words = "warn", _("%(count)s 个令牌 7 天内到期") % {"count": soon}
    return [
        Health(
            key="api",
            name=_("接口（API）"),
            kind=_("程序接入"),
            icon="braces",
            state=state,
            words=words,
            comes=_("最近登记"),
            came_at=entering.last_at(Via.API),
            figures=entering.figures(Via.API, user),
            attempt=partial(try_api, by=user),
            leads_to="/console/tokens/" if can_manage_tokens(user, None) else "",
        )
    ]


def try_api(*, by: User) -> str:
    """Nobody gets in without a token, and whoever has one gets an answer: asked inside, the gate
    from outside too."""
    can_try_channels.require(by, None)
    entering.must_answer(GATE, 401, b"Authorization")
    with transaction.atomic():
        token, secret = ApiToken.issue(by, "test")
        entering.must_answer(GATE, 200, authorization=f"Bearer {secret}")
        token.delete()  # nobody else ever saw it
    if entering.must_be_reached(GATE, 401):
        return _("有令牌的请求得到应答，没有令牌的被拒绝；公开地址也打得开")
    return _("有令牌的请求得到应答，没有令牌的被拒绝；还没有设置公开地址，只在本机试了")
