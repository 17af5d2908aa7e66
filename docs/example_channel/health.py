"""One more row on the page of channels: about the site as a whole. Each account has its own one
already, from hooks."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Figure, Health
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.hooks.words import ArrivalState

from . import connector


def rows(user: User) -> list[Health]:
    shops = list(Hook.objects.in_use().filter(connector=connector.KIND))
    if not shops:
        return []
    failed = Arrival.objects.filter(hook__in=shops, state=ArrivalState.FAILED).count()
    address = reverse("hooks:arrivals") + "?state=failed"
    if len(shops) == 1:
        address += f"&hook={shops[0].pk}"
    return [
        Health(
            key=connector.KIND,
            name=str(connector.LABEL),
            kind=_("%(n)s 家店铺") % {"n": len(shops)},
            icon="star",
            state="bad" if failed else "good",
            words=_("有故障") if failed else _("正常"),
            came_at=max((one.came_ok_at for one in shops if one.came_ok_at), default=None),
            figures=(Figure(_("处理失败"), failed, address, is_bad=failed > 0),),
        )
    ]
