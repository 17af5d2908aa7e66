"""Letters that stayed in the outbox for want of a mail server, longer than a day: they leave only
when somebody says so, who is told how many there are and from when (留下的信)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail.actions import sending
from huiyin.journey.conversation.models import Letter
from huiyin.surface.console.actions import keep
from huiyin.surface.console.permissions import can_send_held
from huiyin.surface.console.words import Did

MOST_AT_ONCE = 500  # of which each leaves a line in the history
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Held:
    """How many, and from when to when."""

    count: int
    oldest: datetime | None
    newest: datetime | None


def of_seen(user: User, since: date | None = None) -> QuerySet[Letter]:
    """Those of complaints that he sees, written on that day or later."""
    from huiyin.surface.console.sections.records import letters_of_seen

    rows = letters_of_seen(sending.too_old(moment.now()), user)
    if since is not None:
        begin = timezone.make_aware(datetime.combine(since, time.min))
        rows = rows.filter(created_at__gte=begin)
    return rows


def counted(user: User, since: date | None = None) -> Held:
    rows = of_seen(user, since).order_by("pk")[:MOST_COUNTED]
    ids = Letter.objects.filter(pk__in=rows.values("pk"))
    told = ids.aggregate(oldest=Min("created_at"), newest=Max("created_at"))
    return Held(ids.count(), told["oldest"], told["newest"])


@transaction.atomic
def send(*, by: User, since: date | None = None) -> int:
    """Each into the ordinary queue, the oldest first. What another person sends just now is left to
    him: nothing goes twice."""
    can_send_held.require(by, None)
    if not sending.has_server():
        raise Refused(_("还没有发信服务器，先在“管理 › 邮箱”里设置"))
    rows = of_seen(by, since).order_by("pk").select_for_update(skip_locked=True, of=("self",))
    letters = list(rows[:MOST_AT_ONCE])
    if not sending.queue(letters):
        raise Refused(_("没有这样留下的信了，可能别人刚刚发送过；请刷新查看"))
    from huiyin.surface.console.sections import BY_NAME

    for letter in letters:
        keep(BY_NAME["letters"], letter, Did.RETRIED, by=by)
    return len(letters)


def facts(user: User) -> Mapping[str, Any]:
    """What stands over the list of the outbox."""
    if not can_send_held(user, None):
        return {}
    return {"held": counted(user), "has_server": sending.has_server()}


def day_of(typed: str) -> date | None:
    """ "" is no day; what is none is refused with its field."""
    if not typed.strip():
        return None
    found = moment.read_day(typed)
    if found is None:
        raise Invalid(_("日期请写成 2026-11-22"), since=_("日期请写成 2026-11-22"))
    return found


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def page(request: HuiyinRequest) -> HttpResponse:
    """How many they are from that day on; then, when that is confirmed, they go."""
    from huiyin.surface.console.views import found, frame

    can_send_held.require(request.user, None)
    asked = request.POST if request.method == "POST" else request.GET
    since = day_of(asked.get("since", ""))
    if request.method == "POST":
        count = send(by=request.user, since=since)
        told = ngettext(
            "%(n)s 封信已放回队列，马上逐封发出", "%(n)s 封信已放回队列，马上逐封发出", count
        )
        messages.success(request, told % {"n": count})
        return redirect("console:section", "letters")
    context = frame(request, found(request, "letters")) | {
        "held": counted(request.user, since),
        "since": since,
        "has_server": sending.has_server(),
        "most": MOST_AT_ONCE,
    }
    return render(request, "console/held.html", context)
