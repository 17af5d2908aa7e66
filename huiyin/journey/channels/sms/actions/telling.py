"""What a provider tells, as JSON: a text of a customer, or what became of one of ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.models import Arrival
from huiyin.journey.channels.sms.actions.hearing import Incoming, hear
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.words import Reach

REACHES = {"delivered": Reach.DELIVERED, "read": Reach.READ, "failed": Reach.MISSED}
WAITED_FOR = timedelta(hours=1)  # a report may come before we have written down the name


class TooEarly(Exception):  # noqa: N818
    """The text that is reported about is being sent at this moment: asked again soon."""


def take_told(arrival: Arrival, told: Any) -> str:
    if not isinstance(told, dict) or not _word(told, "id"):
        raise Invalid(_("缺少 id"))
    kind = told.get("kind", "message")
    if kind == "message":
        return _message(arrival, told)
    if kind == "report":
        return _report(arrival, told)
    raise Invalid(_("不认识的 kind，请写 message 或 report"))


def _message(arrival: Arrival, told: dict[str, Any]) -> str:
    text = told.get("text")
    text = text.replace("\x00", "").strip() if isinstance(text, str) else ""
    if not text:
        raise Invalid(_("缺少 text"))
    incoming = Incoming(_word(told, "id"), _word(told, "from"), text, _moment(told.get("at")))
    heard = hear(arrival.hook, incoming)
    arrival.complaint = heard.complaint
    return heard.outcome


def _report(arrival: Arrival, told: dict[str, Any]) -> str:
    reach = REACHES.get(_word(told, "status"))
    if reach is None:
        raise Invalid(_("status 请写 delivered、read 或 failed"))
    name = f"{arrival.hook_id}:{_word(told, 'message')}"
    why = _why(told) if reach == Reach.MISSED else ""
    if conversation.reached(Channel.SMS, name, reach, why):
        return _("回执")
    if moment.now() - arrival.received_at < WAITED_FOR:
        raise TooEarly(name)
    return _("没有这条短信")


def _why(told: dict[str, Any]) -> str:
    """Their own words, as theirs."""
    why = _word(told, "reason")
    return _("对方说：%(why)s") % {"why": why} if why else ""


def _word(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())[:300]


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None
