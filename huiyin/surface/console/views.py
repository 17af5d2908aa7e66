"""Lists, forms and histories of every section; what they show is said in `sections/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.triage import knowledge, shown
from huiyin.surface.console import actions, imports
from huiyin.surface.console.knobs import told_knobs
from huiyin.surface.console.models import ConfigChange
from huiyin.surface.console.permissions import (
    can_open_console,
    can_see_configuration,
    can_see_settings,
)
from huiyin.surface.console.section import PAGE, Choice, Column, Filter, Section
from huiyin.surface.console.sections import BY_NAME, SECTIONS
from huiyin.surface.console.words import Did, Group
from huiyin.surface.exchange.permissions import can_import

HISTORY_SHOWN = 20
CHILDREN_SHOWN = 400
LONGEST_TRIAL = 8000


@dataclass(frozen=True)
class Chosen:
    """A filter and what was chosen of it."""

    filter: Filter
    value: str

    @property
    def choices(self) -> Sequence[Choice]:
        return self.filter.choices()


def found(request: HuiyinRequest, name: str) -> Section:
    """The section of this name, if this person may see it."""
    section = BY_NAME.get(name)
    if section is None:
        raise Http404
    section.may_see.require(request.user, None)
    return section


def row_of(section: Section, request: HuiyinRequest, pk: str) -> Any:
    key = section.key_of(pk)
    if key is None:
        raise Http404
    return get_object_or_404(section.everything(request.user), pk=key)


def frame(request: HuiyinRequest, section: Section | None = None) -> dict[str, Any]:
    """What every page of the console shows: the sections this person may open, by group."""
    seen = [s for s in SECTIONS if not s.parent and s.may_see(request.user, None)]
    groups = [(group, [s for s in seen if s.group == group]) for group in Group]
    return {
        "groups": [(group, sections) for group, sections in groups if sections],
        "section": section,
        "may_see_settings": can_see_settings(request.user, None),
        "may_import": can_import(request.user, None),
    }


@login_required
def index(request: HuiyinRequest) -> HttpResponse:
    can_open_console.require(request.user, None)
    return render(request, "console/index.html", frame(request))


@login_required
def settings_page(request: HuiyinRequest) -> HttpResponse:
    """Every knob as it stands; secrets only as set or not set."""
    can_see_settings.require(request.user, None)
    return render(request, "console/settings.html", frame(request) | {"knobs": told_knobs()})


@never_cache
@login_required
@require_POST
def trial(request: HuiyinRequest) -> HttpResponse:
    """Read a text by the words as they are saved. Keeps nothing."""
    can_see_configuration.require(request.user, None)
    text = request.POST.get("text", "").strip()[:LONGEST_TRIAL]
    context: dict[str, Any] = {"trial_text": text}
    if text:
        context |= shown.hints(knowledge.preview(text), text)
    if request.htmx:
        return render(request, "triage/hints.html", context)
    return render(request, "console/trial_page.html", frame(request) | context)


@login_required
def listing(request: HuiyinRequest, name: str) -> HttpResponse:
    """The rows of a section: searched, filtered, a page at a time."""
    section = found(request, name)
    part = "console/rows.html" if request.htmx and request.GET.get("part") else None
    return render(request, part or section.list_template, listed(request, section))


def listed(request: HuiyinRequest, section: Section) -> dict[str, Any]:
    typed = request.GET.get("q", "").strip()[:80]
    rows = section.everything(request.user)
    chosen = [Chosen(f, request.GET.get(f.name, f.default)) for f in section.filters]
    for one in chosen:
        if one.value in {value for value, _words in one.choices}:
            rows = rows.filter(one.filter.keep(one.value))
    if typed and section.search:
        rows = section.find(rows, typed)
    return frame(request, section) | {
        "typed": typed,
        "chosen": chosen,
        "may_add": section.can_add(request.user),
        "is_narrowed": bool(typed) or any(one.value != one.filter.default for one in chosen),
        **page(section, rows, request),
        **section.list_facts(request.user),
    }


def page(section: Section, rows: QuerySet[Any], request: HuiyinRequest) -> dict[str, Any]:
    """One page of rows: by key where the table grows for ever, else by page number."""
    rows = section.sort(rows).prefetch_related(*section.prefetch)
    if not section.log:
        shown = Paginator(rows, section.per_page).get_page(request.GET.get("page"))
        return {"rows": table(section, shown.object_list), "page": shown}
    before = request.GET.get("before", "")
    if before.isdigit():
        rows = rows.filter(pk__lt=int(before[:18]))
    some = list(rows[: PAGE + 1])
    more = some[PAGE - 1].pk if len(some) > PAGE else None
    return {"rows": table(section, some[:PAGE]), "more": more, "query": without(request, "before")}


def without(request: HuiyinRequest, name: str) -> str:
    kept = request.GET.copy()
    for dropped in (name, "part"):
        kept.pop(dropped, None)
    return kept.urlencode()


def table(section: Section, rows: Any) -> list[dict[str, Any]]:
    """Rows as cells, so that the template needs to know nothing of models."""
    return [
        {
            "pk": row.pk,
            "row": row,
            "retired": section.is_retired(row),
            "depth": section.depth(row) if section.depth else 0,
            "cells": [(column, column.of(row)) for column in section.columns],
        }
        for row in rows
    ]


@never_cache
@login_required
def new(request: HuiyinRequest, name: str) -> HttpResponse:
    """A blank form, and the row it makes. A secret that comes with it is shown this once."""
    section = found(request, name)
    if section.may_change is None or not section.may_add:
        raise Http404
    section.may_change.require(request.user, None)
    parent = parent_of(section, request)
    blank = section.model(**({section.parent: parent} if parent else {}))
    form = section.form_class()(
        request.POST or None,
        instance=blank,
        initial={**section.initial, **request.GET.dict()},  # a link may fill in a day
        by=request.user,
    )
    if form.is_valid():
        done = form.take(lambda: actions.save(section, form, by=request.user))
        if done:
            row, secret = done
            if secret:
                return shown_once(request, section, row, secret)
            messages.success(
                request, _("已新增%(one)s“%(row)s”") % {"one": section.one, "row": row}
            )
            return redirect(address_after(section, row))
    context = frame(request, section) | {"form": form, "parent": parent}
    return render(
        request, "console/new.html", context, status=form.status if form.is_bound else 200
    )


def parent_of(section: Section, request: HuiyinRequest) -> Any:
    """The row on whose page a child is added, among those this person may see."""
    if not section.parent:
        return None
    above = above_of(section)
    above.may_see.require(request.user, None)
    return row_of(above, request, request.GET.get("parent", ""))


def above_of(section: Section) -> Section:
    return next(s for s in SECTIONS if section.name in s.children)


def address_after(section: Section, row: models.Model) -> str:
    """Where one goes from a saved row: to its own page, a child to its parent's."""
    if section.parent:
        above = getattr(row, f"{section.parent}_id")
        return reverse("console:row", args=[above_of(section).name, above])
    return reverse("console:row", args=[section.name, row.pk])


