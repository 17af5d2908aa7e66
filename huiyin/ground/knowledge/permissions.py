"""Who keeps knowledge: writes, approves, withdraws."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.knowledge.models import KEEPERS, Article, Version
from huiyin.ground.knowledge.words import Kind
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission


@permission(_("只有知识编辑、经理和法务可以维护知识"))
def can_keep(user: User, subject: object) -> bool:
    return user.has_role(*KEEPERS, Role.LEGAL)


@permission(_("只有知识编辑、经理、法务和质检员可以看知识缺口"))
def can_see_gaps(user: User, subject: object) -> bool:
    return user.has_role(*KEEPERS, Role.LEGAL, Role.QA)


@permission(_("只有知识编辑和经理可以编写这类知识；法务只编写法律法规"))
def can_write(user: User, kind: str) -> bool:
    return user.has_role(*KEEPERS) or (kind == Kind.LAW and user.has_role(Role.LEGAL))


@permission(_("法律法规由法务审核，其他知识由知识编辑或经理审核"))
def can_review(user: User, version: Version) -> bool:
    """Beside it nobody approves what he wrote in: `reviewing.approve` insists."""
    if version.article.kind == Kind.LAW:
        return user.has_role(Role.LEGAL)
    return user.has_role(*KEEPERS)


@permission(_("只有负责人、知识编辑和经理（法律法规为法务）可以复审、停用或更换负责人"))
def can_manage(user: User, article: Article) -> bool:
    if article.owner_id == user.pk or user.has_role(Role.MANAGER):
        return True
    if article.kind == Kind.LAW:
        return user.has_role(Role.LEGAL)
    return user.has_role(Role.KNOWLEDGE)
