"""Who may decide about mails that were held, and keep the mailboxes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.routing.permissions import HANDLERS

REVIEWERS = (Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


@permission(_("只有受理员、组长、主管和经理可以核对收到的邮件"))
def can_review_mail(user: User, subject: object) -> bool:
    return user.has_role(*REVIEWERS)


@permission(_("只有系统管理员可以管理邮箱"))
def can_manage_mailboxes(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN)


@permission(_("没有收作证据的附件可能有害，只有办理投诉和核对邮件的人可以取出"))
def can_take_files(user: User, subject: object) -> bool:
    """Asked beside sight of the mail, never instead of it."""
    return user.has_role(*HANDLERS, *REVIEWERS, Role.LEGAL)
