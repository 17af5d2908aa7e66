"""The league of timeliness, the rows behind each of its figures, and the open tasks."""

from __future__ import annotations

import csv
import hashlib
from io import StringIO
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from huiyin.ground import moment
from huiyin.ground.people.models import Department, Team
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.exchange.permissions import can_export
from huiyin.surface.exchange.rules.cells import safe_cell
from huiyin.surface.kept import condition_of
from huiyin.surface.oversight import charts, departments, findings, rules
from huiyin.surface.oversight.league import LEAGUES, League
from huiyin.surface.oversight.permissions import can_see_board
from huiyin.surface.oversight.rules.league import FEWEST, Line, Period, period, whole

FRESH_FOR = 60  # seconds: a month of tasks does not move faster
PERIODS = (
    ("week", gettext_lazy("本周")),
    ("month", gettext_lazy("本月")),
    ("last-month", gettext_lazy("上月")),
    ("30", gettext_lazy("近 30 日")),
    ("90", gettext_lazy("近 90 日")),
    ("quarter", gettext_lazy("本季度")),
)
IS = (
    ("", gettext_lazy("全部在办")),
    ("unsigned", gettext_lazy("未签收")),
    ("soon", gettext_lazy("将超时")),
    ("late", gettext_lazy("已超时")),
    ("disputed", gettext_lazy("争议待裁定")),
)
TASKS = 50


def _period(request: HuiyinRequest) -> Period:
    since, until = (moment.read_day(request.GET.get(name, "")) for name in ("from", "to"))
    key = "own" if since and until else request.GET.get("period", "")
    return period(key, moment.today(), since, until)


