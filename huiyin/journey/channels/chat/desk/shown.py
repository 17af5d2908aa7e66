"""A chat as the desk shows it: what may be done with it, how long it has, who is there."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.journey.channels.chat import lists
from huiyin.journey.channels.chat.models import Chat, Line
from huiyin.journey.channels.chat.permissions import (
    can_accept,
    can_answer,
    can_end,
    can_hand_over,
    can_whisper,
    directs,
)
from huiyin.journey.channels.chat.words import ChatState, Outcome
from huiyin.journey.complaint.models import Complaint

MOST_LINES = 3000  # rules.MOST_LINES of a visitor, and ours
BESIDE = 5  # earlier chats and complaints that stand beside one
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def may(user: User, chat: Chat) -> dict[str, bool]:
    """What this person can do with this chat now: buttons, and the answers of the API."""
    live = chat.is_live
    waits = chat.state == ChatState.WAITING
    return {
        "accept": waits and can_accept(user, chat),
        "say": chat.state == ChatState.OPEN and can_answer(user, chat),
        "whisper": live and can_whisper(user, chat),
        "transfer": live and can_hand_over(user, chat),
        "take_over": chat.state == ChatState.OPEN
        and chat.agent_id != user.pk
        and directs(user, chat),
        "end": not chat.outcome and not waits and can_end(user, chat),
    }


def marked(chat: Chat) -> Chat:
    """With what a row and a header draw: clock marks, gone, late."""
    now = moment.now()
    chat.amber_at, chat.red_at = lists.amber_at(chat), lists.red_at(chat)  # type: ignore[attr-defined]
    chat.is_gone = lists.is_gone(chat, now)  # type: ignore[attr-defined]
    until = chat.answered_at or chat.ended_at or now
    chat.is_late = until > chat.first_due_at  # type: ignore[attr-defined]
    return chat


def lines_of(chat: Chat, after: int = 0) -> list[Line]:
    """Everything that was said, whispers too: for our eyes only."""
    found = chat.lines.select_related("by", "file").filter(pk__gt=after).order_by("pk")
    lines = list(found[:MOST_LINES])
    for line in lines:
        if line.file is not None:
            line.file.is_picture = line.file.media_type in PICTURES  # type: ignore[attr-defined]
    return lines


def desk_of(user: User) -> lists.Desk:
    found = lists.desk(user)
    for one in (*found.own, *found.waiting, *found.others, *found.unsummed):
        marked(one)
    return found


def version(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def version_of(desk: lists.Desk, seat: Any, figures: lists.Figures) -> str:
    """Changes whenever the left column would be drawn otherwise."""
    groups = (desk.own, desk.waiting, desk.others, desk.unsummed)
    rows = [[_row(one) for one in group] for group in groups]
    return version(rows, seat.ready, seat.most, figures)


def _row(one: Any) -> tuple[object, ...]:
    own = (one.pk, one.state, one.agent_id, one.last_line, one.unread)
    return (*own, one.is_gone, one.is_late, one.answered_at, one.name, one.danger_words)


def where_it_went(user: User, pk: int) -> str:
    """Of a chat that he talked in and sees no more; of any other nothing is told."""
    chat = Chat.objects.filter(pk=pk, lines__by=user).select_related("agent").first()
    if chat is None:
        return _("没有找到，或者您无权查看")
    if chat.is_live and chat.agent is not None:
        return _("这位访客现在由 %(name)s 接待") % {"name": chat.agent.name}
    if chat.is_live:
        return _("这位访客已转到另一个小组的队列")
    if chat.outcome == Outcome.COMPLAINT and chat.answered_at is None:
        return _("访客已离开，没有人答复过他：会话已转为投诉，由受理的同事联系他")
    return _("会话已经结束，由其他同事处理")


def context_version(chat: Chat) -> str:
    told = (chat.page_url, chat.customer_id, chat.complaint_id, chat.name, chat.phone)
    return version(*told, chat.email, chat.order_no, chat.outcome, chat.page)


def beside(user: User, chat: Chat) -> dict[str, Any]:
    """Who he seems to be, his earlier chats and complaints, as far as this person sees them."""
    complaints: list[Complaint] = []
    if chat.customer_id:
        found = Complaint.objects.visible_to(user).filter(customer=chat.customer_id).for_list()
        complaints = list(found.order_by("-pk")[: BESIDE + 1])
    return {
        "chat": chat,
        "customer": chat.customer,
        "complaints": complaints[:BESIDE],
        "has_more": len(complaints) > BESIDE,
        "earlier": list(_earlier(user, chat)[:BESIDE]),
        "attached": _attached(user, chat),
        "answers": _answers(chat),
        "pages": pages_before(chat),
    }


def pages_before(chat: Chat) -> list[dict[str, Any]]:
    """Where he was before the page he is on, the latest first: at, title, path."""
    if not chat.trail:
        return []
    began = {"url": chat.page_url, "title": chat.page_title, "at": chat.asked_at.isoformat()}
    return [
        {
            "at": datetime.fromisoformat(one["at"]),
            "title": one["title"],
            "path": urlsplit(one["url"]).path,
        }
        for one in reversed([began, *chat.trail[:-1]])
        if one["url"]
    ]


def _answers(chat: Chat) -> list[tuple[str, str]]:
    """Of the questions before the chat; who he is stands above, masked."""
    above = {chat.name, chat.phone, chat.email, chat.order_no}
    return [(label, said) for label, said in chat.before.items() if said not in above]


def _earlier(user: User, chat: Chat) -> Any:
    same = Q(pk__in=[])
    if chat.customer_id:
        same |= Q(customer=chat.customer_id)
    if chat.phone:
        same |= Q(phone=chat.phone)
    if chat.email:
        same |= Q(email=chat.email)
    others = Chat.objects.visible_to(user).filter(same).exclude(pk=chat.pk)
    return others.select_related("site", "complaint", "agent").order_by("-pk")


def _attached(user: User, chat: Chat) -> Complaint | None:
    if chat.complaint_id is None:
        return None
    return Complaint.objects.visible_to(user).filter(pk=chat.complaint_id).first()


def points_of(customer: Customer | None) -> list[Any]:
    return list(customer.contact_points.all()) if customer is not None else []
