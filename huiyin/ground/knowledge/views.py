"""The library, the page of an article, its editor, the reviews, the import."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.knowledge import actions, compared, lists, rules
from huiyin.ground.knowledge.fits import fits, named
from huiyin.ground.knowledge.forms import EditForm, NewForm
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.permissions import (
    can_keep,
    can_manage,
    can_review,
    can_see_gaps,
    can_write,
)
from huiyin.ground.knowledge.sources import LARGEST, MB, MOST_FILES
from huiyin.ground.knowledge.words import Audience, Kind, Place, State, Step
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest


@login_required
@require_GET
def library(request: HuiyinRequest) -> HttpResponse:
    """What is in force, by words or by code; those who keep it see the rest of its life too."""
    keeps = can_keep(request.user, None)
    asked = lists.Asked.read(request.GET, keeps=keeps)
    today = moment.today()
    context: dict[str, Any] = {
        "asked": asked,
        "query": urlencode(asked.query()),
        "keeps": keeps,
        "may_see_gaps": can_see_gaps(request.user, None),
        "today": today,
    }
    if asked.q and asked.view == "live" and not asked.audience:
        context["found"] = _found(request.user, asked)
    else:
        context["rows"], context["after"] = lists.page(request.user, asked, today)
    if asked.after:
        return render(request, "knowledge/rows.html", context)
    categories, remedies = fits()
    context |= {
        "views": lists.VIEWS,
        "kinds": Kind.choices,
        "steps": Step.choices,
        "audiences": Audience.choices,
        "categories": categories.items(),
        "remedies": remedies.items(),
        "waiting": _waiting(request.user) if keeps else 0,
    }
    return render(request, "knowledge/library.html", context)


def _found(user: User, asked: lists.Asked) -> list[actions.Found]:
    found = actions.find(
        user,
        asked.q,
        kinds=(asked.kind,) if asked.kind else (),
        category=asked.category,
        remedy=asked.remedy,
        step=asked.step,
        limit=lists.MOST_FOUND,
    )
    if not found and asked.query().keys() <= {"view", "q"}:
        actions.missed(asked.q, place=Place.LIST, user=user)
    return found


def _waiting(user: User) -> int:
    return actions.waiting_for(user)[:100].count()


def _article(request: HuiyinRequest, code: str) -> Article:
    """One of which this person may read a version."""
    visible = Version.objects.visible_to(request.user)
    found = Article.objects.filter(code=code, versions__in=visible).distinct()
    return get_object_or_404(found.select_related("owner"))


def _version(request: HuiyinRequest, pk: int) -> Version:
    visible = Version.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("article__owner", "author"), pk=pk)


@login_required
@require_GET
def article(request: HuiyinRequest, code: str) -> HttpResponse:
    """One version, the one in force unless another is asked for; and what changed between two."""
    found = _article(request, code)
    visible = found.versions.visible_to(request.user)  # type: ignore[attr-defined]
    related = visible.select_related("author", "reviewed_by", "submitted_by")
    versions = list(related.defer("search", "head").order_by("-in_force", "-number")[:100])
    by_number = {str(one.number): one for one in versions}
    version = by_number.get(request.GET.get("version", ""), versions[0])
    against = by_number.get(request.GET.get("against", ""))
    version.article = found
    categories, remedies = fits()
    user = request.user
    keeps = can_keep(user, None)
    context = {
        "article": found,
        "version": version,
        "versions": sorted(versions, key=lambda one: -one.number),
        "against": against,
        "difference": compared.difference(against, version) if against else None,
        "categories": named(version.categories, categories),
        "remedies": named(version.remedies, remedies),
        "steps": [Step(one).label for one in version.steps],
        "today": moment.today(),
        "keeps": keeps,
        "history": list(found.history.select_related("by")[:50]) if keeps else [],  # type: ignore[attr-defined]
        **_may(user, found, version, versions),
    }
    return render(request, "knowledge/article.html", context)


def _may(user: User, found: Article, version: Version, versions: list[Version]) -> dict[str, bool]:
    """Which acts are offered; each act asks again for itself."""
    in_work = any(one.state in (State.DRAFT, State.REVIEW) for one in versions)
    live = any(one.state == State.PUBLISHED for one in versions)
    own = user.pk in version.writers or version.submitted_by_id == user.pk
    return {
        "may_edit": version.state == State.DRAFT and can_write(user, found.kind),
        "may_revise": not in_work and can_write(user, found.kind),
        "may_take_back": version.state == State.REVIEW and own,
        "may_decide": version.state == State.REVIEW and not own and can_review(user, version),
        "waits_for_other": version.state == State.REVIEW and own,
        "may_manage": can_manage(user, found),
        "may_withdraw": live and can_manage(user, found),
    }


# --- writing -------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def writing(request: HuiyinRequest) -> HttpResponse:
    """A new article."""
    can_keep.require(request.user, None)
    kind = request.GET.get("kind", "")
    begun = {
        "kind": kind if kind in Kind.values else Kind.POLICY,
        "title": request.GET.get("title", "")[: rules.LONGEST_TITLE],
        "keywords": request.GET.get("title", "")[:20],
        "owner": request.user.pk,
        "review_on": moment.today() + actions.REVIEWED_WITHIN,
    }
    form = NewForm(request.POST or None, initial=begun)
    if form.is_valid():
        said = form.cleaned_data
        made = form.take(
            lambda: actions.write(
                by=request.user,
                kind=said["kind"],
                text=form.text,
                code=said["code"],
                owner=said["owner"],
                review_on=said["review_on"],
            )
        )
        if made:
            return _after_writing(request, made)
    status = form.status if form.errors else 200
    return render(request, "knowledge/editor.html", {"form": form, "new": True}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def editor(request: HuiyinRequest, pk: int) -> HttpResponse:
    """A draft, changed."""
    version = _version(request, pk)
    can_write.require(request.user, version.article.kind)
    if version.state != State.DRAFT:
        messages.error(request, _("只有草稿可以修改；待审核的请先撤回"))
        return redirect(_of(version))
    form = EditForm(request.POST or None, version=version)
    if form.is_valid():
        saved = form.take(lambda: _saved(request, version, form))
        if saved:
            return _after_writing(request, saved)
    status = form.status if form.errors else 200
    context = {"form": form, "version": version, "article": version.article}
    return render(request, "knowledge/editor.html", context, status=status)


def _saved(request: HuiyinRequest, version: Version, form: EditForm) -> Version:
    said = form.cleaned_data
    return actions.save(
        version,
        by=request.user,
        text=form.text,
        revision=said["revision"] or 0,
        owner=said["owner"],
        review_on=said["review_on"],
    )


def _after_writing(request: HuiyinRequest, version: Version) -> HttpResponse:
    if request.POST.get("then") == "submit":
        actions.submit(version, by=request.user)
        messages.success(request, _("已保存并提交审核，由另一位同事审核后发布"))
    else:
        messages.success(request, _("草稿已保存"))
    return redirect(_of(version))


def _of(version: Version) -> str:
    address = reverse("knowledge:article", args=[version.article.code])
    return f"{address}?version={version.number}"


@login_required
@require_POST
def preview(request: HuiyinRequest) -> HttpResponse:
    """How it will be read."""
    can_keep.require(request.user, None)
    body = request.POST.get("body", "")[: rules.LONGEST_BODY]
    return render(request, "knowledge/preview.html", {"body": body})


@login_required
@require_POST
def revising(request: HuiyinRequest, code: str) -> HttpResponse:
    version = actions.revise(_article(request, code), by=request.user)
    return redirect("knowledge:editor", version.pk)


# --- review --------------------------------------------------------------------------------------


@login_required
@require_GET
def reviews(request: HuiyinRequest) -> HttpResponse:
    """What waits for this person's word, and what he is to read again."""
    can_keep.require(request.user, None)
    today = moment.today()
    own = Article.objects.filter(owner=request.user, versions__in_force=True)
    context = {
        "waiting": list(actions.waiting_for(request.user)[:100]),
        "own": list(
            Version.objects.filter(state=State.REVIEW, writers__contains=[request.user.pk])
            .select_related("article")
            .defer("search", "head")[:50]
        ),
        "due": list(own.filter(review_on__lte=today).order_by("review_on", "code")[:100]),
        "today": today,
    }
    return render(request, "knowledge/reviews.html", context)


