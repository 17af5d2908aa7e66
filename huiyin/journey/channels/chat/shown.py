"""What a visitor is told of his chat: lines, state, place. Never a whisper, never who we are
beyond a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from huiyin.ground import moment
from huiyin.journey.channels.chat.models import Chat, Line
from huiyin.journey.channels.chat.words import By, ChatState, Outcome
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.rules import spoken_code

MOST_TOLD = 3000  # rules.MOST_LINES of his, and ours: a page that is opened anew has them all
VISITOR_FIELDS = ("id", "kind", "who", "text", "at", "client", "file")


def line(row: Line) -> dict[str, Any]:
    """One line with `by` and `file` at hand."""
    file = row.file
    return {
        "id": row.pk,
        "chat": row.chat_id,
        "kind": row.kind,
        "who": row.by.name if row.by is not None and row.kind == By.AGENT else "",
        "text": row.text,
        "at": row.at.isoformat(),
        "client": str(row.client),
        "file": file and {"id": str(file.uuid), "name": file.name, "size": file.size},
    }


def of_visitor(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in VISITOR_FIELDS}


def lines_for_visitor(chat: Chat, since: int) -> list[dict[str, Any]]:
    rows = chat.lines.for_visitor().filter(pk__gt=since).order_by("pk")
    return [of_visitor(line(row)) for row in rows.select_related("by", "file")[:MOST_TOLD]]


def state(chat: Chat) -> dict[str, Any]:
    """`agent` at hand."""
    return {
        "state": chat.state,
        "agent": chat.agent.name if chat.agent is not None else "",
        "seen": chat.agent_seen,
        "mine": chat.visitor_seen,
        "ended_by": chat.ended_by,
        **_became(chat),
        "waited": int((moment.now() - chat.waits_since).total_seconds()),
        "email": bool(chat.email),
        "copied": chat.copied_at is not None,
        "rated": chat.rating or 0,
    }


def _became(chat: Chat) -> dict[str, str]:
    """What it became, once it is over. The code opens the complaint: only of one that was made of
    this chat, never of another that somebody put it into."""
    if chat.state != ChatState.ENDED or chat.complaint is None:
        return {"number": "", "code": ""}
    own = chat.outcome == Outcome.COMPLAINT
    code = code_of(chat.complaint) if own else ""
    return {"number": chat.complaint.number, "code": code}


def code_of(complaint: Complaint) -> str:
    return spoken_code(complaint.tracking_code)


def states(chats: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Chat.objects.filter(pk__in=chats).select_related("agent", "complaint")
    return {chat.pk: state(chat) for chat in rows}
