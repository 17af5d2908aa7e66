"""What is being improved by this person's department, beside its tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.improvement import lists
from huiyin.journey.improvement.models import Improvement
from huiyin.surface.desk.lists import MOST, is_department, views_of, whose
from huiyin.surface.desk.lists import counts as tasks_of

SHOWN = 5  # under the tasks; the tab has the others
# What an owner asks for, and what stands there when there is none.
STATES: dict[str, Any] = {
    "working": _("由本部门负责的整改会出现在这里，最急的在最前面。现在没有要办的。"),
    "late": _("没有逾期的整改。"),
    "done": _("提交的整改会在这里等别人核验。"),
    "watching": _("没有正在观察效果的整改。"),
    "judging": _("没有等待判定效果的整改。"),
    "ended": _("已结束的整改会出现在这里。"),
}


@login_required
@require_GET
def improvements(request: HuiyinRequest) -> HttpResponse:
    """Those that this person or his department owns: by state, by words; rows alone for news."""
    now = moment.now()
    asked = replace(lists.Asked.read(request.GET), mine=True)
    if asked.view not in STATES:
        asked = replace(asked, view="working")
    counts = tasks_of(request.user, now) if not request.htmx else {}
    found, after = lists.page(request.user, asked, now)
    context = {
        "asked": asked,
        "improvements": found,
        "after": after,
        "query": urlencode(asked.query()),
        "empty": STATES[asked.view],
        "states": [(key, lists.BY_KEY[key].title) for key in STATES],
        "owed": owed(request.user),
        "whose": whose(request.user),
        "views": [(one, counts.get(one.key, "")) for one in views_of(request.user)],
    }
    if request.htmx or request.GET.get("after"):
        return render(request, "desk/improvement_rows.html", context)
    return render(request, "desk/improvements.html", context)


def owed(user: User) -> str:
    """How many have to be done now, capped; "" where this desk has no such tab."""
    count = Improvement.objects.visible_to(user).owed_by(user).order_by()[: MOST + 1].count()
    if not count and not is_department(user):
        return ""
    return str(count) if count <= MOST else f"{MOST}+"


def most_urgent(user: User, now: datetime) -> list[Improvement]:
    """The first of them, for the list of tasks."""
    asked = lists.Asked(view="working", mine=True)
    return lists.page(user, asked, now, SHOWN)[0]