def shown_once(request: HuiyinRequest, section: Section, row: Any, secret: str) -> HttpResponse:
    context = frame(request, section) | {"row": row, "secret": secret}
    answer = render(request, "console/secret.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@never_cache
@login_required
def row(request: HuiyinRequest, name: str, pk: str) -> HttpResponse:
    """One row: its form if one may change it, else its values; its children and its history."""
    section = found(request, name)
    subject = row_of(section, request, pk)
    may_change = section.can_change(request.user, subject) and not section.fixed
    form = None
    if section.may_change is not None and not section.fixed:
        if request.method == "POST":
            section.may_change.require(request.user, subject)
        form = section.form_class()(request.POST or None, instance=subject, by=request.user)
        if form.is_valid():
            done = form.take(lambda: actions.save(section, form, by=request.user))
            if done:
                messages.success(request, _("“%(row)s”已保存") % {"row": done[0]})
                return redirect(address_after(section, done[0]))
    elif request.method == "POST":
        raise Http404
    context = frame(request, section) | {
        "subject": subject,
        "title": title_before_typing(section, subject),
        "form": form,
        "may_change": may_change,
        "is_retired": section.is_retired(subject),
        "banner": section.banner(subject),
        "values": values(section, subject),
        "acts": [a for a in section.acts if a.may(request.user, subject) and a.shown(subject)],
        "children": children(section, subject, request),
        "history": history(section, subject),
        **section.facts(subject, request),
        "above": getattr(subject, section.parent) if section.parent else None,
        "above_section": above_of(section) if section.parent else None,
    }
    status = form.status if form is not None and form.is_bound else 200
    return render(request, "console/row.html", context, status=status)


def title_before_typing(section: Section, subject: models.Model) -> str:
    """Validation writes what was typed into the row; the heading keeps the stored name."""
    stored = section.model._default_manager.filter(pk=subject.pk).first()
    return str(stored or subject)


def values(section: Section, subject: models.Model) -> list[tuple[Column, Any]]:
    """The row in words, for those who may only look."""
    return [(c, value) for c in section.columns if (value := c.of(subject)) != ""]


def children(section: Section, subject: models.Model, request: HuiyinRequest) -> list[Any]:
    """The lists that stand on a row's page: its terms, its days, its fields."""
    lists = []
    for name in section.children:
        child = BY_NAME[name]
        rows = child.everything(request.user).filter(**{child.parent: subject})
        some = list(child.sort(rows)[: CHILDREN_SHOWN + 1])
        lists.append(
            {
                "section": child,
                "rows": table(child, some[:CHILDREN_SHOWN]),
                "may_add": child.can_add(request.user),
                "is_cut": len(some) > CHILDREN_SHOWN,
            }
        )
    return lists


def history(section: Section, subject: models.Model) -> list[ConfigChange]:
    changes = ConfigChange.objects.filter(section=section.name, subject_id=str(subject.pk))
    return list(changes.select_related("by")[:HISTORY_SHOWN])


@login_required
@require_POST
def state(request: HuiyinRequest, name: str, pk: str) -> HttpResponse:
    """Put a row out of use, back into use, or away for good."""
    section = found(request, name)
    subject = row_of(section, request, pk)
    wanted = request.POST.get("state")
    if wanted == "removed":
        away = address_after(section, subject) if section.parent else ""
        actions.remove(section, subject, by=request.user)
        messages.success(request, _("已移除"))
        return redirect(away or reverse("console:section", args=[section.name]))
    if not section.retires or wanted not in ("retired", "used"):
        raise Http404
    (actions.retire if wanted == "retired" else actions.restore)(section, subject, by=request.user)
    done = Did.RETIRED if wanted == "retired" else Did.RESTORED
    messages.success(request, _("“%(row)s”已%(done)s") % {"row": subject, "done": done.label})
    return redirect("console:row", section.name, subject.pk)


@login_required
@require_POST
def import_days(request: HuiyinRequest) -> HttpResponse:
    """National special days from a CSV file; bad rows are named, good ones are kept."""
    section = found(request, "holidays")
    upload = request.FILES.get("file")
    raw = upload.read(imports.LARGEST + 1) if upload else b""
    changed, faults = imports.import_days(raw, by=request.user)
    messages.success(request, _("已导入 %(count)d 天") % {"count": changed})
    if not faults:
        return redirect("console:section", section.name)
    context = listed(request, section) | {"faults": faults}
    return render(request, section.list_template, context, status=422)


@never_cache
@login_required
@require_POST
def act(request: HuiyinRequest, name: str, pk: str, verb: str) -> HttpResponse:
    """One of a section's own acts on a row."""
    section = found(request, name)
    subject = row_of(section, request, pk)
    chosen = next((a for a in section.acts if a.name == verb), None)
    if chosen is None:
        raise Http404
    secret = actions.run(section, chosen, subject, by=request.user)
    if secret:
        return shown_once(request, section, subject, secret)
    messages.success(request, _("%(act)s：已完成") % {"act": chosen.label})
    return redirect("console:row", section.name, subject.pk)
