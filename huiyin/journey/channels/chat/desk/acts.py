"""What people do at the desk: each view takes what was typed and calls the verb."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact
from huiyin.ground.people.models import Team, User
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.chat import actions, lists
from huiyin.journey.channels.chat.actions import checking, seating, summing
from huiyin.journey.channels.chat.desk import shown
from huiyin.journey.channels.chat.desk.views import number, seen
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.permissions import can_end, can_hand_over, can_sit
from huiyin.journey.channels.chat.words import Outcome
from huiyin.journey.complaint.words import Severity
from huiyin.journey.grouping.actions import named
from huiyin.journey.triage import shown as triage


def told(sentence: str = "", /, **events: Any) -> HttpResponse:
    """It went well: the desk asks again; `sentence` becomes a toast."""
    if sentence:
        events["toast"] = {"text": sentence, "kind": "good"}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})


def changed(sentence: str = "", **facts: Any) -> HttpResponse:
    return told(sentence, **{"chats-changed": facts})


@login_required
@require_POST
def seat(request: HuiyinRequest) -> HttpResponse:
    typed = request.POST
    ready = typed.getlist("ready")[-1] == "1" if "ready" in typed else None
    most = number(typed.get("most", "")) if "most" in typed else None
    seating.sit(by=request.user, ready=ready, most=most)
    return told("", **{"chats-seated": True})


@login_required
@require_POST
def take_next(request: HuiyinRequest) -> HttpResponse:
    return changed(chat=seating.take_next(by=request.user).pk)


def _sat(request: HuiyinRequest, pk: int) -> Chat:
    can_sit.require(request.user, None)
    return seen(request, pk)


@login_required
@require_POST
def accept(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.accept(_sat(request, pk), by=request.user)
    return changed(chat=pk)


@login_required
@require_POST
def takeover(request: HuiyinRequest, pk: int) -> HttpResponse:
    seating.take_over(_sat(request, pk), by=request.user)
    return changed(chat=pk)


@login_required
@require_POST
def say(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Text, files, or both: each file is a line of its own. What promises without a date or beyond
    the writer's authority is stopped, unless its sentence is waived."""
    chat, text = _sat(request, pk), request.POST.get("text", "")
    checking.check(chat, by=request.user, text=text, waived=request.POST.getlist("waived")[:20])
    client = _client(request)
    for place, upload in enumerate(request.FILES.getlist("file")[:5]):
        of_file = uuid.uuid5(client, f"file-{place}")
        kept = actions.put_file(chat, upload=upload, client=of_file, by=request.user)
        actions.answer(chat, by=request.user, client=of_file, file=kept)
    if text.strip() or not request.FILES:
        actions.answer(chat, by=request.user, text=text, client=client)
    return told(**{"chat-said": "say"})


def _client(request: HuiyinRequest) -> uuid.UUID:
    """What was sent again by a browser that did not hear the answer has the same id."""
    typed = request.POST.get("client", "")
    is_one = len(typed) == 36 and all(c in "0123456789abcdefABCDEF-" for c in typed)
    return uuid.UUID(typed) if is_one and typed.count("-") == 4 else uuid.uuid4()


@login_required
@require_POST
def whisper(request: HuiyinRequest, pk: int) -> HttpResponse:
    chat = _sat(request, pk)
    text = request.POST.get("text", "")
    actions.whisper(chat, by=request.user, text=text, client=uuid.uuid4())
    return told(**{"chat-said": "whisper"})


@login_required
@require_POST
def typing(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.typing(_sat(request, pk), by=request.user)
    return HttpResponse(status=204)


@login_required
@require_POST
def reading(request: HuiyinRequest, pk: int) -> HttpResponse:
    line = number(request.POST.get("line", ""))
    actions.seen(_sat(request, pk), line=line, by=request.user)
    return HttpResponse(status=204)


@login_required
@require_http_methods(["GET", "POST"])
def transfer(request: HuiyinRequest, pk: int) -> HttpResponse:
    """GET: to whom it can go, with how much each has to do."""
    chat = _sat(request, pk)
    if request.method == "POST":
        person, team = _named(request.POST.get("to", ""))
        note = request.POST.get("note", "")
        seating.transfer(chat, by=request.user, person=person, team=team, note=note)
        stays = Chat.objects.visible_to(request.user).filter(pk=pk).exists()
        return changed(_("已转接"), **({} if stays else {"left": True}))
    can_hand_over.require(request.user, chat)
    people, teams = lists.takers(chat, but=request.user)
    context = {"chat": chat, "people": people, "teams": teams}
    return render(request, "chat/desk_transfer.html", context)


def _named(typed: str) -> tuple[User | None, Team | None]:
    """“person:7”, “team:3”; neither for what is none."""
    kind, _colon, pk = typed.partition(":")
    if kind == "person":
        return User.objects.active().filter(pk=number(pk)).first(), None
    return None, Team.objects.filter(pk=number(pk)).first() if kind == "team" else None


@login_required
@require_http_methods(["GET", "POST"])
def ending(request: HuiyinRequest, pk: int) -> HttpResponse:
    """GET: the summary with what triage proposes from his words; POST: it ends, and becomes what
    was chosen."""
    chat = _sat(request, pk)
    if request.method == "POST":
        return _ended(request, chat)
    can_end.require(request.user, chat)
    context = {
        "chat": chat,
        "proposal": summing.proposal(chat, request.user),
        "categories": triage.category_groups(),
        "severities": Severity.choices,
        "attached": shown.beside(request.user, chat)["attached"],
    }
    return render(request, "chat/desk_end.html", context)


def _ended(request: HuiyinRequest, chat: Chat) -> HttpResponse:
    typed = request.POST
    outcome = {"new": Outcome.COMPLAINT, "existing": Outcome.EXISTING, "asked": Outcome.NONE}
    contact = Contact(
        name=typed.get("name", ""), phone=typed.get("phone", ""), email=typed.get("email", "")
    )
    made = summing.sum_up(
        chat,
        by=request.user,
        outcome=str(outcome.get(typed.get("becomes", ""), "")),
        summary=typed.get("summary", ""),
        number=typed.get("other", "") or typed.get("number", ""),
        category=typed.get("category", ""),
        severity=number(typed.get("severity", "")) or None,
        contact=contact,
        order_no=typed.get("order_no", ""),
        call_at=_call_at(typed.get("call_at", "")),
    )
    if made is None:
        return changed(_("会话已结束"))
    return changed(_("会话已结束，记入 %(number)s") % {"number": made.number})


def _call_at(typed: str) -> datetime | None:
    """When he asked to be called; an unreadable moment is refused with its field."""
    at = moment.read(typed)
    if typed.strip() and at is None:
        sentence = _("时间请写成 2026-11-22 09:12")
        raise Invalid(sentence, call_at=sentence)
    return at


@login_required
@require_POST
def attachment(request: HuiyinRequest, pk: int) -> HttpResponse:
    """It is about this complaint: from now on answers by chat reach him here."""
    chat = _sat(request, pk)
    complaint = named(request.user, request.POST.get("number", ""), field="number")
    actions.attach_to(chat, by=request.user, complaint=complaint)
    return changed(_("已关联 %(number)s") % {"number": complaint.number})


@login_required
@require_POST
def contact(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Behind the mask, with a reason that is kept; shown once."""
    chat = _sat(request, pk)
    summing.show_contact(chat, by=request.user, reason=request.POST.get("reason", ""))
    context = {"chat": chat, "points": shown.points_of(chat.customer)}
    answer = render(request, "chat/desk_contact.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
