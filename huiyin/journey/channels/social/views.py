"""Posts about us: the list, the panel beside a complaint, a file of posts."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.channels.social import actions, lists
from huiyin.journey.channels.social.actions.answering import invitation, neutral
from huiyin.journey.channels.social.actions.bringing import fault_in_words
from huiyin.journey.channels.social.models import File, Import, Post
from huiyin.journey.channels.social.permissions import (
    can_answer_publicly,
    can_bring_posts,
    can_fetch_again,
    can_see_posts,
)
from huiyin.journey.channels.social.rules.posts import LARGEST
from huiyin.journey.channels.social.words import PostState
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter, Message

SHOWN = 200  # rows of a preview


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """His posts about this, and what can be said in public; None where there is none."""
    found = list(complaint.posts.select_related("hook").order_by("-pk")[:10])
    if not found:
        return None
    found[0].complaint = complaint
    return {
        "posts": found,
        "may_answer": complaint.is_open and can_answer_publicly(request.user, found[0]),
        "neutral": neutral(found[0]),
        "invitation": invitation(found[0]),
        "moved": PostState.MOVED,
        "key": uuid4(),
    }


def missed(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """Files of his messages that could not be had, with the reason; None where all are here."""
    found = list(complaint.social_files.missed().select_related("hook")[:20])
    if not found:
        return None
    found[0].complaint = complaint
    return {"missed": found, "may_fetch": can_fetch_again(request.user, found[0])}


@login_required
@require_POST
def fetching(request: HuiyinRequest, pk: int) -> HttpResponse:
    visible = Complaint.objects.visible_to(request.user)
    files = File.objects.select_related("complaint").filter(complaint__in=visible.values("pk"))
    actions.fetch_again(get_object_or_404(files, pk=pk), by=request.user)
    return changed(_("已重新去取，几秒后就能看到结果"))


@login_required
@require_GET
def posts(request: HuiyinRequest) -> HttpResponse:
    """The list; its rows alone when the page asks for more."""
    can_see_posts.require(request.user, None)
    asked = lists.read(request.GET.dict())
    rows, more = lists.page(asked, request.user)
    kept = {"view": asked.view, "q": asked.q, "platform": asked.platform}
    context = {
        "rows": rows,
        "more": more,
        "asked": asked,
        "views": [
            ("all", _("全部")),
            ("crisis", _("危机")),
            *((one.value, one.label) for one in PostState),
        ],
        "platforms": lists.platforms(request.user),
        "may_bring": can_bring_posts(request.user, None),
        "query": urlencode({name: value for name, value in kept.items() if value}),
    }
    part = asked.before and request.htmx
    return render(request, "social/rows.html" if part else "social/posts.html", context)


def _seen(request: HuiyinRequest, pk: int) -> Post:
    visible = Post.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("complaint__customer", "hook"), pk=pk)


@login_required
@require_POST
def answering(request: HuiyinRequest, pk: int) -> HttpResponse:
    post, asked = _seen(request, pk), request.POST
    said = actions.answer_publicly(
        post, by=request.user, text=asked.get("text", ""), key=asked.get("key", "")
    )
    return _leaves(post, said, _("10 秒后公开回复，期间可以撤回"))


@login_required
@require_POST
def moving(request: HuiyinRequest, pk: int) -> HttpResponse:
    post, text = _seen(request, pk), request.POST.get("text", "")
    said = actions.move_private(post, by=request.user, text=text)
    return _leaves(post, said, _("10 秒后公开请他转为私下沟通，期间可以撤回"))


def _leaves(post: Post, said: Message, sentence: str) -> HttpResponse:
    """What nobody posts for us is only on record: somebody posts it there by hand."""
    if not Letter.objects.filter(message=said).exists():
        return changed(_("已记录，没有发出：请到%(platform)s上发布") % {"platform": post.platform})
    return changed(sentence)


@login_required
@require_http_methods(["GET", "POST"])
def bringing(request: HuiyinRequest) -> HttpResponse:
    """A file of posts is read and shown; nothing is taken yet."""
    can_bring_posts.require(request.user, None)
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            raise Invalid(_("请选择文件"), file=_("请选择文件"))
        raw = upload.read(LARGEST + 1)
        made = actions.prepare(raw, name=upload.name or "", by=request.user)
        return redirect("social:brought", made.pk)
    return render(request, "social/bringing.html", {})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def brought(request: HuiyinRequest, pk: int) -> HttpResponse:
    """What the file says, row by row; taken when its bringer says yes."""
    can_bring_posts.require(request.user, None)
    one = get_object_or_404(Import.objects.filter(by=request.user), pk=pk)
    if request.method == "POST":
        done = actions.bring(one, by=request.user, only=_chosen(request))
        told = {"taken": done.taken, "there": done.there, "faulty": done.faulty}
        sentence = _("导入 %(taken)s 条，已有 %(there)s 条，有误 %(faulty)s 条") % told
        messages.success(request, sentence)
        return redirect("social:posts")
    rows = [{**row, "why": fault_in_words(row["fault"])} for row in one.rows]
    context = {
        "one": one,
        "rows": rows[:SHOWN],
        "rest": max(0, len(rows) - SHOWN),
        "good": sum(not row["fault"] and not row["there"] for row in rows),
        "there": sum(row["there"] for row in rows),
        "faulty": sum(bool(row["fault"]) for row in rows),
    }
    return render(request, "social/brought.html", context)


def _chosen(request: HuiyinRequest) -> list[int]:
    """The rows that are ticked; none of them is a slip, and never means all."""
    named = request.POST.getlist("row")
    found = [int(one) for one in named if one.isascii() and one.isdigit() and len(one) < 6]
    if not found:
        raise Invalid(_("请至少勾选一条"), row=_("请至少勾选一条"))
    return found
