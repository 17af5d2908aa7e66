"""Sitting down at the desk, getting up, taking the next one."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Presence
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.chat.actions.distributing import distribute
from huiyin.journey.channels.chat.actions.passing import accept, hand_over
from huiyin.journey.channels.chat.actions.waking import wake
from huiyin.journey.channels.chat.models import Chat, Seat
from huiyin.journey.channels.chat.permissions import can_accept, can_sit, directs
from huiyin.journey.channels.chat.words import ChatState

MOST = 30
HEARD_AGAIN_AFTER = timedelta(seconds=15)
TRIES = 5


def sit(*, by: User, ready: bool | None = None, most: int | None = None) -> Seat:
    """Ready or not, and how many at once. Whoever gets up keeps those whom he talks with."""
    can_sit.require(by, None)
    if most is not None and not 1 <= most <= MOST:
        sentence = _("同时接待 1 到 %(most)s 位") % {"most": MOST}
        raise Invalid(sentence, most=sentence)
    if ready and by.presence != Presence.PRESENT:
        raise Refused(_("您现在不在岗，请先在右上角改为“在岗”，再开始接待"))
    with transaction.atomic():
        Seat.objects.get_or_create(user=by)
        seat = Seat.objects.select_for_update().get(user=by)
        if ready is not None and ready != seat.ready:
            seat.ready, seat.since = ready, moment.now()
        if most is not None:
            seat.most = most
        seat.here_at = moment.now()
        seat.save()
    if seat.ready:
        distribute()
    return seat


def heard(user: User) -> None:
    """His page of the desk is open: written at most every so often."""
    now = moment.now()
    old = Q(here_at=None) | Q(here_at__lt=now - HEARD_AGAIN_AFTER)
    Seat.objects.filter(old, user=user).update(here_at=now)


def take_next(*, by: User) -> Chat:
    """Whoever waits longest of those he may take. Of two who ask at once each gets another one."""
    can_sit.require(by, None)
    for _try in range(TRIES):
        chat = Chat.objects.visible_to(by).waiting().filter(agent=None).first()
        if chat is None:
            raise Refused(_("现在没有排队的访客"))
        if _took(chat, by):
            return chat
    raise Refused(_("刚刚都被同事接走了，请稍后再试"))


def _took(chat: Chat, by: User) -> bool:
    """Taken, unless a colleague was faster; what else speaks against it is said."""
    try:
        accept(chat, by=by)
    except NotPermitted:
        raise
    except Refused:
        if Chat.objects.filter(pk=chat.pk, state=ChatState.WAITING).exists():
            raise  # his seat is full
        return False
    return True


def transfer(
    chat: Chat, *, by: User, person: User | None = None, team: Team | None = None, note: str
) -> None:
    """On to a colleague or a team; in a team whoever is free has him at once."""
    hand_over(chat, by=by, person=person, team=team, note=note)
    distribute()
    wake()


def take_over(chat: Chat, *, by: User) -> None:
    """A lead or supervisor takes a chat of his team on himself; the context goes with it."""
    if not directs(by, chat):
        raise NotPermitted(_("只有本组组长和主管、经理可以接手同事的会话"))
    if chat.state == ChatState.WAITING:
        can_accept.require(by, chat)
        accept(chat, by=by)
        return
    hand_over(chat, by=by, person=by, note=_("%(name)s 接手这个会话") % {"name": by.name})
