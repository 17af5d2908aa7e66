"""Bulletins: the list, one with its readers, publishing, confirming, withdrawing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import Department, Team, User
from huiyin.ground.refusal import Invalid
from huiyin.ground.search import rules as search
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Bulletin, Improvement, Reading
from huiyin.journey.improvement.permissions import (
    can_publish,
    can_remind,
    can_see_readers,
    can_withdraw,
)
from huiyin.journey.improvement.views import typed

PAGE = 30
USUAL = 2  # days for reading, until somebody says otherwise
VIEWS = ("unread", "all")


@login_required
@require_GET
def bulletins(request: HuiyinRequest) -> HttpResponse:
    """Those for this person, and all for whoever writes such; the latest first."""
    user = request.user
    view = request.GET.get("view", "all")
    q = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = Bulletin.objects.visible_to(user).select_related("by")
    if view == "unread":
        found = Bulletin.objects.unread_by(user).select_related("by")
    if q:
        query = search.query(q)
        found = found.filter(search__matches=query) if query else found.none()
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 18:
        found = found.filter(pk__lt=int(after))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    more = rows[PAGE - 1].pk if len(rows) > PAGE else None
    rows = rows[:PAGE]
    context = {
        "rows": _told(rows, user),
        "after": more,
        "view": view if view in VIEWS else "all",
        "q": q,
        "may_publish": can_publish(user, None),
    }
    return render(request, "improvement/bulletins.html", context)


def _told(rows: list[Bulletin], user: User) -> list[dict[str, Any]]:
    """Each with how many of its readers have confirmed, and whether this one has."""
    of_them = Reading.objects.filter(bulletin__in=[one.pk for one in rows])
    counted = (
        of_them.order_by()
        .values("bulletin")
        .annotate(readers=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False)))
    )
    counts = {row["bulletin"]: (row["readers"], row["read"]) for row in counted}
    mine = {one.bulletin_id: one for one in of_them.filter(user=user)}
    return [
        {
            "it": one,
            "mine": mine.get(one.pk),
            "readers": counts.get(one.pk, (0, 0))[0],
            "read": counts.get(one.pk, (0, 0))[1],
            "counts": can_see_readers(user, one),
        }
        for one in rows
    ]


@login_required
@require_GET
def bulletin(request: HuiyinRequest, pk: int) -> HttpResponse:
    """One, with the list of its readers for whoever may see it."""
    found = get_object_or_404(
        Bulletin.objects.visible_to(request.user).select_related("by", "improvement"), pk=pk
    )
    readings = actions.readings_for(found, request.user)
    listed = readings or []
    told = found.heads.filter(head=request.user).first()  # type: ignore[attr-defined]
    may_remind = (
        found.withdrawn_at is None
        and can_remind(request.user, found)
        and any(one.read_at is None for one in listed)
    )
    source = found.improvement
    sees_source = (
        source is not None
        and Improvement.objects.visible_to(request.user).filter(pk=source.pk).exists()
    )
    context = {
        "it": found,
        "mine": found.readings.filter(user=request.user).first(),  # type: ignore[attr-defined]
        "read": [one for one in listed if one.read_at],
        "unread": [one for one in listed if not one.read_at],
        "may_see_readers": readings is not None,
        "may_remind": may_remind,
        "hands_left": actions.hands_left(found) if may_remind else 0,
        "told": told,
        "heads": [one.head for one in found.heads.select_related("head")],  # type: ignore[attr-defined]
        "may_withdraw": found.withdrawn_at is None and can_withdraw(request.user, found),
        "sees_source": sees_source,
        "teams": list(found.teams.all()),
        "departments": list(found.departments.all()),
        "is_late": found.due_at <= moment.now(),
    }
    template = "improvement/bulletin_inside.html" if request.htmx else "improvement/bulletin.html"
    return render(request, template, context)


@login_required
@require_http_methods(["GET", "POST"])
def publishing(request: HuiyinRequest) -> HttpResponse:
    """Write one; of an improvement where `improvement` says so."""
    can_publish.require(request.user, None)
    post = request.POST if request.method == "POST" else request.GET
    visible = Improvement.objects.visible_to(request.user)
    source = typed.named(visible.select_related("kind"), post.get("improvement", ""))
    if request.method == "POST":
        made = actions.publish(
            by=request.user,
            title=post.get("title", ""),
            text=post.get("text", ""),
            due_at=_until(post.get("due_at", "")),
            to_all=post.get("to_all") == "1",
            teams=Team.objects.filter(pk__in=_keys(request, "teams")),
            departments=Department.objects.in_use().filter(pk__in=_keys(request, "departments")),
            improvement=source,
        )
        address = reverse("improvement:bulletin", args=[made.pk])
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    context = {
        "improvement": source,
        "teams": list(Team.objects.filter(retired_at=None)),
        "departments": [one for one in Department.objects.in_use() if not one.is_outside],
        "due_at": timezone.localtime(moment.now() + timedelta(days=USUAL)),
    }
    return render(request, "improvement/publishing.html", context)


def _keys(request: HuiyinRequest, name: str) -> list[int]:
    typed_ = request.POST.getlist(name)[:200]
    return [int(one) for one in typed_ if one.isascii() and one.isdecimal() and len(one) < 10]


def _until(text: str) -> Any:
    """A typed moment of the house's time."""
    found = moment.read(text)
    if found is None:
        sentence = _("请填写阅读期限")
        raise Invalid(sentence, due_at=sentence)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


@login_required
@require_POST
def reading(request: HuiyinRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Bulletin.objects.visible_to(request.user), pk=pk)
    actions.confirm_reading(found, by=request.user)
    return changed(_("已确认阅读"), also={"queue-changed": True})


@login_required
@require_POST
def reminding(request: HuiyinRequest, pk: int) -> HttpResponse:
    """By hand, whoever has not read it."""
    found = get_object_or_404(Bulletin.objects.visible_to(request.user), pk=pk)
    count = actions.remind_by_hand(found, by=request.user)
    return changed(_("已提醒 %(n)s 位还没有读的同事") % {"n": count})


@login_required
@require_POST
def noting(request: HuiyinRequest, pk: int) -> HttpResponse:
    """A head has seen that some of his people did not read it."""
    found = get_object_or_404(Bulletin.objects.visible_to(request.user), pk=pk)
    actions.take_note(found, by=request.user)
    return changed(_("知道了"), also={"queue-changed": True})


@login_required
@require_POST
def withdrawal(request: HuiyinRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Bulletin.objects.visible_to(request.user), pk=pk)
    actions.withdraw(found, by=request.user)
    return changed(_("已撤回通报"))
