"""Who opens an improvement, works on it, verifies it, and writes bulletins."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.improvement.models import Bulletin, Improvement, Report
from huiyin.journey.improvement.people import OPENERS, VERIFIERS, works_on


@permission(_("只有组长、值班主管、经理、质检员和督办员可以发起整改"))
def can_open(user: User, complaint: Complaint | None) -> bool:
    return user.has_role(*OPENERS)


@permission(_("只有组长、值班主管、经理、质检员和督办员可以决定是否整改、调整责任人和时限"))
def can_steer(user: User, it: Improvement) -> bool:
    return user.has_role(*OPENERS)


@permission(_("只有责任人和责任部门可以办理这项整改"))
def can_work(user: User, it: Improvement) -> bool:
    return works_on(user, it)


@permission(_("整改由另一位质检员、经理或督办员核验，责任人和提交人不能核验自己的整改"))
def can_verify(user: User, it: Improvement) -> bool:
    """Somebody else: neither who owns it nor whoever said that it is done."""
    if not user.has_role(*VERIFIERS) or it.person_id == user.pk:
        return False
    return not Report.objects.filter(improvement=it.pk, by=user).exists() and not works_on(user, it)


@permission(_("效果由质检员、经理或督办员判定，责任人和提交人不能判定自己的整改"))
def can_judge(user: User, it: Improvement) -> bool:
    return bool(can_verify(user, it))


@permission(_("只有组长、值班主管、经理、质检员和督办员可以发布通报"))
def can_publish(user: User, subject: object) -> bool:
    return user.has_role(*OPENERS)


@permission(_("只有发布人、经理和督办员可以撤回通报"))
def can_withdraw(user: User, bulletin: Bulletin) -> bool:
    return bulletin.by_id == user.pk or user.has_role("manager", "supervision")


@permission(_("只有发布人、经理和督办员可以提醒未读的人"))
def can_remind(user: User, bulletin: Bulletin) -> bool:
    return bulletin.by_id == user.pk or user.has_role("manager", "supervision")


@permission(_("只有发布人和可以发布通报的人可以看谁读了"))
def can_see_readers(user: User, bulletin: Bulletin) -> bool:
    return bulletin.by_id == user.pk or user.has_role(*OPENERS)
