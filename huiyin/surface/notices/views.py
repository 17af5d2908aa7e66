"""The bell, and the phrases a reply may begin with."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.people.words import Role
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.cooperation.people import DEPARTMENT_ROLES
from huiyin.journey.improvement.actions import to_read, told_as_head
from huiyin.journey.supervision.people import headed_by
from huiyin.surface.notices.actions import filled_phrases, mark_read, notices_of
from huiyin.surface.notices.chatting import passages_for_chat, phrases_for_chat
from huiyin.surface.notices.models import Notice, NoticeQuerySet

SHOWN = 20
MOST = 99


@login_required
@require_GET
def bell(request: HuiyinRequest) -> HttpResponse:
    """The last notices of complaints that one still sees, and how many of them are unread."""
    return _bell(request)


@login_required
@require_POST
def reading(request: HuiyinRequest) -> HttpResponse:
    mark_read(request.user)
    return _bell(request)


def _bell(request: HuiyinRequest) -> HttpResponse:
    mine = notices_of(request.user).select_related("complaint", "event")
    unread = mine.unread()[: MOST + 1].count()
    context = {
        "notices": _shown(request, mine),
        "unread": unread if unread <= MOST else f"{MOST}+",
        "to_read": to_read(request.user),
        "told_as_head": told_as_head(request.user),
    }
    return render(request, "notices/bell.html", context)


def _shown(request: HuiyinRequest, mine: NoticeQuerySet) -> list[tuple[Notice, str]]:
    """Each with where it leads: who does not see the complaint reads what he owes, no more."""
    found = list(mine[:SHOWN])
    seen = {notice.complaint_id for notice in found if notice.complaint_id}
    if headed_by(request.user) or request.user.has_role(*DEPARTMENT_ROLES, Role.QA):
        visible = Complaint.objects.visible_to(request.user).filter(pk__in=seen)
        seen = set(visible.values_list("pk", flat=True))
    return [(one, "" if one.complaint_id in seen else _leads_to(one)) for one in found]


def _leads_to(notice: Notice) -> str:
    if notice.event is None:
        return notice.address
    facts = notice.event.facts
    if "task" in facts:
        return reverse("desk:task", args=[facts["task"]])
    if "improvement" in facts:
        return reverse("improvement:improvement", args=[facts["improvement"]])
    return reverse("supervision:supervision", args=[facts["supervision"]])


@login_required
@require_GET
def phrases(request: HuiyinRequest, number: str) -> HttpResponse:
    """The phrases for this complaint's category, filled with what belongs to it."""
    seen = Complaint.objects.visible_to(request.user).select_related("customer")
    complaint = get_object_or_404(seen, number=number)
    return render(request, "notices/phrases.html", {"phrases": filled_phrases(complaint)})


@login_required
@require_GET
def chat_phrases(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The same for a chat, by what is typed after the slash; passages of knowledge that customers
    may read below them."""
    chat = get_object_or_404(Chat.objects.visible_to(request.user), pk=pk)
    query = request.GET.get("q", "").strip()[:40]
    context = {
        "phrases": phrases_for_chat(chat, query),
        "passages": passages_for_chat(request.user, chat, query),
        "q": query,
    }
    return render(request, "notices/chat_phrases.html", context)
