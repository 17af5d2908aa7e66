"""Who may open the console, and who may see or change which kind of thing in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.surface.console import rules


@permission(_("管理后台只对管理员、经理、值班主管、财务和隐私官开放"))
def can_open_console(user: User, subject: object) -> bool:
    return user.has_role(
        Role.SYSADMIN,
        Role.SECADMIN,
        Role.AUDITOR,
        Role.MANAGER,
        Role.SUPERVISOR,
        Role.PRIVACY,
        Role.FINANCE,
    )


@permission(_("只有系统管理员、安全管理员和经理可以查看人员"))
def can_see_people(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.SECADMIN, Role.MANAGER)


@permission(_("只有系统管理员和安全管理员可以管理用户，且不能修改自己或更高的管理员"))
def can_change_person(user: User, subject: object) -> bool:
    """`subject` is the user to be changed, or None for a new one."""
    if not user.has_role(Role.SYSADMIN, Role.SECADMIN):
        return False
    if not isinstance(subject, User):
        return True
    return subject.pk != user.pk and not rules.out_of_reach(user.roles, subject.roles, Role.values)


@permission(_("只有系统管理员、安全管理员和经理可以调整团队"))
def can_change_teams(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.SECADMIN, Role.MANAGER)


@permission(_("只有系统管理员、经理和值班主管可以查看业务配置"))
def can_see_configuration(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.MANAGER, Role.SUPERVISOR)


@permission(_("只有系统管理员、经理和值班主管可以排班"))
def can_keep_roster(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.MANAGER, Role.SUPERVISOR)


@permission(_("发件箱含有客户信息，只对经理和值班主管开放"))
def can_see_outbox(user: User, subject: object) -> bool:
    return user.has_role(Role.MANAGER, Role.SUPERVISOR)


@permission(_("只有经理和值班主管可以把留在发件箱的信全部发出"))
def can_send_held(user: User, subject: object) -> bool:
    """Asked beside sight of each complaint."""
    return user.has_role(Role.MANAGER, Role.SUPERVISOR)


@permission(_("授权额度只对经理、值班主管和财务开放"))
def can_see_authority(user: User, subject: object) -> bool:
    return user.has_role(Role.MANAGER, Role.SUPERVISOR, Role.FINANCE)


@permission(_("授权额度只有经理和财务可以修改，且不能修改自己角色的额度"))
def can_change_authority(user: User, subject: object) -> bool:
    # Not the system administrator: who runs the machine must not raise anybody's money limit.
    own = getattr(subject, "role", None) in user.roles
    return user.has_role(Role.MANAGER, Role.FINANCE) and not own


@permission(_("只有隐私官和经理可以发布隐私告知"))
def can_publish_notices(user: User, subject: object) -> bool:
    return user.has_role(Role.PRIVACY, Role.MANAGER)


@permission(_("只有系统管理员可以查看运行参数"))
def can_see_settings(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN)


@permission(_("只有系统管理员和安全管理员可以管理接口令牌"))
def can_manage_tokens(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.SECADMIN)


@permission(_("只有管理员、经理和隐私官可以查看隐私告知"))
def can_see_notices(user: User, subject: object) -> bool:
    return user.has_role(Role.PRIVACY, Role.MANAGER, Role.SYSADMIN, Role.AUDITOR)


@permission(_("只有审计管理员、安全管理员、系统管理员和经理可以查看配置变更"))
def can_see_changes(user: User, subject: object) -> bool:
    return user.has_role(Role.AUDITOR, Role.SECADMIN, Role.SYSADMIN, Role.MANAGER)
