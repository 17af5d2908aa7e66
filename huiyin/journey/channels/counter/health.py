"""How the counter is: visits of today, and what was begun and left lying."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.counter.models import Walkin
from huiyin.journey.channels.counter.permissions import can_serve
from huiyin.journey.channels.counter.words import WalkinState
from huiyin.journey.channels.health import Figure, Health

LEFT_AFTER = timedelta(hours=2)
MOST = 1000


def rows(user: User) -> list[Health]:
    now = moment.now()
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    done = Walkin.objects.filter(state=WalkinState.DONE)
    left = Walkin.objects.begun().filter(updated_at__lt=now - LEFT_AFTER)[:MOST].count()
    last = done.only("signed_at").first()
    address = reverse("counter:home") if can_serve(user, None) else ""
    return [
        Health(
            name=_("柜台登记"),
            kind=_("柜台"),
            icon="store",
            state="warn" if left else "good",
            words=_("有登记两小时没有完成") if left else _("正常"),
            came_at=last.signed_at if last else None,
            figures=(
                Figure(_("今天登记"), done.filter(signed_at__gte=midnight)[:MOST].count(), address),
                Figure(_("未完成"), left, address),
            ),
        )
    ]
