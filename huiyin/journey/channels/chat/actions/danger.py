"""What a visitor says while nobody has answered him is read as a complaint would be: what weighs S1
calls whoever supervises at once, puts him first, and tells him what to do now."""

from __future__ import annotations

from django.utils import translation

from huiyin.journey.channels.chat import live, rules
from huiyin.journey.channels.chat.actions.alarms import alarm_at_once
from huiyin.journey.channels.chat.actions.lines import write
from huiyin.journey.channels.chat.actions.waking import wake
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.words import AlarmKind, By, ChatState
from huiyin.journey.complaint.words import Channel, Severity
from huiyin.journey.triage import knowledge
from huiyin.journey.triage.words import Risk

LINES, CHARACTERS = 40, 4000  # the latest that are read
PERSONAL = frozenset({Risk.SAFETY, Risk.SELF_HARM})  # somebody may be hurt


def heed(chat: Chat) -> bool:
    """Whether it was found now. The caller holds the row, so of two lines at once one finds it."""
    if chat.in_danger or not chat.is_live:
        return False
    reading = knowledge.preview(_latest(chat), channel=Channel.CHAT)
    if reading.severity != Severity.S1:
        return False
    chat.in_danger, chat.danger_words = True, rules.words_that_weigh(reading)
    chat.save(update_fields=["in_danger", "danger_words"])
    live.tell(chat, "state")
    if chat.state == ChatState.WAITING or chat.answered_at is None:
        if PERSONAL.intersection(reading.risks):
            _advise(chat)
        alarm_at_once(chat, AlarmKind.DANGER, agent=chat.agent)
    wake()
    return True


def _latest(chat: Chat) -> str:
    """One fact may be told in several lines."""
    said = chat.lines.filter(kind=By.VISITOR).exclude(text="").order_by("-pk")
    lines = list(said.values_list("text", flat=True)[:LINES])
    return "\n".join(reversed(lines))[-CHARACTERS:]


def _advise(chat: Chat) -> None:
    """What he can do before anybody has read it, in words of his site."""
    with translation.override(chat.language):
        if words := chat.site.advice(chat.language):
            write(chat, By.SYSTEM, words)
