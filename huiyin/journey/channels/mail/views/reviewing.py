"""Held mails: looked at, then registered, put to a complaint, dismissed, or read again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest, page_of
from huiyin.journey.channels.mail import lists
from huiyin.journey.channels.mail.actions import deciding, reviewing
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.channels.mail.permissions import can_review_mail
from huiyin.journey.channels.mail.views.showing import whole
from huiyin.journey.channels.mail.words import SET_ASIDE, MailState
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.permissions import can_link, can_merge

OPEN = (MailState.HELD, MailState.FAILED)
MOST_NAMED = 5  # on a complaint's page; the rest stands in the list


@login_required
@require_GET
def held(request: HuiyinRequest) -> HttpResponse:
    """The list; its rows alone when the page asks for more."""
    can_review_mail.require(request.user, None)
    asked = lists.read(request.GET.dict())
    rows, more = lists.page(asked, request.user)
    kept = {"view": asked.view, "q": asked.q, "nature": asked.nature, "box": asked.box or ""}
    context = {
        "rows": rows,
        "more": more,
        "asked": asked,
        "views": [
            ("held", _("待核对")),
            ("named", _("提到旧编号")),
            ("kept", _("待读取")),
            ("automatic", _("自动邮件")),
            ("settled", _("已核对")),
        ],
        "natures": lists.NATURES,
        "boxes": Mailbox.objects.only("address"),
        "query": urlencode({name: value for name, value in kept.items() if value}),
    }
    template = "mail/rows.html" if asked.before and request.htmx else "mail/held.html"
    return render(request, template, context)


def _seen(request: HuiyinRequest, pk: int) -> Mail:
    can_review_mail.require(request.user, None)
    visible = Mail.objects.visible_to(request.user, reviews=True)
    beside = ("mailbox", "complaint", "suspected", "decided_by", "message")
    return get_object_or_404(visible.select_related(*beside), pk=pk)


@never_cache
@login_required
@require_GET
def one(request: HuiyinRequest, pk: int) -> HttpResponse:
    mail = _seen(request, pk)
    user = request.user
    both = reviewing.ends_seen(mail, user)
    context = {
        **whole(mail, user),
        "open": mail.state in OPEN,
        "aside": mail.outcome in SET_ASIDE,
        "named": mail.suspected_id is not None and mail.decided_at is None,
        "suspected": both.get(mail.suspected_id),
        "may_link": len(both) == 2 and all(can_link(user, one) for one in both.values()),
        "may_merge": len(both) == 2 and all(can_merge(user, one) for one in both.values()),
        "undo_days": settings.UNDO_DAYS,
    }
    return render(request, "mail/one.html", context)


@login_required
@require_POST
def register(request: HuiyinRequest, pk: int) -> HttpResponse:
    complaint = deciding.register(_seen(request, pk), by=request.user)
    messages.success(request, _("已登记为 %(number)s") % {"number": complaint.number})
    visible = Complaint.objects.visible_to(request.user).filter(pk=complaint.pk)
    if visible.exists():
        return redirect("workbench:complaint", complaint.number)
    return redirect("mail:held")


@login_required
@require_POST
def thread(request: HuiyinRequest, pk: int) -> HttpResponse:
    """To the complaint whose number was typed, of those this person may see."""
    mail = _seen(request, pk)
    complaint = grouping.named(request.user, request.POST.get("number", ""), field="number")
    deciding.thread(mail, complaint, by=request.user)
    messages.success(request, _("已并入 %(number)s") % {"number": complaint.number})
    return redirect("workbench:complaint", complaint.number)


@login_required
@require_POST
def link(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The complaint it became and the one it names know of each other."""
    mail = _seen(request, pk)
    reviewing.link(mail, by=request.user)
    return _undoable_on(request, mail, _("已关联，%(days)s 天内可以在投诉页撤销"))


@login_required
@require_POST
def merge(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The complaint it became goes with the one it names."""
    mail = _seen(request, pk)
    reviewing.merge(mail, by=request.user)
    return _undoable_on(request, mail, _("已合并，%(days)s 天内可以在投诉页撤销"))


def _undoable_on(request: HuiyinRequest, mail: Mail, sentence: str) -> HttpResponse:
    messages.success(request, sentence % {"days": settings.UNDO_DAYS})
    if mail.complaint is None:
        return redirect("mail:held")
    return redirect("workbench:complaint", mail.complaint.number)


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """Mails by which this one and another may be one matter, until somebody has looked."""
    around = Q(complaint=complaint, suspected__isnull=False) | Q(suspected=complaint)
    found = Mail.objects.to_review().filter(around, decided_at=None).order_by("-pk")
    mails = list(found.only("complaint", "suspected", "received_at", "state")[:MOST_NAMED])
    if not mails:
        return None
    ends = (pk for mail in mails for pk in (mail.complaint_id, mail.suspected_id))
    others = {pk for pk in ends if pk is not None and pk != complaint.pk}
    seen = Complaint.objects.visible_to(request.user).filter(pk__in=others)
    known = {one.pk: one for one in seen.only("number", "subject")}
    return {"named": [_hint(request.user, mail, complaint, known) for mail in mails]}


def _hint(
    user: User, mail: Mail, complaint: Complaint, known: dict[int, Complaint]
) -> dict[str, Any]:
    """Which of the two is named, the other as far as this person sees it, whether he may review."""
    is_named = mail.suspected_id == complaint.pk
    other = mail.complaint_id if is_named else mail.suspected_id
    sees = not is_named or other is None or other in known
    return {
        "mail": mail,
        "is_named": is_named,
        "other": known.get(other) if other else None,
        "may_review": sees and can_review_mail(user, None),
    }


@login_required
@require_POST
def dismiss(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Nothing follows from it; of a complaint that names an earlier one: it stays as it is."""
    mail = _seen(request, pk)
    if mail.state in OPEN:
        deciding.dismiss(mail, by=request.user, reason=request.POST.get("reason", ""))
    else:
        reviewing.let_stand(mail, by=request.user)
    messages.success(request, _("已核对"))
    return redirect("mail:held")


@login_required
@require_POST
def dismiss_many(request: HuiyinRequest) -> HttpResponse:
    """What was ticked in the list, with one reason; the list comes back as it was narrowed."""
    named = request.POST.getlist("mail")
    pks = [int(one) for one in named if one.isascii() and one.isdigit() and len(one) < 18]
    done, missed = deciding.dismiss_many(
        pks, by=request.user, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("%(done)s 封已记为不处理，原件保留") % {"done": done})
    if missed:
        messages.warning(request, _("%(missed)s 封已被别人处理，没有改动") % {"missed": missed})
    return redirect(page_of(request))


@login_required
@require_POST
def again(request: HuiyinRequest, pk: int) -> HttpResponse:
    deciding.read_again(_seen(request, pk), by=request.user)
    messages.success(request, _("已放回待读取，稍后刷新查看结果"))
    return redirect("mail:held")
