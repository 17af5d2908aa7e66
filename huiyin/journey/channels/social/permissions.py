"""Who may see posts, answer in public, and bring posts by file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.channels.social.models import File, Post
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.permissions import WRITERS, can_reply, can_take_down

READERS = (*WRITERS, Role.PUBLIC_RELATIONS, Role.LEGAL, Role.SUPERVISION)
BRINGERS = (Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.PUBLIC_RELATIONS)


@permission(_("公开帖子只对办理投诉的人、公关、法务和督办开放"))
def can_see_posts(user: User, subject: object) -> bool:
    return user.has_role(*READERS)


@permission(_("只有受理、处理或主管这条投诉的人可以公开回复"))
def can_answer_publicly(user: User, post: Post) -> bool:
    """Asked beside sight of the complaint."""
    return can_reply(user, post.complaint) and _sees(user, post.complaint)


@permission(_("只有受理、处理或主管这条投诉的人可以重新取回文件"))
def can_fetch_again(user: User, file: File) -> bool:
    """Asked beside sight of the complaint."""
    return can_take_down(user, file.complaint) and _sees(user, file.complaint)


def _sees(user: User, complaint: Complaint) -> bool:
    return Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists()


@permission(_("只有受理员、组长、主管、经理和公关可以导入公开帖子"))
def can_bring_posts(user: User, subject: object) -> bool:
    return user.has_role(*BRINGERS)


@permission(_("只有系统管理员和经理可以修改危机信号"))
def can_set_signals(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.MANAGER)
