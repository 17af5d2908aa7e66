"""How the counter is: visits of today, and what was begun and left lying."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.counter import lists
from huiyin.journey.channels.counter.actions.testing import try_counter
from huiyin.journey.channels.counter.models import Walkin
from huiyin.journey.channels.counter.permissions import can_serve
from huiyin.journey.channels.counter.words import WalkinState
from huiyin.journey.channels.health import Figure, Health

LEFT_AFTER = timedelta(hours=2)
MOST = 1000


def rows(user: User) -> list[Health]:
    """A visit that is not finished is its clerk's alone: of those there is only the number."""
    now, today = moment.now(), moment.today()
    opens = can_serve(user, None)
    done = Walkin.objects.filter(state=WalkinState.DONE)
    counted = lists.narrowed(lists.Asked(), user) if opens else done
    of_today = counted.filter(signed_at__gte=lists.midnight(today))[:MOST].count()
    left = Walkin.objects.begun().filter(updated_at__lt=now - LEFT_AFTER)[:MOST].count()
    last = done.only("signed_at").first()
    address = f"{reverse('counter:home')}?day={today:%Y-%m-%d}" if opens else ""
    return [
        Health(
            key="counter",
            name=_("柜台登记"),
            kind=_("柜台"),
            icon="store",
            state="warn" if left else "good",
            words=_("有登记两小时没有完成") if left else _("正常"),
            comes=_("最近登记"),
            came_at=last.signed_at if last else None,
            figures=(
                Figure(_("今天登记"), of_today, address),
                Figure(_("两小时没有完成"), left, is_bad=left > 0),
            ),
            attempt=partial(try_counter, by=user),
        )
    ]
