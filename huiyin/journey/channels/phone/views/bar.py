"""The pop and the bar, on every page of whoever telephones. Acts answer with `call-changed`."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.callbacks.actions.planning import zone
from huiyin.journey.channels.phone import actions, shown
from huiyin.journey.channels.phone.actions.working import came
from huiyin.journey.channels.phone.models import Call, Rung, limits
from huiyin.journey.channels.phone.permissions import can_see_calls
from huiyin.journey.conversation.rules import written
from huiyin.journey.grouping import actions as grouping


def again(sentence: str = "") -> HttpResponse:
    """The bar asks for itself again; on a complaint's page the story does, too."""
    triggers: dict[str, object] = {"call-changed": True, "complaint-changed-elsewhere": True}
    if sentence:
        triggers["toast"] = {"text": sentence, "kind": "good"}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(triggers)})


def seen(request: HuiyinRequest, pk: int) -> Call:
    can_see_calls.require(request.user, None)
    visible = Call.objects.visible_to(request.user)
    return get_object_or_404(visible.with_all(), pk=pk)


@never_cache
@login_required
@require_GET
def mine(request: HuiyinRequest) -> HttpResponse:
    """What rings for me, what I speak in, who asks for me."""
    can_see_calls.require(request.user, None)
    now = moment.now()
    context = {"mine": shown.mine(request.user), "limits": limits(), "now": now}
    return render(request, "phone/bar.html", context)


@login_required
@require_POST
def notes(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Told back when another page had written too: what is kept is the words of both."""
    asked = request.POST
    typed = asked.get("notes", "")
    call, began = seen(request, pk), asked.get("began")
    kept = actions.keep_notes(call, by=request.user, text=typed, began=began)
    return JsonResponse({"notes": kept, "merged": kept != written(typed)})


@login_required
@require_POST
def notice(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.notice_given(seen(request, pk), by=request.user)
    return again(_("已记录：开场已告知录音"))


@login_required
@require_POST
def check(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.checked(seen(request, pk), by=request.user)
    return again(_("已记录：已向客户确认"))


@login_required
@require_POST
def callback(request: HuiyinRequest, pk: int) -> HttpResponse:
    typed = (request.POST.get("at") or request.POST.get("other") or "").strip()
    at = moment.read(typed) if typed else None
    if typed and at is None:
        raise Invalid(_("请填写正确的日期和时间"), at=_("请填写正确的日期和时间"))
    if at is not None and timezone.is_naive(at):
        at = at.replace(tzinfo=zone())
    reason = request.POST.get("reason", "")
    call = actions.call_back(seen(request, pk), by=request.user, at=at, reason=reason)
    if call.callback_id:
        return again(_("已安排回电，任务在回访队列"))
    return again(_("已约定回电；关联投诉后进入回访队列"))


@login_required
@require_POST
def called_back(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.called_back(seen(request, pk), by=request.user)
    return again(_("已登记回拨"))


@login_required
@require_POST
def help_(request: HuiyinRequest, pk: int) -> HttpResponse:
    act = actions.help_asked(seen(request, pk), by=request.user)
    return again(_("已请 %(name)s 支援") % {"name": act.to.name if act.to else ""})


@login_required
@require_POST
def coming(request: HuiyinRequest, pk: int) -> HttpResponse:
    came(seen(request, pk), by=request.user)
    return again(_("已告诉对方您来支援"))


@login_required
@require_POST
def abuse(request: HuiyinRequest, pk: int) -> HttpResponse:
    typed = request.POST.get("step", "")
    rung = get_object_or_404(Rung, pk=int(typed) if typed.isdecimal() and len(typed) < 10 else 0)
    actions.say(seen(request, pk), rung, by=request.user)
    return again(_("已记录：%(step)s") % {"step": rung.name})


@login_required
@require_POST
def close(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.close(seen(request, pk), by=request.user)
    return again(_("已登记通话结束"))


@login_required
@require_POST
def finish(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.finish(seen(request, pk), by=request.user)
    return again(_("通话已整理完"))


@login_required
@require_POST
def link(request: HuiyinRequest, pk: int) -> HttpResponse:
    """To the complaint whose number was typed, or that was shown; only one this person may see."""
    call = seen(request, pk)
    number = request.POST.get("number", "")
    complaint = grouping.named(request.user, number, field="number")
    actions.link(call, complaint, by=request.user)
    if request.POST.get("open"):
        place = reverse("workbench:complaint", args=[complaint.number])
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": place})
        return redirect(place)
    return again(_("已关联 %(number)s") % {"number": complaint.number})


@login_required
@require_POST
def set_aside(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.set_aside(seen(request, pk), by=request.user)
    return again(_("已标为不是投诉"))


@login_required
@require_POST
def dial(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.dial(seen(request, pk), by=request.user)
    return again(_("已请电话系统呼叫，请接听您的话机"))
