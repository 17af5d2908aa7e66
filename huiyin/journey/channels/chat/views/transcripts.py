"""The transcript: of a complaint's chats in its page, and each on a page of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from huiyin.ground.privacy.rules import masked_email, masked_name, masked_phone
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.chat.desk.shown import lines_of
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.views.serving import served
from huiyin.journey.complaint.models import Complaint

MOST_CHATS = 20


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """The chats of this complaint, the newest first; None where there was none."""
    chats = Chat.objects.filter(complaint=complaint).select_related("site", "agent")
    found = list(chats.order_by("-pk")[:MOST_CHATS])
    return {"chats": found} if found else None


@login_required
@require_GET
def transcript(request: HuiyinRequest, uid: UUID) -> HttpResponse:
    """GET /chats/<uid>/transcript/: every line in its order, whispers too. Asked for by a page it
    is the lines alone, which unfold where the story tells of the chat."""
    chat = get_object_or_404(Chat.objects.visible_to(request.user).with_all(), uid=uid)
    lines = lines_of(chat)
    if request.headers.get("HX-Request"):
        return render(request, "chat/transcript_lines.html", {"chat": chat, "lines": lines})
    context = {"chat": chat, "lines": lines, "answers": _answers(chat)}
    return render(request, "chat/transcript.html", context)


def _answers(chat: Chat) -> list[tuple[str, str]]:
    """What he was asked before, his own points of contact behind the mask; the whole of them is in
    the evidence, which whoever opens it is on record for."""
    masks = {
        chat.name: masked_name(chat.name),
        chat.phone: masked_phone(chat.phone),
        chat.email: masked_email(chat.email),
    }
    return [(label, masks.get(said, said)) for label, said in chat.before.items() if said]


@login_required
@require_GET
def transcript_file(request: HuiyinRequest, uid: UUID, file: UUID) -> HttpResponseBase:
    chat = get_object_or_404(Chat.objects.visible_to(request.user), uid=uid)
    return served(get_object_or_404(chat.files, uuid=file))
