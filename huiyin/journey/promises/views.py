"""The ledger's page, the panel of a complaint, and the chips below what is being written."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import TooMany
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.panels import rows
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.permissions import can_answer
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.permissions import can_note
from huiyin.journey.promises import actions, lists, rules
from huiyin.journey.promises.forms import typed_amount, typed_moment
from huiyin.journey.promises.models import Promise
from huiyin.journey.promises.permissions import can_keep, can_move, can_promise, can_release
from huiyin.journey.promises.words import MONEY, PromiseKind, State
from huiyin.journey.resolution.models import usable_remedies

MOST_A_MINUTE = 120  # looks of one person at what he writes; he types no faster


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """What is promised to this customer, the nearest first; None where nothing ever was and
    nobody may promise."""
    found = list(
        Promise.objects.filter(complaint=complaint).with_all().order_by("due_at", "pk")[:50]
    )
    for one in found:
        one.complaint = complaint
    may_promise = complaint.status != Status.ARC and can_promise(request.user, complaint)
    update = _next_update(complaint)
    if not found and not may_promise and update is None:
        return None
    return {
        "owed": [shown(one, request.user) for one in found if one.is_owed],
        "ended": [one for one in found if not one.is_owed],
        "update": update,
        "may_promise": may_promise,
        "kinds": PromiseKind.choices,
    }


def _next_update(complaint: Complaint) -> Any:
    """When progress is told next, by the rhythm of the policy: a promise of every complaint."""
    own = [clock for clock in rows(complaint, "clocks") if not clock.subject]
    running = [c for c in own if c.kind == ClockKind.UPDATE and c.stopped_at is None]
    return running[-1] if running else None


def shown(one: Promise, user: User) -> dict[str, Any]:
    return {
        "it": one,
        "may_keep": can_keep(user, one),
        "may_move": can_move(user, one),
        "may_release": one.state == State.OPEN and can_release(user, one),
    }


@login_required
@require_GET
def promises(request: HuiyinRequest) -> HttpResponse:
    """The ledger: whatever this reader may see, filtered; and how often it was kept."""
    asked = lists.Asked.read(request.GET)
    found, after = lists.page(request.user, asked)
    context: dict[str, Any] = {
        "rows": found,
        "asked": asked,
        "after": after,
        "query": urlencode(asked.query()),
        "now": moment.now(),
    }
    if request.GET.get("after"):
        return render(request, "promises/rows.html", context)
    context |= {
        "views": lists.VIEWS,
        "kinds": PromiseKind.choices,
        "periods": [(key, title) for key, title, _n in lists.PERIODS],
        "teams": Team.objects.filter(retired_at=None),
        "remedies": usable_remedies(),
        "person": User.objects.filter(pk=asked.person).first() if asked.person else None,
        **_figures(request.user, asked),
    }
    return render(request, "promises/list.html", context)


def _figures(user: User, asked: lists.Asked) -> dict[str, Any]:
    """Kept-rates: for those who lead; everybody else sees his own list."""
    if not leads(user):
        return {}
    days = int(asked.days or 30)
    return {
        "overall": lists.overall(user, days=days),
        "days": days,
        "figures": [
            ("person", _("按人"), lists.rates(user, "person", days=days)),
            ("team", _("按组"), lists.rates(user, "team", days=days)),
            ("remedy", _("按补救方式"), lists.rates(user, "remedy", days=days)),
        ],
    }


def leads(user: User) -> bool:
    return user.has_role(Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.SUPERVISION)


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user).select_related("customer", "assignee")
    return get_object_or_404(visible, number=number)


def _one(request: HuiyinRequest, pk: int) -> Promise:
    found: Promise = get_object_or_404(Promise.objects.visible_to(request.user).with_all(), pk=pk)
    return found


@login_required
@require_POST
def detect(request: HuiyinRequest, number: str) -> HttpResponse:
    """The promises in what is being written, as chips. Changes nothing."""
    not_too_often(request.user)
    complaint = _seen(request, number)
    text = request.POST.get("text", "")[: rules.LONGEST]
    waived = request.POST.getlist("waived")[:20]
    spoken = request.POST.get("spoken") == "1"
    (can_note if spoken else can_promise).require(request.user, complaint)
    chips = actions.read(request.user, complaint, text, waived=waived, spoken=spoken)
    context = {"chips": chips, "spoken": spoken, "money": MONEY, "rewritten": None}
    if (to := typed_moment(request.POST.get("to", ""), "to")) is not None:
        context |= _rewritten(request, text, chips, to)
    return render(request, "promises/chips.html", context)


@login_required
@require_POST
def chat_detect(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The promises in what is being written to a visitor of a chat, as chips."""
    not_too_often(request.user)
    visible = Chat.objects.visible_to(request.user).select_related("complaint", "team")
    chat = get_object_or_404(visible, pk=pk)
    can_answer.require(request.user, chat)
    text = request.POST.get("text", "")[: rules.LONGEST]
    chips = actions.read_chat(request.user, chat, text, waived=request.POST.getlist("waived")[:20])
    context = {"chips": chips, "spoken": False, "money": MONEY, "rewritten": None}
    if (to := typed_moment(request.POST.get("to", ""), "to")) is not None:
        context |= _rewritten(request, text, chips, to)
    return render(request, "promises/chips.html", context)


def _rewritten(request: HuiyinRequest, text: str, chips: list[Any], to: Any) -> dict[str, Any]:
    """One of its sentences with another date."""
    place = request.POST.get("place", "")
    if not place.isascii() or not place.isdecimal() or int(place) >= len(chips):
        return {}
    one = chips[int(place)].found
    english = one.sentence.isascii()
    better = rules.with_date(text, one, actions.told_due(to, english=english))
    return {"rewritten": better, "sentence": one.sentence}


def not_too_often(user: User) -> None:
    key = f"promises-read-{user.pk}-{int(moment.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > MOST_A_MINUTE:
        raise TooMany(_("识别太频繁了，请稍等片刻再继续"))


@login_required
@require_GET
def owed(request: HuiyinRequest, number: str) -> HttpResponse:
    """What is still owed to this customer: shown to who hands the complaint over."""
    complaint = _seen(request, number)
    found = Promise.objects.owed().filter(complaint=complaint).with_all().order_by("due_at", "pk")
    return render(request, "promises/owed.html", {"owed": found[:20], "now": moment.now()})


@login_required
@require_POST
def giving(request: HuiyinRequest, number: str) -> HttpResponse:
    """A promise that was given elsewhere, entered by hand."""
    complaint = _seen(request, number)
    actions.promise_by_hand(
        complaint,
        by=request.user,
        kind=request.POST.get("kind", ""),
        what=request.POST.get("what", ""),
        due_at=typed_moment(request.POST.get("due_at", "")),
        amount_fen=typed_amount(request.POST.get("amount", "")),
    )
    return changed(_("承诺已登记"))


@login_required
@require_POST
def keeping(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.keep(_one(request, pk), by=request.user, proof=request.POST.get("proof", ""))
    return changed(_("已登记兑现"))


@login_required
@require_POST
def moving(request: HuiyinRequest, pk: int) -> HttpResponse:
    due_at = typed_moment(request.POST.get("due_at", ""))
    reason = request.POST.get("reason", "")
    actions.move(_one(request, pk), by=request.user, due_at=due_at, reason=reason)
    return changed(_("已按与客户商定的日期改期"))


@login_required
@require_POST
def releasing(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.release(_one(request, pk), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("承诺已解除"))
