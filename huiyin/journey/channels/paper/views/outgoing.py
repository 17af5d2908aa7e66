"""Letters of ours: to print, printed, posted, come back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.printing.rules import told_lacking
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.paper import actions, lists
from huiyin.journey.channels.paper.actions import posting
from huiyin.journey.channels.paper.models import Post, Template
from huiyin.journey.channels.paper.permissions import can_post_paper
from huiyin.journey.channels.paper.rules import words
from huiyin.journey.channels.paper.words import PostState
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.permissions import can_reply

UNDONE = {"days": words.UNDONE_FOR}


@login_required
@require_GET
def posts(request: HuiyinRequest) -> HttpResponse:
    can_post_paper.require(request.user, None)
    asked = lists.read_posts(request.GET.dict())
    rows, more = lists.posts(asked, request.user)
    context = {
        "rows": rows,
        "more": more,
        "asked": asked,
        "states": [*PostState.choices, ("all", _("全部"))],
        "query": urlencode({"state": asked.state, "q": asked.q, "since": str(asked.since or "")}),
    }
    template = "paper/out_rows.html" if asked.before and request.htmx else "paper/out.html"
    return render(request, template, context)


def seen_post(request: HuiyinRequest, pk: int) -> Post:
    can_post_paper.require(request.user, None)
    rows = Post.objects.visible_to(request.user).select_related(
        "letter__complaint__customer",
        "letter__message__by",
        "template",
        "printed_by",
        "posted_by",
        "returned_by",
    )
    return get_object_or_404(rows, pk=pk)


@never_cache
@login_required
@require_GET
def post(request: HuiyinRequest, pk: int) -> HttpResponse:
    found = seen_post(request, pk)
    context = {
        "post": found,
        "lacking": told_lacking(found.unprintable),
        "may_undo": actions.may_be_undone(found),
        "days": words.UNDONE_FOR,
        "told": actions.told_of(found),
        "templates": Template.objects.in_use(),
        "today": timezone.localdate(moment.now()),
    }
    return render(request, "paper/post.html", context)


@login_required
@require_GET
def pdf(request: HuiyinRequest, pk: int) -> HttpResponse:
    found = seen_post(request, pk)
    assert found.letter.complaint is not None
    return as_pdf(posting.bytes_of(found), f"{found.letter.complaint.number}.pdf")


def as_pdf(data: bytes, name: str) -> HttpResponse:
    """A PDF of our own, shown in a tab of its own."""
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, name) or ""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _marked(request: HuiyinRequest) -> list[Post]:
    """The letters that were ticked, of those this person sees, in the order of the list."""
    can_post_paper.require(request.user, None)
    typed = request.POST.getlist("post")[: posting.MOST_AT_ONCE]
    ids = [int(one) for one in typed if one.isascii() and one.isdecimal() and len(one) < 18]
    rows = Post.objects.visible_to(request.user).select_related("letter__complaint__customer")
    return list(rows.filter(pk__in=ids).order_by("-pk"))


@login_required
@require_POST
def batch(request: HuiyinRequest) -> HttpResponse:
    """All that were ticked as one PDF; what is printed is said separately."""
    day = timezone.localdate(moment.now()).isoformat()
    return as_pdf(actions.batch(_marked(request), by=request.user), f"letters-{day}.pdf")


@login_required
@require_POST
def printed(request: HuiyinRequest) -> HttpResponse:
    chosen = _marked(request)
    confirmed = request.POST.get("confirm") == "1"
    if not confirmed and (lacking := actions.unconfirmed(chosen)):
        told = [(post, told_lacking(post.unprintable)) for post in lacking]
        return render(request, "paper/confirm.html", {"chosen": chosen, "lacking": told})
    count = actions.marked_printed(chosen, by=request.user, confirmed=confirmed)
    done = ngettext("%(n)s 封已标为打印好", "%(n)s 封已标为打印好", count) % {"n": count}
    messages.success(request, done)
    return redirect("paper:posts")


@login_required
@require_POST
def posted(request: HuiyinRequest, pk: int) -> HttpResponse:
    typed = request.POST.get("posted_on", "")
    actions.marked_posted(
        seen_post(request, pk),
        by=request.user,
        posted_on=moment.read_day(typed),
        tracking=request.POST.get("tracking", ""),
        confirmed=request.POST.get("confirm") == "1",
    )
    messages.success(request, _("已登记寄出；登记错了可以在 %(days)s 天内撤销") % UNDONE)
    return redirect("paper:post", pk)


@login_required
@require_POST
def unprinted(request: HuiyinRequest) -> HttpResponse:
    """It was a wrong click: they wait to be printed again."""
    count = actions.unmark_printed(_marked(request), by=request.user)
    told = ngettext("%(n)s 封已改回待打印", "%(n)s 封已改回待打印", count) % {"n": count}
    messages.success(request, told)
    return redirect("paper:posts")


@login_required
@require_POST
def unposted(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.unmark_posted(seen_post(request, pk), by=request.user)
    messages.success(request, _("已撤销寄出登记，这封信函按没有寄出计"))
    return redirect("paper:post", pk)


@login_required
@require_POST
def tracking(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The number of the post, mended; the old one stays in the story."""
    typed = request.POST.get("tracking", "")
    actions.mend_tracking(seen_post(request, pk), by=request.user, tracking=typed)
    messages.success(request, _("已改单号，原单号留在记录里"))
    return redirect("paper:post", pk)


@login_required
@require_POST
def returned(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.come_back(
        seen_post(request, pk), by=request.user, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("已登记退回，投诉往来里会显示未送达"))
    return redirect("paper:post", pk)


@login_required
@require_POST
def redraw(request: HuiyinRequest, pk: int) -> HttpResponse:
    """With another template or address."""
    found, typed = seen_post(request, pk), request.POST.get("template", "")
    pk_typed = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else 0
    rows = Template.objects.in_use().select_related("window")
    template = get_object_or_404(rows, pk=pk_typed)
    address = request.POST.get("address", "")
    actions.redraw(found, by=request.user, template=template, address=address)
    messages.success(request, _("已重新排版"))
    return redirect("paper:post", pk)


@login_required
@require_POST
def preview(request: HuiyinRequest, number: str) -> HttpResponse:
    """How the letter would look; nothing is kept."""
    rows = Complaint.objects.visible_to(request.user).select_related("customer")
    complaint = get_object_or_404(rows, number=number)
    can_reply.require(request.user, complaint)
    data = actions.preview(complaint, request.POST.get("text", ""), by=request.user)
    return as_pdf(data, f"{complaint.number}.pdf")
