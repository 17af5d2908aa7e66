"""Chats: words that can be put into an answer, and who hears when nobody answers a visitor."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.knowledge.words import Audience
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.channels.chat.models import Alarm, Chat
from huiyin.journey.channels.chat.words import AlarmKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.people import supervisor_on_duty
from huiyin.surface.notices.models import Phrase
from huiyin.surface.notices.plain import tell_once
from huiyin.surface.notices.rules import filled

MOST_PASSAGES = 5
AT_A_TIME = 100


def phrases_for_chat(chat: Chat, query: str = "") -> list[tuple[str, str]]:
    """(title, words in the visitor's language), narrowed to what has every typed word. Of no
    complaint yet, so its number and its limit are gaps to be filled in."""
    english = chat.language == "en"
    with translation.override("en" if english else "zh-hans"):
        number = chat.complaint.number if chat.complaint is not None else _("（编号）")
        values = {"number": number, "organisation": settings.ORGANISATION, "due": _("（日期）")}
    found = []
    for phrase in Phrase.objects.for_category(chat.category):
        words = filled((english and phrase.text_en) or phrase.text_zh, values)
        text = f"{phrase.title} {words}".lower()
        if all(word in text for word in query.lower().split()):
            found.append((phrase.title, words))
    return found


def passages_for_chat(user: User, chat: Chat, query: str) -> list[knowledge.Found]:
    """What customers may read themselves: the rest is for us."""
    if not query:
        return []
    found = knowledge.find(user, query, category=chat.category, limit=4 * MOST_PASSAGES)
    return [one for one in found if one.audience == Audience.CUSTOMER][:MOST_PASSAGES]


# --- alarms ---------------------------------------------------------------------------------------


def tell_alarms() -> int:
    """Each alarm to the supervisor of the team; safe to run twice, since a notice is told once."""
    told = 0
    with transaction.atomic():
        some = Alarm.objects.untold().select_for_update(skip_locked=True, of=("self",))
        for alarm in some.select_related("chat__site", "team", "agent")[:AT_A_TIME]:
            _tell(alarm)
            alarm.told_at = moment.now()
            alarm.save(update_fields=["told_at"])
            told += 1
    return told


def _tell(alarm: Alarm) -> None:
    address = f"{reverse('chats:desk')}?chat={alarm.chat_id}"
    key = f"chat:{alarm.chat_id}:{alarm.kind}:{alarm.agent_id or 0}"
    urgent = alarm.kind == AlarmKind.DANGER
    tell_once(key, _who(alarm), lambda: _words(alarm), address, urgent=urgent)


def _who(alarm: Alarm) -> Iterable[User]:
    """Lead and duty supervisor of the team, of no team the supervisors who are here; the agent too,
    when his visitor was taken from him or his summary is missing. Who is barred from the complaint
    hears nothing."""
    team = alarm.team
    people: list[User | None] = []
    if team is not None:
        people = [team.lead, team.duty_supervisor, supervisor_on_duty(team)]
    if not any(people):
        people = list(User.objects.active().with_role(Role.SUPERVISOR))
    if alarm.kind in (AlarmKind.UNANSWERED, AlarmKind.OFFLINE, AlarmKind.UNSUMMED):
        people.append(alarm.agent)
    found = {one.pk: one for one in people if one is not None and one.is_active}
    return [one for one in found.values() if _may_know(one, alarm)]


def _may_know(person: User, alarm: Alarm) -> bool:
    chat = alarm.chat
    if chat.complaint_id is None:
        return True
    return Complaint.objects.visible_to(person).filter(pk=chat.complaint_id).exists()


def _words(alarm: Alarm) -> str:
    """Nothing of the visitor: where it is, since when, who had it."""
    told = {
        "what": AlarmKind(alarm.kind).label,
        "site": alarm.chat.site.name,
        "agent": alarm.agent.name if alarm.agent else _("还没有人接"),
    }
    return _("在线聊天：%(what)s（%(site)s，%(agent)s）") % told
