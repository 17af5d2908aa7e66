"""The queue of call-backs, the card of one call, and the panel of a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.privacy import actions as privacy
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.callbacks import actions, lists, rules
from huiyin.journey.callbacks.actions.planning import zone
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.callbacks.permissions import can_arrange, can_call, can_see_queue
from huiyin.journey.callbacks.shown import card
from huiyin.journey.callbacks.words import CallbackKind, PartOfDay, Result
from huiyin.journey.complaint.models import Complaint

ARRANGED = (CallbackKind.ASKED, CallbackKind.DROPPED, CallbackKind.TALK)


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """Who will be called when, and what came of earlier calls; None where there is nothing."""
    may_arrange = complaint.is_open and can_arrange(request.user, complaint)
    found = list(complaint.callbacks.visible_to(request.user).with_all().order_by("-pk")[:20])  # type: ignore[attr-defined]
    if not found and not may_arrange:
        return None
    return {
        "calls": [one for one in found if one.is_open],
        "made": [one for one in found if not one.is_open][:5],
        "may_arrange": may_arrange,
        "kinds": [(str(kind), kind.label) for kind in ARRANGED],
        "now": moment.now(),
    }


@login_required
@require_GET
def queue(request: HuiyinRequest) -> HttpResponse:
    """What is due when, the next to be tried first."""
    can_see_queue.require(request.user, None)
    asked = lists.Asked.read(request.GET)
    rows, after = lists.page(request.user, asked)
    now = moment.now()
    context: dict[str, Any] = {
        "rows": rows,
        "asked": asked,
        "after": after,
        "now": now,
        "query": urlencode(asked.query()),
    }
    if request.GET.get("after"):
        return render(request, "callbacks/rows.html", context)
    context |= {
        "views": lists.VIEWS,
        "whose": lists.WHOSE,
        "kinds": CallbackKind.choices,
        "parts": PartOfDay.choices,
        "results": Result.choices,
        "waiting": lists.waiting(request.user, now),
        "part_now": rules.part_of_day(timezone.localtime(now, zone())).label,
    }
    return render(request, "callbacks/queue.html", context)


@login_required
@require_POST
def next_one(request: HuiyinRequest) -> HttpResponse:
    """The most pressing call that nobody else has just now, for this person."""
    can_see_queue.require(request.user, None)
    found = actions.take_next(request.user)
    if found is None:
        raise Refused(_("现在没有该您打的电话；稍后的见“稍后再打”"))
    place = reverse("callbacks:callback", args=[found.pk])
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": place})
    return redirect(place)


def _seen(request: HuiyinRequest, pk: int) -> Callback:
    visible = Callback.objects.visible_to(request.user)
    found: Callback = get_object_or_404(visible.with_all(), pk=pk)
    return found


@login_required
@require_GET
def callback(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The card of one call: why, whom, what to say, earlier tries, and one key for the result."""
    found = _seen(request, pk)
    customer = found.complaint.customer
    sees = Complaint.objects.visible_to(request.user).filter(pk=found.complaint_id).exists()
    context = {
        "card": card(found, request.user),
        "sees": sees,
        "points": list(customer.contact_points.all()),
        "minutes": int(rules.CLAIMED_FOR.total_seconds() // 60),
    }
    template = "callbacks/card.html" if request.htmx else "callbacks/page.html"
    return render(request, template, context)


@login_required
@require_POST
def claiming(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.claim(_seen(request, pk), by=request.user)
    return changed(_("已锁定，别人暂时不会再打"))


@login_required
@require_POST
def releasing(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.release(_seen(request, pk), by=request.user)
    return changed(_("已放回队列"))


@login_required
@require_POST
def contact(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The customer's number, once, with a reason that stays on record."""
    found = _seen(request, pk)
    can_call.require(request.user, found)
    if not found.is_open:
        raise Refused(_("这通回电已经完成或取消，请刷新页面查看最新进展"))
    customer = found.complaint.customer
    privacy.reveal(
        customer,
        by=request.user,
        reason=request.POST.get("reason", ""),
        complaint_number=found.complaint.number,
    )
    context = {"customer": customer, "points": list(customer.contact_points.all())}
    answer = render(request, "callbacks/contact.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _when(request: HuiyinRequest, name: str = "appointment_at") -> datetime | None:
    """A moment as it was typed, in the time of the house."""
    typed = request.POST.get(name, "").strip()
    found = moment.read(typed) if typed else None
    if typed and found is None:
        raise Invalid(_("请填写正确的日期和时间"), **{name: _("请填写正确的日期和时间")})
    if found is not None and timezone.is_naive(found):
        return found.replace(tzinfo=zone())
    return found


@login_required
@require_POST
def answering(request: HuiyinRequest, pk: int) -> HttpResponse:
    """What came of the call; then back to the queue, or on to the next one."""
    found = _seen(request, pk)
    typed = request.POST.get("offset", "").strip()
    offset = rules.offset_of(typed) if typed else None
    if typed and offset is None:
        raise Invalid(_("录音位置请写成 分:秒"), offset=_("录音位置请写成 分:秒"))
    made = actions.answer(
        found,
        by=request.user,
        result=request.POST.get("result", ""),
        words=request.POST.get("words", ""),
        recording=request.FILES.get("recording"),
        offset=offset,
        appointment_at=_when(request),
    )
    if made.next_at is not None:
        local = timezone.localtime(made.next_at, zone())
        part = rules.part_of_day(local).label
        sentence = _("已登记，下次：%(when)s（%(part)s）") % {
            "when": f"{local:%m-%d %H:%M}",
            "part": part,
        }
    else:
        sentence = _("已登记")
    if not Callback.objects.visible_to(request.user).filter(pk=found.pk).exists():
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("callbacks:queue")})
    return changed(sentence)


@login_required
@require_POST
def appointment(request: HuiyinRequest, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.appoint(_seen(request, pk), by=request.user, at=_when(request), reason=reason)
    return changed(_("已改约"))


@login_required
@require_POST
def cancellation(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.cancel(_seen(request, pk), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已取消回电"))


@login_required
@require_POST
def arranging(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    actions.arrange(
        complaint,
        by=request.user,
        kind=request.POST.get("kind", "") or CallbackKind.ASKED,
        reason=request.POST.get("reason", ""),
        appointment_at=_when(request),
    )
    return changed(_("已安排回电"))
