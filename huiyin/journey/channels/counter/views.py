"""The counter on a tablet: begin, write, show, sign, receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground.privacy.models import PrivacyNotice
from huiyin.ground.web.forms import TakingForm
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.counter import actions, lists
from huiyin.journey.channels.counter.actions import papers
from huiyin.journey.channels.counter.models import Walkin
from huiyin.journey.channels.counter.permissions import can_serve
from huiyin.journey.channels.counter.rules import content as rules
from huiyin.journey.channels.counter.words import WalkinState
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.views import is_uuid
from huiyin.journey.intake.rules import spoken_code


@login_required
@require_GET
def home(request: HuiyinRequest) -> HttpResponse:
    """One's own that are not finished; finished ones, searched and page by page."""
    can_serve.require(request.user, None)
    asked = lists.read(request.GET.dict())
    rows, more = lists.page(asked, request.user)
    context = {
        "begun": lists.begun(request.user),
        "begin_key": uuid4(),
        "rows": rows,
        "more": more,
        "asked": asked,
        "query": urlencode({k: str(v) for k, v in (("q", asked.q), ("day", asked.day)) if v}),
    }
    template = "counter/rows.html" if asked.before and request.htmx else "counter/home.html"
    return render(request, template, context)


@login_required
@require_POST
def begin(request: HuiyinRequest) -> HttpResponse:
    typed = request.POST.get("key", "")
    key = UUID(typed) if is_uuid(typed) else None
    return redirect("counter:write", actions.begin(by=request.user, key=key).key)


def own(request: HuiyinRequest, key: UUID) -> Walkin:
    """A visit of this clerk; anybody else's is as if it were none."""
    can_serve.require(request.user, None)
    rows = Walkin.objects.of(request.user).select_related("complaint", "by")
    return get_object_or_404(rows, key=key)


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def write(request: HuiyinRequest, key: UUID) -> HttpResponse:
    """The form. Sent, it goes on to the customer, or says what is missing."""
    walkin = own(request, key)
    if walkin.state == WalkinState.DONE:
        return redirect("counter:receipt", key)
    if not walkin.is_begun:
        return redirect("counter:home")
    if request.method == "GET" and walkin.state == WalkinState.SHOWN:
        return redirect("counter:read", key)
    form, faults = TakingForm(request.POST or None), dict[str, Any]()
    if request.method == "POST":
        actions.save(walkin, by=request.user, content=request.POST)
        form.is_valid()
        if form.take(lambda: actions.show(walkin, by=request.user), faults) is not None:
            return redirect("counter:read", key)
    context = {"walkin": walkin, "said": rules.typed(walkin.content), "faults": faults}
    return render(request, "counter/write.html", context, status=422 if faults else 200)


@login_required
@sensitive_post_parameters()
@require_POST
def save(request: HuiyinRequest, key: UUID) -> HttpResponse:
    """What is typed so far, by itself, every moment."""
    walkin = own(request, key)
    if actions.save(walkin, by=request.user, content=request.POST, by_itself=True):
        return HttpResponse(f'<span class="dim">{_("已存草稿")}</span>')
    return HttpResponse(
        f'<span class="bad">{_("客户正在核对，没有保存；要改请先点“有误，返回修改”")}</span>'
    )


@never_cache
@login_required
@require_GET
def read(request: HuiyinRequest, key: UUID) -> HttpResponse:
    """For the customer's eyes: his words, large, nothing of ours around them."""
    walkin = own(request, key)
    if walkin.state != WalkinState.SHOWN:
        return redirect("counter:write", key)
    return _reading(request, walkin, {}, 200)


def _reading(
    request: HuiyinRequest, walkin: Walkin, faults: dict[str, Any], status: int
) -> HttpResponse:
    context = {
        "walkin": walkin,
        "said": walkin.content,
        "facts": papers.facts(walkin),
        "notice": PrivacyNotice.objects.filter(version=walkin.privacy_version).first(),
        "fault": next(iter(faults.values()), ""),
        "organisation": settings.ORGANISATION,
        "typed_name": request.POST.get("typed_name", "")[:80],
    }
    return render(request, "counter/read.html", context, status=status)


@login_required
@require_POST
def back(request: HuiyinRequest, key: UUID) -> HttpResponse:
    actions.back(own(request, key), by=request.user)
    return redirect("counter:write", key)


@login_required
@sensitive_post_parameters()
@require_POST
def sign(request: HuiyinRequest, key: UUID) -> HttpResponse:
    walkin, form, faults = own(request, key), TakingForm(request.POST), dict[str, Any]()
    form.is_valid()
    asked = request.POST

    def act() -> Complaint:
        return actions.sign(
            walkin,
            by=request.user,
            digest=asked.get("digest", "")[:64],
            strokes=asked.get("strokes", ""),
            typed_name=asked.get("typed_name", ""),
            agreed=asked.get("agreed") == "1",
        )

    if form.take(act, faults) is not None:
        return redirect("counter:receipt", key)
    walkin.refresh_from_db()
    if walkin.state != WalkinState.SHOWN or not faults:
        for sentence in form.non_field_errors():
            messages.error(request, str(sentence))
        return redirect("counter:write", key)
    return _reading(request, walkin, faults, form.status)


@login_required
@require_POST
def drop(request: HuiyinRequest, key: UUID) -> HttpResponse:
    actions.drop(own(request, key), by=request.user)
    messages.success(request, _("已放弃，填写的内容没有保留"))
    return redirect("counter:home")


def done(request: HuiyinRequest, key: UUID) -> Walkin:
    walkin = own(request, key)
    return get_object_or_404(
        Walkin.objects.filter(state=WalkinState.DONE).select_related("complaint", "by", "form"),
        pk=walkin.pk,
    )


def code_of(request: HuiyinRequest, walkin: Walkin) -> str:
    if walkin.complaint is None or not actions.may_see_code(walkin, request.user):
        return ""
    return spoken_code(walkin.complaint.tracking_code)


@never_cache
@login_required
@require_GET
def receipt(request: HuiyinRequest, key: UUID) -> HttpResponse:
    """For the customer to take with him."""
    walkin = done(request, key)
    *dark, (side, _side) = actions.qr(papers.portal())
    context = {
        "walkin": walkin,
        "complaint": walkin.complaint,
        "code": code_of(request, walkin),
        "portal": papers.portal(),
        "dark": dark,
        "side": side + 8,
        "organisation": settings.ORGANISATION,
        "seen": Complaint.objects.visible_to(request.user).filter(walkin=walkin).exists(),
    }
    return render(request, "counter/receipt.html", context)


@login_required
@require_GET
def receipt_file(request: HuiyinRequest, key: UUID) -> HttpResponse:
    walkin = done(request, key)
    return as_pdf(actions.receipt_pdf(walkin, code=code_of(request, walkin)), walkin)


def as_pdf(data: bytes, walkin: Walkin) -> HttpResponse:
    assert walkin.complaint is not None
    answer = HttpResponse(data, content_type="application/pdf")
    name = f"{walkin.complaint.number}.pdf"
    answer["Content-Disposition"] = content_disposition_header(False, name) or ""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
