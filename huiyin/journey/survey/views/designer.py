"""The list of surveys, and the designer: questions in order, words, settings, publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.survey import actions, lists, rules, shown
from huiyin.journey.survey.forms import (
    QuestionForm,
    SettingsForm,
    SurveyForm,
    WordsForm,
    typed_of,
)
from huiyin.journey.survey.models import Survey, Version
from huiyin.journey.survey.permissions import can_design, can_rule, can_see_surveys

USED = ("", "on", "off")


def frame(request: HuiyinRequest, survey: Survey, at: str) -> dict[str, Any]:
    """What every page of one survey shows: its name and the ways to its other pages."""
    return {
        "survey": survey,
        "at": at,
        "may_design": can_design(request.user, survey),
        "may_rule": can_rule(request.user, None),
    }


def found(request: HuiyinRequest, pk: int) -> Survey:
    can_see_surveys.require(request.user, None)
    return get_object_or_404(Survey, pk=pk)


@login_required
@require_GET
def surveys(request: HuiyinRequest) -> HttpResponse:
    """Every survey: few rows, found by name, with what is in use first."""
    can_see_surveys.require(request.user, None)
    typed, used = request.GET.get("q", "")[:80].strip(), request.GET.get("state", "")
    used = used if used in USED else ""
    rows = lists.surveys(typed, off={"on": False, "off": True}.get(used))
    context = {
        "rows": rows[:200],
        "typed": typed,
        "used": used,
        "may_design": can_design(request.user, None),
        "may_rule": can_rule(request.user, None),
    }
    return render(request, "survey/list.html", context)


@login_required
def new(request: HuiyinRequest) -> HttpResponse:
    can_design.require(request.user, None)
    form = SurveyForm(request.POST or None)
    if form.is_valid():
        made = form.take(lambda: actions.create(by=request.user, **form.cleaned_data))
        if made is not None:
            return redirect("survey:design", made.pk)
    status = form.status if form.is_bound else 200
    return render(request, "survey/new.html", {"form": form}, status=status)


@login_required
def settings(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Name, whether it is sent, from which score on somebody calls."""
    survey = found(request, pk)
    can_design.require(request.user, survey)
    form = SettingsForm(request.POST or None, instance=survey)
    valid = form.is_valid()
    if valid and form.did(lambda: actions.change(survey, by=request.user, **form.cleaned_data)):
        messages.success(request, _("已保存"))
        return redirect("survey:settings", pk)
    context = frame(request, get_object_or_404(Survey, pk=pk), "settings") | {"form": form}
    status = form.status if form.is_bound else 200
    return render(request, "survey/settings.html", context, status=status)


@never_cache
@login_required
@require_GET
def design(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The draft, or another version by `?version=`; what is published is only read."""
    survey = found(request, pk)
    versions = list(survey.versions.select_related("published_by"))
    version = _chosen(versions, request.GET.get("version", ""))
    context = frame(request, survey, "design") | {
        "versions": versions,
        "version": version,
        "questions": _told(version) if version else [],
        "has_draft": any(one.is_draft for one in versions),
        "words_form": WordsForm(initial=_words_of(version)) if version else None,
    }
    return render(request, "survey/design.html", context)


def _chosen(versions: list[Version], asked: str) -> Version | None:
    """The one that is asked for, else the draft, else what is sent now."""
    named = next((one for one in versions if str(one.number) == asked), None)
    return named or (versions[0] if versions else None)


def _words_of(version: Version) -> dict[str, Any]:
    return {**vars(actions.Words.of(version)), "edition": version.edition}


def _told(version: Version) -> list[dict[str, Any]]:
    told = shown.asked(version)
    for at, one in enumerate(told):
        one["only_when"] = shown.condition_in_words(one["when"], version.questions[:at])
    return told


def _draft(request: HuiyinRequest, survey: Survey) -> Version:
    """The draft that a form of the designer is about."""
    can_design.require(request.user, survey)
    return get_object_or_404(survey.versions, published_at=None)


def _edition(request: HuiyinRequest) -> int:
    return lists.number(request.POST.get("edition", "")) or 0


@login_required
@require_POST
def drafting(request: HuiyinRequest, pk: int) -> HttpResponse:
    """A new draft that begins as the published version stands."""
    actions.draft_of(found(request, pk), by=request.user)
    return redirect("survey:design", pk)


@login_required
@require_POST
def wording(request: HuiyinRequest, pk: int) -> HttpResponse:
    survey = found(request, pk)
    draft, form = _draft(request, survey), WordsForm(request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        edition, words = said.pop("edition"), actions.Words(**said)
        if form.take(lambda: actions.put(draft, by=request.user, edition=edition, words=words)):
            messages.success(request, _("已保存"))
            return redirect("survey:design", pk)
    context = frame(request, survey, "design") | {
        "versions": list(survey.versions.select_related("published_by")),
        "version": draft,
        "questions": _told(draft),
        "has_draft": True,
        "words_form": form,
    }
    return render(request, "survey/design.html", context, status=form.status)


@never_cache
@login_required
def question(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The form of one question: `?key=` for one that is there, none for a new one at the end."""
    survey = found(request, pk)
    draft, key = _draft(request, survey), request.GET.get("key", "")
    at = next((n for n, one in enumerate(draft.questions) if one["key"] == key), None)
    if key and at is None:
        raise Http404
    kept = draft.questions[at] if at is not None else None
    before = draft.questions if at is None else draft.questions[:at]
    begins = {"edition": draft.edition, **(typed_of(kept) if kept else {})}
    form = QuestionForm(request.POST or None, initial=begins, before=before)
    if form.is_valid():
        one = form.question(key or rules.next_key(draft.questions), kept)
        listed = [*draft.questions]
        listed[slice(len(listed) if at is None else at, None if at is None else at + 1)] = [one]
        edition = form.cleaned_data["edition"]
        if form.take(
            lambda: actions.put(draft, by=request.user, edition=edition, questions=listed)
        ):
            return redirect(f"{_address(pk)}#{one['key']}")
    context = frame(request, survey, "design") | {"form": form, "key": key, "at": at}
    status = form.status if form.is_bound else 200
    return render(request, "survey/question.html", context, status=status)


def _address(pk: int) -> str:
    return reverse("survey:design", args=[pk])


@login_required
@require_POST
def ordering(request: HuiyinRequest, pk: int) -> HttpResponse:
    """One place up or down. A question that asks for a later one stays where it is, with why."""
    draft = _draft(request, found(request, pk))
    by = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)
    key = request.POST.get("key", "")
    listed = rules.moved(draft.questions, key, by)
    actions.put(draft, by=request.user, edition=_edition(request), questions=listed)
    return redirect(f"{_address(pk)}#{key}" if draft.question(key) else _address(pk))


@login_required
@require_POST
def removal(request: HuiyinRequest, pk: int) -> HttpResponse:
    draft = _draft(request, found(request, pk))
    listed = [one for one in draft.questions if one["key"] != request.POST.get("key", "")]
    actions.put(draft, by=request.user, edition=_edition(request), questions=listed)
    return redirect("survey:design", pk)


@login_required
@require_POST
def publication(request: HuiyinRequest, pk: int) -> HttpResponse:
    draft = _draft(request, found(request, pk))
    actions.publish(draft, by=request.user, edition=_edition(request))
    messages.success(request, _("已发布第 %(number)s 版") % {"number": draft.number})
    return redirect("survey:design", pk)
