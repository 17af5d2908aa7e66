"""The panel of a complaint, the dialog that quotes, and what was quoted where."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.permissions import can_keep, can_see_gaps
from huiyin.ground.knowledge.words import Kind, Place
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.guidance import actions, lists
from huiyin.journey.guidance.models import Quotation
from huiyin.journey.guidance.permissions import can_quote
from huiyin.journey.guidance.words import Into, Verdict
from huiyin.journey.triage.models import Category


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """What knowledge says here, and what was quoted; both asked for when the panel is drawn."""
    may_quote = complaint.status != Status.ARC and can_quote(request.user, complaint)
    if not may_quote and not request.user.is_active:
        return None
    return {"may_quote": may_quote}


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.user), number=number)


@login_required
@require_GET
def guidance(request: HuiyinRequest, number: str) -> HttpResponse:
    """The inside of the panel: suggestions, and the quotations of this complaint."""
    found = _seen(request, number)
    quoted = list(
        found.quotations.select_related("version__article", "by")[:20]  # type: ignore[attr-defined]
    )
    context = {
        "complaint": found,
        "may_quote": found.status != Status.ARC and can_quote(request.user, found),
        "suggestions": actions.suggestions(found, request.user),
        "quotations": quoted,
        "today": moment.today(),
    }
    return render(request, "guidance/inside.html", context)


@login_required
@require_GET
def passages(request: HuiyinRequest, number: str) -> HttpResponse:
    """What can be quoted: the whole dialog at first, its list while one types."""
    found = _seen(request, number)
    query = request.GET.get("q", "")
    kind = request.GET.get("kind", "")
    kinds = (kind,) if kind in Kind.values else ()
    rows = actions.passages(found, request.user, query, kinds=kinds)
    if query.strip() and not rows and not kinds:
        knowledge.missed(query, place=Place.QUOTE, user=request.user)
    context = {
        "complaint": found,
        "rows": rows,
        "q": query,
        "kinds": Kind.choices,
        "into": request.GET.get("into", Into.REPLY),
    }
    template = "guidance/dialog.html" if "dialog" in request.GET else "guidance/passages.html"
    return render(request, template, context)


@login_required
@require_POST
def quotations(request: HuiyinRequest, number: str) -> HttpResponse:
    """A passage was used: it is on record before it is written anywhere."""
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else 0
    actions.quote(
        _seen(request, number), by=request.user, version=version, into=request.POST.get("into", "")
    )
    return _told(_("已引用，并记入这件投诉"))


@login_required
@require_POST
def verdict(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    found = _seen(request, number)
    quotation = get_object_or_404(Quotation.objects.filter(complaint=found), pk=pk)
    quotation.complaint = found
    actions.judge(
        quotation,
        by=request.user,
        verdict=request.POST.get("verdict", ""),
        words=request.POST.get("words", ""),
    )
    return _told(_("谢谢，已记下"))


def _told(sentence: str) -> HttpResponse:
    triggers = {"knowledge-quoted": True, "toast": {"text": sentence, "kind": "good"}}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(triggers)})


# --- where it was used, where it is missing ------------------------------------------------------


@login_required
@require_GET
def uses(request: HuiyinRequest, code: str) -> HttpResponse:
    """The rows behind the figures of an article, of complaints the reader sees."""
    visible = Version.objects.visible_to(request.user)
    found = Article.objects.filter(code=code, versions__in=visible).distinct()
    article = get_object_or_404(found)
    rows, total = lists.uses(request.user, article, request.GET.dict())
    shown = list(rows[: lists.PAGE + 1])
    verdict = request.GET.get("verdict", "")
    context = {
        "article": article,
        "rows": shown[: lists.PAGE],
        "after": shown[lists.PAGE - 1].pk if len(shown) > lists.PAGE else None,
        "total": total,
        "verdict": verdict if verdict in Verdict.values else "",
        "verdicts": Verdict.choices,
    }
    return render(request, "guidance/uses.html", context)


@login_required
@require_GET
def gaps(request: HuiyinRequest) -> HttpResponse:
    """What was searched in vain, and what was closed without any knowledge."""
    can_see_gaps.require(request.user, None)
    context = {
        "searches": lists.searches(),
        "categories": lists.categories(request.user),
        "days": lists.DAYS,
        "newest": lists.NEWEST,
        "keeps": can_keep(request.user, None),
    }
    return render(request, "guidance/gaps.html", context)


@login_required
@require_GET
def searches(request: HuiyinRequest) -> HttpResponse:
    """Each search for these words."""
    can_see_gaps.require(request.user, None)
    words = request.GET.get("words", "")[:64]
    rows = list(lists.searched(words)[:200])
    return render(request, "guidance/searches.html", {"words": words, "rows": rows})


@login_required
@require_GET
def closed(request: HuiyinRequest) -> HttpResponse:
    """The complaints of a category that were closed without knowledge."""
    can_see_gaps.require(request.user, None)
    category = request.GET.get("category", "")[:20]
    found = lists.closed_without(request.user).filter(category=category)
    rows = list(found.for_list().order_by("-closed_at")[: lists.NEWEST])
    names = Category.objects.names([category])
    total = lists.number_closed_without(category)
    context = {
        "category": category,
        "name": names.get(category, category),
        "rows": rows,
        "total": total,
        "hidden": max(total - len(rows), 0),
    }
    return render(request, "guidance/closed.html", context)