def _league(request: HuiyinRequest) -> League:
    key = request.GET.get("of", LEAGUES[0].key)
    found = next((one for one in LEAGUES if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _asked(league: League, chosen: Period, **more: str) -> str:
    """As URL parameters."""
    when = {"period": chosen.key}
    if chosen.key == "own":
        when = {"from": f"{chosen.since}", "to": f"{chosen.until}"}
    asked = {"of": league.key, **when, **more}
    return urlencode({name: value for name, value in asked.items() if value})


def _lines(request: HuiyinRequest, league: League, chosen: Period) -> list[Line]:
    """What this person may see of it, as it was within the minute."""
    seen = Complaint.objects.visible_to(request.user)
    where = (condition_of(seen), league.key, chosen, request.LANGUAGE_CODE)
    key = f"league:{hashlib.sha256(repr(where).encode()).hexdigest()}"
    found: list[Line] | None = cache.get(key)
    if found is None:
        found = league.lines(seen, chosen)
        cache.set(key, found, FRESH_FOR)
    return found


@login_required
@require_GET
def league(request: HuiyinRequest) -> HttpResponse:
    """Departments, or teams, by the share they did in time; each figure opens its rows."""
    can_see_board.require(request.user, None)
    this, chosen = _league(request), _period(request)
    lines = _lines(request, this, chosen)
    rows_of = {line.key: _rows_of(this, chosen, line) for line in lines}
    first = this.measures[0]
    context = {
        "this": this,
        "chosen": chosen,
        "leagues": [(one, _asked(one, chosen)) for one in LEAGUES],
        "periods": [(key, title, _asked(this, _named(key))) for key, title in PERIODS],
        "query": _asked(this, chosen),
        "lines": [(line, rows_of[line.key]) for line in lines],
        "whole": list(zip(this.measures, whole(lines), strict=True)) if lines else [],
        "fewest": FEWEST,
        "title": findings.of_league(lines, str(first.title)),
        "chart": charts.league(
            [line for line in lines if line.cells[0].whole],
            str(first.title),
            [rows_of[line.key][0]["href"] for line in lines if line.cells[0].whole],
        ),
        "may_export": can_export(request.user, None),
    }
    return render(request, "oversight/league.html", context)


def _named(key: str) -> Period:
    return period(key, moment.today())


def _rows_of(this: League, chosen: Period, line: Line) -> list[dict[str, Any]]:
    """Each cell with the address of its rows: those that were not so, where that is the news."""
    address = reverse("oversight:rows")
    return [
        {
            "measure": one,
            "cell": cell,
            "share": rules.percent(cell.part, cell.whole),
            "href": f"{address}?{_asked(this, chosen, who=line.key, measure=one.key)}",
            "news": f"{address}?{_asked(this, chosen, **_news(line, one))}",
            "news_count": cell.whole - cell.part if one.good else cell.part,
        }
        for one, cell in zip(this.measures, line.cells, strict=True)
    ]


def _news(line: Line, one: Any) -> dict[str, str]:
    return {"who": line.key, "measure": one.key, "part": "no" if one.good else "yes"}


@login_required
@require_GET
def file(request: HuiyinRequest) -> HttpResponse:
    """The same as a table to take along. Sums of many, no word of anybody."""
    can_see_board.require(request.user, None)
    can_export.require(request.user, None)
    this, chosen = _league(request), _period(request)
    text = StringIO()
    sheet = csv.writer(text)
    heads = [_("名次"), str(this.title)]
    for one in this.measures:
        heads += [f"{one.title} %", f"{one.title}", _("计入")]
    sheet.writerow([safe_cell(head) for head in heads])
    for line in _lines(request, this, chosen):
        row = [str(line.rank or _("样本不足")), line.name]
        for cell in line.cells:
            share = "" if cell.share is None else f"{cell.share * 100:.1f}"
            row += [share, str(cell.part), str(cell.whole)]
        sheet.writerow([safe_cell(one) for one in row])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"league-{this.key}-{chosen.since}-{chosen.until}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_required
@require_GET
def rows(request: HuiyinRequest) -> HttpResponse:
    """The rows behind one figure."""
    can_see_board.require(request.user, None)
    this, chosen = _league(request), _period(request)
    measure = this.measure(request.GET.get("measure", this.measures[0].key))
    if measure is None:
        raise Http404
    who, part = request.GET.get("who", ""), request.GET.get("part", "")
    part = part if part in ("yes", "no") else ""
    after = _number(request.GET.get("after", ""))
    seen = Complaint.objects.visible_to(request.user)
    found, more = this.rows(seen, chosen, measure, code=who, part=part, after=after)
    context = {
        "this": this,
        "chosen": chosen,
        "measure": measure,
        "who": _name(this, who),
        "rows": found,
        "more": more and _asked(this, chosen, who=who, measure=measure.key, part=part),
        "after": more,
        "part": part,
        "parts": [
            (key, title, _asked(this, chosen, who=who, measure=measure.key, part=key))
            for key, title in _parts(measure.good)
        ],
        "back": _asked(this, chosen),
    }
    return render(request, "oversight/rows.html", context)


def _parts(good: bool) -> tuple[tuple[str, str], ...]:
    yes, no = (_("做到的"), _("没做到的")) if good else (_("发生的"), _("没有发生的"))
    return (("", _("全部计入的")), ("yes", yes), ("no", no))


def _name(this: League, code: str) -> str:
    if not code:
        return ""
    table: Any = Department if this.key == "departments" else Team
    found = table.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return getattr(found, "shown_name", "") or found.name


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


@login_required
@require_GET
def tasks(request: HuiyinRequest) -> HttpResponse:
    """Open tasks of departments, the oldest first: behind the figures of the board."""
    can_see_board.require(request.user, None)
    now = moment.now()
    picks = {
        "unsigned": departments.UNSIGNED,
        "soon": departments.soon(now),
        "late": departments.late(now),
        "disputed": departments.DISPUTED,
    }
    how, code = request.GET.get("is", ""), request.GET.get("department", "")
    how = how if how in picks else ""
    seen = Complaint.objects.visible_to(request.user)
    found = departments.tasks_of(seen).open().with_all()
    if how:
        found = found.filter(picks[how])
    if code:
        found = found.filter(department__code=code)
    after = _number(request.GET.get("after", ""))
    listed = list(found.filter(pk__gt=after).order_by("pk")[: TASKS + 1])
    context = {
        "tasks": [(task, task.is_late(now)) for task in listed[:TASKS]],
        "after": listed[TASKS - 1].pk if len(listed) > TASKS else None,
        "departments": Department.objects.in_use(),
        "code": code,
        "how": how,
        "kinds": [(key, title, urlencode({"department": code, "is": key})) for key, title in IS],
        "query": urlencode({"department": code, "is": how}),
    }
    return render(request, "oversight/tasks.html", context)
