"""Users, teams, departments, and the tokens programs carry."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.people.models import ApiToken, Department, Team, User
from huiyin.ground.people.words import DepartmentKind, Presence, Role
from huiyin.ground.worktime.words import Unit
from huiyin.journey.routing.models import Route, Rule
from huiyin.surface.console import actions, permissions
from huiyin.surface.console.forms.people import (
    DepartmentForm,
    PersonForm,
    TeamForm,
    TokenForm,
)
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.console.section import Act, Column, Filter, Section, Words
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Did, Group


def roles_filter() -> Filter:
    return Filter("role", _("角色"), lambda: Role.choices, lambda v: Q(roles__contains=[v]))


def people_only(rows: QuerySet[Any], _user: User) -> QuerySet[Any]:
    return rows.filter(is_system=False).prefetch_related("teams")


def team_is_needed(team: Team, did: Did) -> Words:
    """A route to a team out of use would lead nowhere."""
    if did != Did.RETIRED:
        return ""
    routes = (
        Route.objects.filter(team=team).count() + Rule.objects.in_force().filter(team=team).count()
    )
    if not routes:
        return ""
    return gettext("还有 %(count)d 条路由或派单规则派给这个团队，请先改派") % {"count": routes}


def contact_of(department: Department) -> str:
    """Whom to call: the contact, else who is on duty."""
    duty = str(department.duty or "")
    who = [department.contact_name or duty, department.contact_phone or department.duty_phone]
    return " ".join(filter(None, who)) or department.contact_email


def limits_of(department: Department) -> str:
    """“2 工作小时 / 2 工作日”."""
    hours, amount = (f"{float(x):g}" for x in (department.sign_in_hours, department.answer_amount))
    return f"{hours} {Unit.WORK_HOURS.label} / {amount} {department.get_answer_unit_display()}"


def department_is_needed(department: Department, did: Did) -> Words:
    """People and stores that belong to it would belong nowhere."""
    if did != Did.RETIRED:
        return ""
    people = User.objects.active().filter(department=department).count()
    below = Department.objects.in_use().filter(parent=department).count()
    if not people and not below:
        return ""
    return gettext("还有 %(people)d 人和 %(below)d 个下级单位属于这里，请先调整") % {
        "people": people,
        "below": below,
    }


def issue_token(form: SettingForm, by: User) -> tuple[ApiToken, str]:
    typed = form.cleaned_data
    permissions.can_manage_tokens.require(by, None)
    return ApiToken.issue(typed["user"], typed["name"], typed["expires_at"])


def revoke_token(token: ApiToken, by: User) -> None:
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=moment.now())


SECTIONS: tuple[Section, ...] = (
    Section(
        name="users",
        group=Group.PEOPLE,
        icon="users",
        title=_("用户"),
        one=_("用户"),
        about=_("谁能登录、担任什么角色、属于哪些团队"),
        model_name="people.User",
        columns=(
            Column("name", _("姓名"), "strong"),
            Column("username", _("登录名"), "code"),
            Column(lambda user: [Role(r).label for r in user.roles], _("角色"), "tags"),
            Column("teams", _("团队"), "tags"),
            Column("presence", _("状态"), "state"),
        ),
        form=PersonForm,
        search=("name", "username", "email"),
        filters=(
            roles_filter(),
            of_choices("presence", _("在岗"), Presence.choices),
            in_use_or_not(field="is_active"),
        ),
        order=("name", "pk"),
        rows=people_only,
        may_see=permissions.can_see_people,
        may_change=permissions.can_change_person,
        retires="is_active",
        save=actions.save_person,
        acts=(
            Act(
                "password",
                _("重置密码"),
                actions.reset_password,
                Did.RESET,
                permissions.can_change_person,
                icon="key-round",
                ask=_("将生成一次性密码并退出此人的全部登录，继续？"),
                shown=lambda person: person.is_active,
            ),
        ),
        empty=_("还没有用户。新增第一位用户后，把一次性密码告诉本人"),
    ),
    Section(
        name="teams",
        group=Group.PEOPLE,
        icon="users-round",
        title=_("团队"),
        one=_("团队"),
        about=_("投诉派到哪些团队，谁任组长，S1 找哪位值班主管"),
        model_name="people.Team",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("lead", _("组长")),
            Column("duty_supervisor", _("值班主管")),
            Column("member_count", _("成员"), "number"),
            Column("calendar_code", _("工作日历"), "code"),
        ),
        form=TeamForm,
        search=("name", "name_en", "code"),
        filters=(in_use_or_not(),),
        order=("code",),
        select=("lead", "duty_supervisor"),
        rows=lambda rows, _user: rows.annotate(member_count=Count("members")),
        may_see=permissions.can_see_people,
        may_change=permissions.can_change_teams,
        retires="retired_at",
        guard=team_is_needed,
        empty=_("还没有团队。先建一个团队，派单才有去处"),
    ),
    Section(
        name="departments",
        group=Group.PEOPLE,
        icon="building-2",
        title=_("部门与外部单位"),
        one=_("部门或单位"),
        about=_("协办任务派往的部门、门店、供应商、承运商和检测机构：找谁、多久答复"),
        model_name="people.Department",
        columns=(
            Column("shown_name", _("名称"), "strong"),
            Column("kind", _("类型")),
            Column("head", _("负责人")),
            Column(contact_of, _("联系方式")),
            Column(limits_of, _("签收 / 答复")),
            Column("about", _("职责")),
        ),
        form=DepartmentForm,
        search=(
            "name",
            "name_en",
            "code",
            "about",
            "contact_name",
            "contact_phone",
            "contact_email",
            "duty_phone",
            "address",
            "head__name",
            "duty__name",
        ),
        filters=(
            of_choices("kind", _("类型"), DepartmentKind.choices),
            in_use_or_not(),
        ),
        order=("kind", "code"),
        select=("head", "duty", "parent"),
        may_see=permissions.can_see_people,
        may_change=permissions.can_change_teams,
        retires="retired_at",
        guard=department_is_needed,
        empty=_("还没有部门。登记经常要请人协办的部门、门店和外部单位，派任务时就能直接选"),
    ),
    Section(
        name="tokens",
        group=Group.PEOPLE,
        icon="key-round",
        title=_("接口令牌"),
        one=_("令牌"),
        about=_("程序用来调用接口的钥匙，只在签发时显示一次"),
        model_name="people.ApiToken",
        columns=(
            Column("name", _("用途"), "strong"),
            Column("user", _("以谁的身份")),
            Column("created_at", _("签发时间"), "moment"),
            Column("expires_at", _("有效期至"), "moment"),
            Column("last_used_on", _("最近使用"), "day"),
            Column("revoked_at", _("吊销时间"), "moment"),
        ),
        form=TokenForm,
        search=("name", "user__name", "user__username"),
        order=("-created_at", "-pk"),
        select=("user",),
        may_see=permissions.can_manage_tokens,
        may_change=permissions.can_manage_tokens,
        fixed=True,
        save=issue_token,
        acts=(
            Act(
                "revoke",
                _("吊销"),
                revoke_token,
                Did.REVOKED,
                permissions.can_manage_tokens,
                icon="ban",
                ask=_("使用这个令牌的程序将立刻无法访问，继续？"),
                danger=True,
                shown=lambda token: token.revoked_at is None,
            ),
        ),
        empty=_("还没有令牌。为每个接入的程序各签发一个，便于单独吊销"),
    ),
)