@login_required
@require_POST
def submitting(request: HuiyinRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    actions.submit(version, by=request.user)
    return _done(request, version, _("已提交审核，由另一位同事审核后发布"))


@login_required
@require_POST
def taking_back(request: HuiyinRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    actions.take_back(version, by=request.user)
    return _done(request, version, _("已撤回，可以继续修改"))


@login_required
@require_POST
def deciding(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Approve, or send back: one form, since one person decides it."""
    version = _version(request, pk)
    note = request.POST.get("note", "")
    if request.POST.get("approve") == "1":
        actions.approve(version, by=request.user, note=note)
        return _done(request, version, _("已审核通过"))
    actions.send_back(version, by=request.user, note=note)
    return _done(request, version, _("已退回，请编写的人修改"))


@login_required
@require_POST
def discarding(request: HuiyinRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    actions.discard(version, by=request.user)
    messages.success(request, _("草稿已丢弃"))
    return redirect(reverse("knowledge:library") + "?view=draft")


@login_required
@require_POST
def withdrawing(request: HuiyinRequest, code: str) -> HttpResponse:
    found = _article(request, code)
    actions.withdraw(found, by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("已停用，搜索和推荐里不再出现"))
    return redirect("knowledge:article", found.code)


@login_required
@require_POST
def confirming(request: HuiyinRequest, code: str) -> HttpResponse:
    found = _article(request, code)
    day = moment.read_day(request.POST.get("review_on", ""))
    actions.confirm(found, by=request.user, review_on=day, note=request.POST.get("note", ""))
    messages.success(request, _("已记下：内容仍然有效"))
    return redirect("knowledge:article", found.code)


def _done(request: HuiyinRequest, version: Version, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(_of(version))


# --- gaps, import --------------------------------------------------------------------------------


@login_required
@require_POST
def settling(request: HuiyinRequest) -> HttpResponse:
    """A search in vain is dealt with."""
    words, note = request.POST.get("words", ""), request.POST.get("note", "")
    actions.settle(words, by=request.user, note=note)
    messages.success(request, _("已处理，不再列出"))
    return redirect("guidance:gaps")


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HuiyinRequest) -> HttpResponse:
    """Markdown and Word files become drafts; what could not be read says why."""
    can_keep.require(request.user, None)
    context: dict[str, Any] = {
        "kinds": Kind.choices,
        "largest": LARGEST // MB,
        "most": MOST_FILES,
    }
    if request.method == "POST":
        if not request.FILES:
            raise Invalid(_("请先选择要导入的文件"))
        rows = actions.take_in(
            request.FILES.getlist("files"), by=request.user, kind=request.POST.get("kind", "")
        )
        context |= {"rows": rows, "made": [row for row in rows if not row.fault]}
    return render(request, "knowledge/import.html", context)
