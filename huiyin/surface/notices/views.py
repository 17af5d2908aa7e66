"""The bell, and the phrases a reply may begin with: the house's, and one's own."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground.people.words import Role
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.permissions import can_sit
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.cooperation.people import DEPARTMENT_ROLES
from huiyin.journey.improvement.actions import to_read, told_as_head
from huiyin.journey.supervision.people import headed_by
from huiyin.surface.notices.actions import filled_phrases, mark_read, notices_of
from huiyin.surface.notices.chatting import passages_for_chat, phrases_for_chat
from huiyin.surface.notices.models import Notice, NoticeQuerySet, OwnPhrase
from huiyin.surface.notices.phrasing import drop_own, keep_own, own_phrases

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
    own = [(one.title, one.text) for one in own_phrases(request.user)]
    context = {"phrases": [*own, *filled_phrases(complaint)]}
    return render(request, "notices/phrases.html", context)


@login_required
@require_GET
def chat_phrases(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The same for a chat, by what is typed after the slash; passages of knowledge that customers
    may read below them."""
    chat = get_object_or_404(Chat.objects.visible_to(request.user), pk=pk)
    query = request.GET.get("q", "").strip()[:40]
    context = {
        "own": own_phrases(request.user, query),
        "phrases": phrases_for_chat(chat, query),
        "passages": passages_for_chat(request.user, chat, query),
        "q": query,
    }
    return render(request, "notices/chat_phrases.html", context)


# --- canned replies of one's own ------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def mine(request: HuiyinRequest) -> HttpResponse:
    """GET: one's own, to be searched, changed and dropped; the rows alone for `?q=`. POST: one
    more. Nobody sees another's."""
    can_sit.require(request.user, None)
    if request.method == "POST":
        _keep(request)
        return _rows(request, _("已保存，对话里输入 / 就能找到"))
    if "q" in request.GET:
        return _rows(request)
    return render(request, "notices/own.html", {"own": own_phrases(request.user)})


@login_required
@require_POST
def change_mine(request: HuiyinRequest, pk: int) -> HttpResponse:
    _keep(request, _own(request, pk))
    return _rows(request, _("已保存"))


@login_required
@require_POST
def drop_mine(request: HuiyinRequest, pk: int) -> HttpResponse:
    drop_own(_own(request, pk), by=request.user)
    return _rows(request, _("已删除"))


def _own(request: HuiyinRequest, pk: int) -> OwnPhrase:
    can_sit.require(request.user, None)
    return get_object_or_404(OwnPhrase.objects.of(request.user), pk=pk)


def _keep(request: HuiyinRequest, phrase: OwnPhrase | None = None) -> None:
    typed = request.POST
    keep_own(
        by=request.user,
        title=typed.get("title", ""),
        shortcut=typed.get("shortcut", ""),
        text=typed.get("text", ""),
        phrase=phrase,
    )


def _rows(request: HuiyinRequest, said: str = "") -> HttpResponse:
    query = request.GET.get("q", "").strip()[:40]
    context = {"own": own_phrases(request.user, query), "q": query}
    answer = render(request, "notices/own_rows.html", context)
    if said:
        told = {"toast": {"text": said, "kind": "good"}, "own-phrases": True}
        answer["HX-Trigger"] = json.dumps(told)
    return answer
