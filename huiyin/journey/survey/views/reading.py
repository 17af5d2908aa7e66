"""Figures, answers, and what was sent."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from huiyin.ground.people.models import Team
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.survey import charts, lists, rules, shown
from huiyin.journey.survey import results as figures
from huiyin.journey.survey.models import Answer, Survey
from huiyin.journey.survey.permissions import can_take_out, knows_who, sees_house
from huiyin.journey.survey.results import FIXED, PERIODS, Asked
from huiyin.journey.survey.views.designer import found, frame

NAMES = {
    "month": gettext_lazy("本月"),
    "last-month": gettext_lazy("上月"),
    "30": gettext_lazy("近 30 日"),
    "90": gettext_lazy("近 90 日"),
    "quarter": gettext_lazy("本季度"),
}


def _narrowing(request: HuiyinRequest, survey: Survey, asked: Asked, query: dict[str, str]) -> Any:
    """The choices above figures and answers."""
    whole = knows_who(request.user)
    beside = {name: value for name, value in query.items() if name not in ("period", "from", "to")}
    return {
        "asked": asked,
        "whole": whole,
        "periods": [
            (key, NAMES[key], urlencode({**beside, "period": key}))
            for key in (PERIODS if whole else FIXED)
        ],
        "beside": beside,
        "teams": _teams(request),
        "headings": shown.category_names(),
        "numbers": list(
            survey.versions.filter(published_at__isnull=False).values_list("number", flat=True)
        )
        if whole
        else [],
    }


def _teams(request: HuiyinRequest) -> list[Team]:
    teams = Team.objects.filter(retired_at=None)
    if not sees_house(request.user, None):
        teams = teams.filter(pk__in=request.user.team_ids)
    return list(teams)


@login_required
@require_GET
def results(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Scores with their formulas, over time, by team and heading, and what customers wrote."""
    survey = found(request, pk)
    asked = Asked.read(request.GET, request.user)
    version = _version(survey, asked)
    seen = figures.results(request.user, survey, asked, version)
    context: dict[str, Any] = {
        **frame(request, survey, "results"),
        **_narrowing(request, survey, asked, asked.query()),
        "seen": seen,
        "version": version,
        "fewest": rules.FEWEST_SHOWN,
        "few": rules.FEW,
        "formulas": shown.formulas(),
        "answers_href": shown.link(seen) if seen.whole else "",
    }
    if seen.answers:
        context |= _drawn(request, seen)
        context["questions"] = shown.distributions(seen, version) if version else []
    return render(request, "survey/results.html", context)


def _version(survey: Survey, asked: Asked) -> Any:
    """Whose questions are told one by one: the one asked for, else what is sent now."""
    if asked.version:
        return survey.versions.filter(number=asked.version, published_at__isnull=False).first()
    return survey.published


def _drawn(request: HuiyinRequest, seen: figures.Results) -> dict[str, Any]:
    curves = [
        (f"chart-{metric}", charts.over_time(seen, metric), tile)
        for tile in shown.tiles(seen)
        if (metric := tile["metric"]) and any(metric in scores for _w, _n, scores in seen.weeks)
    ]
    return {
        "tiles": shown.tiles(seen),
        "curves": curves,
        "nps": charts.nps_bar(seen),
        "by_team": shown.lines(seen, "team"),
        "by_category": shown.lines(seen, "category"),
        "emotions": shown.emotion_names(seen),
        "themes": shown.theme_names(seen),
        "keywords": shown.keyword_links(seen),
        "low_href": shown.link(seen, part=lists.LOW) if seen.whole else "",
        "words": shown.words_without_names(request.user, seen.survey, seen.asked)
        if not seen.whole
        else [],
        "texts_href": shown.link(seen, part=lists.HAS_TEXT) if seen.whole else "",
    }


@login_required
@require_GET
def answers(request: HuiyinRequest, pk: int) -> HttpResponse:
    """One by one, the newest first: all of them for managers and quality officers, for others
    those whose customers allowed it."""
    survey = found(request, pk)
    asked = Asked.read(request.GET, request.user)
    narrowed = lists.Narrowed.read(request.GET)
    rows, after = lists.page(request.user, survey, asked, narrowed)
    query = {**asked.query(), **narrowed.query()}
    context = {
        **frame(request, survey, "answers"),
        **_narrowing(request, survey, asked, query),
        "rows": [(one, shown.answered(one)) for one in rows],
        "openable": lists.openable(request.user, rows),
        "narrowed": narrowed,
        "after": after,
        "query": urlencode(query),
        "plain": urlencode(asked.query()),
    }
    if request.GET.get("after"):
        return render(request, "survey/rows.html", context)
    context |= {
        "parts": [
            (key, title, urlencode({**query, "part": key} if key else _less(query, "part")))
            for key, title in lists.PARTS
        ],
        "may_export": can_take_out(request.user, None),
    }
    return render(request, "survey/answers.html", context)


def _less(query: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in query.items() if key != name}


@login_required
@require_GET
def answer(request: HuiyinRequest, pk: int, answer_pk: int) -> HttpResponse:
    """One answer whole."""
    survey = found(request, pk)
    visible = Answer.objects.told_whole_to(request.user).filter(survey=survey)
    related = ("complaint__customer", "version", "team", "handler", "invitation", "survey")
    one = get_object_or_404(visible.select_related(*related), pk=answer_pk)
    context = frame(request, survey, "answers") | {
        "one": one,
        "said": shown.answered(one),
        "may_open": bool(lists.openable(request.user, [one])),
        "themes": [name for code in one.themes if (name := shown.theme_name(code))],
    }
    return render(request, "survey/answer.html", context)


@login_required
@require_GET
def sent(request: HuiyinRequest, pk: int) -> HttpResponse:
    """What was sent, what waits, what was not sent and why."""
    survey = found(request, pk)
    state = request.GET.get("state", "")
    q = request.GET.get("q", "").replace("\x00", "").strip()[: lists.LONGEST_Q]
    after = lists.number(request.GET.get("after", ""))
    rows, more = lists.invitations(request.user, survey, state=state, q=q, after=after)
    context = frame(request, survey, "sent") | {
        "rows": rows,
        "after": more,
        "state": state,
        "q": q,
        "states": lists.SENT,
        "query": urlencode({name: v for name, v in (("state", state), ("q", q)) if v}),
        "rules": survey.rules.all(),
    }
    template = "survey/sent_rows.html" if request.GET.get("after") else "survey/sent.html"
    return render(request, template, context)
