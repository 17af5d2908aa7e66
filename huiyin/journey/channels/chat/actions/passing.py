"""Taking a visitor from the queue, and handing him on with a note."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.chat import live
from huiyin.journey.channels.chat.actions.lines import held, still_on, tell_all, write
from huiyin.journey.channels.chat.models import Chat, Seat
from huiyin.journey.channels.chat.permissions import can_accept, can_hand_over, can_sit
from huiyin.journey.channels.chat.words import By, ChatState
from huiyin.journey.complaint.actions import barred_from
from huiyin.journey.conversation.actions import said

LONGEST_NOTE = 500
MOST_AT_ONCE = 5  # of whoever never set up a seat


@transaction.atomic
def accept(chat: Chat, *, by: User) -> None:
    """Take him from the queue. Of two at once one wins; the other reads who."""
    can_accept.require(by, chat)
    _has_room(by)
    now = moment.now()
    waiting = Chat.objects.filter(pk=chat.pk, state=ChatState.WAITING, agent=None)
    if not waiting.update(state=ChatState.OPEN, agent=by, accepted_at=now):
        raise Refused(_taken(chat))
    kept = held(chat)
    _not_barred(kept, by)
    tell_all(kept, gettext_noop("%(name)s 为您服务"), by=by, name=by.name)
    live.tell(kept, "state")
    chat.state, chat.agent, chat.accepted_at = ChatState.OPEN, by, now


def _taken(chat: Chat) -> str:
    kept = Chat.objects.select_related("agent").get(pk=chat.pk)
    if kept.agent is not None and kept.is_live:
        return _("%(name)s 已经接待了这位访客，请选择下一位") % {"name": kept.agent.name}
    return _("这位访客已经离开，请选择下一位")


def _has_room(user: User) -> None:
    """His seat is held, so that he does not take two at once for the last place."""
    seat = Seat.objects.select_for_update().filter(user=user).first()
    most = seat.most if seat is not None else MOST_AT_ONCE
    if Chat.objects.of(user).count() >= most:
        raise Refused(_("已在接待 %(most)s 位访客，请先结束或转接一位") % {"most": most})


def _not_barred(chat: Chat, user: User) -> None:
    if chat.complaint is not None and user.pk in barred_from(chat.complaint):
        raise NotPermitted(_("%(name)s 应当回避这件投诉，请选择另一位同事") % {"name": user.name})


@transaction.atomic
def hand_over(
    chat: Chat, *, by: User, person: User | None = None, team: Team | None = None, note: str
) -> None:
    """To a colleague, who has him at once, or to the queue of a team; with a note of what it is
    about, as a whisper. The visitor is told, and keeps his place by how long he has waited."""
    note = said(note, name="note", most=LONGEST_NOTE, missing=_("请写一句交接说明"))
    kept = held(chat)
    can_hand_over.require(by, kept)
    still_on(kept)
    if (person is None) == (team is None):
        raise Invalid(_("请选择转给哪位同事或哪个小组"), to=_("请选择"))
    if person is not None:
        _to_person(kept, by, person, note)
    else:
        assert team is not None
        _to_team(kept, by, team, note)
    chat.state, chat.agent, chat.team = kept.state, kept.agent, kept.team


def _to_person(chat: Chat, by: User, person: User, note: str) -> None:
    if person.is_system or not person.is_active or not can_sit(person, None):
        raise Invalid(_("请选择一位能在线接待的同事"), to=_("请选择"))
    if chat.state == ChatState.OPEN and chat.agent_id == person.pk:
        raise Refused(_("%(name)s 正在接待这位访客") % {"name": person.name})
    _not_barred(chat, person)
    if person != by:
        _has_room(person)
    _move(chat, by, note, state=ChatState.OPEN, agent=person, accepted_at=moment.now())
    tell_all(chat, gettext_noop("已为您转接，%(name)s 继续为您服务"), by=by, name=person.name)


def _to_team(chat: Chat, by: User, team: Team, note: str) -> None:
    if team.retired_at is not None:
        raise Invalid(_("这个小组已停用，请选择另一个"), to=_("请选择"))
    if chat.state == ChatState.WAITING and chat.team_id == team.pk:
        raise Refused(_("这位访客已经在 %(name)s 的队列里") % {"name": team.name})
    _move(chat, by, note, state=ChatState.WAITING, agent=None, team=team)
    tell_all(chat, gettext_noop("正在为您转接，请稍候"), by=by)


def _move(chat: Chat, by: User, note: str, **fields: object) -> None:
    """The row is held; whoever had him hears of it too."""
    live.tell(chat, "state")  # as it was: to those who had him
    Chat.objects.filter(pk=chat.pk).update(**fields)
    for name, value in fields.items():
        setattr(chat, name, value)
    write(chat, By.WHISPER, note, by=by)
    live.tell(chat, "state")
