"""Who may talk with visitors, listen in, hand over, end; who keeps the widgets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.models.chats import WATCHERS
from huiyin.journey.conversation.permissions import WRITERS


def _near(user: User, chat: Chat) -> bool:
    return chat.team_id is None or chat.team_id in user.team_ids


def directs(user: User, chat: Chat) -> bool:
    """Whoever leads the team that it came to."""
    return user.has_role(Role.MANAGER) or (user.has_role(*WATCHERS) and _near(user, chat))


@permission(_("在线接待只对坐席、投诉专员、受理员、组长、主管和经理开放"))
def can_sit(user: User, subject: object) -> bool:
    return user.has_role(*WRITERS)


@permission(_("只有接待小组的成员可以接待这位访客"))
def can_accept(user: User, chat: Chat) -> bool:
    return user.has_role(*WRITERS) and (_near(user, chat) or user.has_role(Role.MANAGER))


@permission(_("只有接待这位访客的人可以在会话里说话；主管请用悄悄话或先转给自己"))
def can_answer(user: User, chat: Chat) -> bool:
    return user.has_role(*WRITERS) and chat.agent_id == user.pk


@permission(_("只有接待人、本组组长和主管、经理可以写悄悄话"))
def can_whisper(user: User, chat: Chat) -> bool:
    return can_answer(user, chat) or directs(user, chat)


@permission(_("只有接待人、本组组长和主管、经理可以转接这个会话"))
def can_hand_over(user: User, chat: Chat) -> bool:
    return can_answer(user, chat) or directs(user, chat)


@permission(_("只有接待人、本组组长和主管、经理可以结束这个会话或写小结"))
def can_end(user: User, chat: Chat) -> bool:
    return can_answer(user, chat) or directs(user, chat)


@permission(_("在线聊天的设置只对系统管理员开放"))
def can_manage_sites(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN)
