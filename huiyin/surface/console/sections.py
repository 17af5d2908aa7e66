"""Everything that can be set or looked up in the console: one entry each, in order of use."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.people.models import ApiToken, User
from huiyin.ground.people.permissions import can_audit, can_configure
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.privacy.rules import masked_email
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.worktime.models import Calendar, CalendarDay
from huiyin.ground.worktime.models import calendar as by_rules
from huiyin.ground.worktime.words import DayKind
from huiyin.journey.clocks.models import Policy
from huiyin.journey.clocks.words import PolicyStatus
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.words import LetterState
from huiyin.journey.intake.words import FieldType
from huiyin.surface.console import actions, permissions, year
from huiyin.surface.console.forms.field import FieldForm
from huiyin.surface.console.forms.money import LimitForm
from huiyin.surface.console.forms.people import PersonForm, TeamForm, TokenForm
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.console.forms.time import CalendarForm, PolicyForm, TermForm
from huiyin.surface.console.section import Act, Column, Filter, Section
from huiyin.surface.console.words import Did, Group


def of_choices(name: str, title: Any, choices: Any) -> Filter:
    """A filter by a field that has choices."""
    return Filter(name, title, lambda: list(choices), lambda value: Q(**{name: value}))


def in_use_or_not(*, field: str = "retired_at") -> Filter:
    """In use (the default of every list) or retired."""
    used = Q(is_active=True) if field == "is_active" else Q(retired_at=None)
    choices = [("used", _("使用中")), ("retired", _("已停用"))]
    return Filter(
        "state",
        _("状态"),
        lambda: choices,
        lambda v: used if v == "used" else ~used,
        default="used",
    )


def roles_filter() -> Filter:
    return Filter("role", _("角色"), lambda: Role.choices, lambda v: Q(roles__contains=[v]))


def people_only(rows: QuerySet[Any], _user: User) -> QuerySet[Any]:
    return rows.filter(is_system=False).prefetch_related("teams")


def letters_of_seen(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Letters of complaints this person may see, and those that belong to none."""
    return rows.filter(Q(complaint__in=Complaint.objects.visible_to(user)) | Q(complaint=None))


def title_of(name: str) -> Any:
    """The title of a section by its name; sections that are gone keep their name."""
    return BY_NAME[name].title if name in BY_NAME else name


def unverified(policy: Policy) -> Any:
    if policy.status == PolicyStatus.UNVERIFIED:
        return _("这项政策尚未核实，不会生效。请对照原文核对各项时限，填写核实日期后再标为执行中")
    return ""


def years_filter() -> Filter:
    years = CalendarDay.objects.dates("day", "year", order="DESC")
    return Filter(
        "year",
        _("年份"),
        lambda: [(str(year.year), str(year.year)) for year in years.all()],
        lambda value: Q(day__year=int(value)),
    )


def year_of(calendar: Calendar, request: HuiyinRequest) -> dict[str, Any]:
    """The year that is asked for, this one by default, as this calendar sees it."""
    today = moment.today()
    asked = request.GET.get("year", "")
    shown = int(asked) if asked.isdecimal() and 2000 <= int(asked[:5]) <= 2100 else today.year
    wanted = Q(calendar=calendar)
    if calendar.follows_holidays:
        wanted |= Q(calendar=None)
    rows = CalendarDay.objects.filter(wanted, day__year=shown)
    # The calendar's own day beats the national one, so it is put in last.
    special = {row.day: row for row in sorted(rows, key=lambda row: row.calendar_id is not None)}
    return {"year": shown, "months": year.drawn(by_rules(calendar.code), shown, special, today)}


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
        empty=_("还没有团队。先建一个团队，派单才有去处"),
    ),
    Section(
        name="departments",
        group=Group.PEOPLE,
        icon="building-2",
        title=_("部门"),
        one=_("部门"),
        about=_("核实任务派往的部门"),
        model_name="people.Department",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("name_en", _("英文名")),
        ),
        fields=("code", "name", "name_en"),
        search=("name", "name_en", "code"),
        filters=(in_use_or_not(),),
        order=("code",),
        may_see=permissions.can_see_people,
        may_change=permissions.can_change_teams,
        retires="retired_at",
        empty=_("还没有部门"),
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
    Section(
        name="policies",
        group=Group.TIME,
        icon="scale",
        title=_("时限政策"),
        one=_("政策"),
        about=_("多久内首次响应、解决、反馈、回访，依据哪条法规"),
        model_name="clocks.Policy",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("law", _("依据")),
            Column("version", _("版本"), "code"),
            Column("verified_on", _("核实日期"), "day"),
            Column("status", _("状态"), "state"),
            Column("enabled", _("启用"), "yes"),
        ),
        form=PolicyForm,
        search=("code", "name_zh", "name_en", "law"),
        filters=(of_choices("status", _("状态"), PolicyStatus.choices),),
        order=("-enabled", "code"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        children=("terms",),
        banner=unverified,
        empty=_("还没有时限政策"),
    ),
    Section(
        name="terms",
        group=Group.TIME,
        icon="timer",
        title=_("时限"),
        one=_("时限"),
        about=_("一项政策里的各个时限"),
        model_name="clocks.Term",
        columns=(
            Column("kind", _("时限"), "state"),
            Column("amount", _("数量"), "number"),
            Column("unit", _("单位")),
            Column("calendar_code", _("工作日历"), "code"),
            Column("warn_percent", _("提醒于 %"), "number"),
            Column("pauses_for_customer", _("等客户时暂停"), "yes"),
        ),
        form=TermForm,
        order=("pk",),
        select=("policy",),
        parent="policy",
        removes=True,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("这项政策还没有时限，不会产生任何时钟"),
    ),
    Section(
        name="calendars",
        group=Group.TIME,
        icon="calendar-days",
        title=_("工作日历"),
        one=_("日历"),
        about=_("每周班次与午休；团队和时限按哪个日历计算"),
        model_name="worktime.Calendar",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("zone", _("时区"), "code"),
            Column("follows_holidays", _("遵循法定节假日"), "yes"),
        ),
        form=CalendarForm,
        search=("name", "code"),
        order=("code",),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        below="console/year.html",
        facts=year_of,
        children=("days",),
        empty=_("还没有日历，时限会按标准工时计算"),
    ),
    Section(
        name="days",
        group=Group.TIME,
        icon="calendar-check",
        title=_("本日历的特殊日子"),
        one=_("特殊日子"),
        about=_("只属于一个日历的放假与加班"),
        model_name="worktime.CalendarDay",
        columns=(
            Column("day", _("日期"), "day"),
            Column("kind", _("类型"), "state"),
            Column("name", _("名称")),
            Column("source", _("来源")),
        ),
        fields=("day", "kind", "name", "name_en", "source"),
        order=("day",),
        rows=lambda rows, _user: rows.exclude(calendar=None),
        parent="calendar",
        removes=True,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("没有。在上面的年历里点某一天即可添加"),
    ),
    Section(
        name="holidays",
        group=Group.TIME,
        icon="party-popper",
        title=_("法定节假日与调休"),
        one=_("日子"),
        about=_("全国放假与调休上班；遵循节假日的日历都用它"),
        model_name="worktime.CalendarDay",
        columns=(
            Column("day", _("日期"), "day"),
            Column("name", _("名称"), "strong"),
            Column("kind", _("类型"), "state"),
            Column("provisional", _("暂定"), "yes"),
            Column("source", _("来源")),
        ),
        fields=("day", "kind", "name", "name_en", "provisional", "source"),
        search=("name", "source"),
        filters=(of_choices("kind", _("类型"), DayKind.choices), years_filter()),
        order=("-day",),
        rows=lambda rows, _user: rows.filter(calendar=None),
        removes=True,
        list_template="console/holidays.html",
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("还没有节假日；可以从 CSV 文件导入国务院公布的安排"),
    ),
    Section(
        name="routes",
        group=Group.TIME,
        icon="route",
        title=_("派单路由"),
        one=_("路由"),
        about=_("哪类投诉派给哪个团队；更长的前缀优先"),
        model_name="routing.Route",
        columns=(
            Column(lambda route: route.category_prefix or "*", _("类别前缀"), "code"),
            Column("team", _("团队"), "strong"),
            Column("note", _("说明")),
        ),
        fields=("category_prefix", "team", "note"),
        search=("category_prefix", "team__name", "note"),
        order=("category_prefix",),
        select=("team",),
        removes=True,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("还没有路由，新投诉都会停在待派单"),
    ),
    Section(
        name="fields",
        group=Group.SORTING,
        icon="text-cursor-input",
        title=_("自定义字段"),
        one=_("字段"),
        about=_("登记时按类别多问的问题，何时显示、何时必填"),
        model_name="intake.Field",
        columns=(
            Column("label", _("名称"), "strong"),
            Column("key", _("代码"), "code"),
            Column("type", _("类型"), "state"),
            Column("categories", _("适用类别"), "tags"),
            Column("position", _("顺序"), "number"),
        ),
        form=FieldForm,
        search=("label", "label_en", "key"),
        filters=(of_choices("type", _("类型"), FieldType.choices), in_use_or_not()),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        aside="console/aside/field.html",
        empty=_("还没有自定义字段；新增后登记页会立刻出现"),
    ),
    Section(
        name="remedies",
        group=Group.SOLVING,
        icon="gift",
        title=_("补救方式"),
        one=_("补救方式"),
        about=_("退货、换货、补偿、道歉……以及给客户的说法"),
        model_name="resolution.Remedy",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("needs_amount", _("需要金额"), "yes"),
            Column("days", _("一般执行天数"), "number"),
            Column("wording_zh", _("给客户的说法")),
        ),
        fields=(
            "code",
            "name_zh",
            "name_en",
            "needs_amount",
            "days",
            "wording_zh",
            "wording_en",
        ),
        search=("code", "name_zh", "name_en", "wording_zh"),
        filters=(in_use_or_not(),),
        order=("code",),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        empty=_("还没有补救方式，处理人无法提出方案"),
    ),
    Section(
        name="limits",
        group=Group.SOLVING,
        icon="badge-japanese-yen",
        title=_("授权额度"),
        one=_("额度"),
        about=_("每个角色能决定多少钱；超出的要上级批准"),
        model_name="resolution.AuthorityLimit",
        columns=(
            Column("role", _("角色"), "state"),
            Column("per_case_fen", _("每件上限"), "yuan"),
            Column("monthly_fen", _("每月上限"), "yuan"),
            Column("valid_from", _("生效日期"), "day"),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
        ),
        form=LimitForm,
        order=("per_case_fen", "pk"),
        may_see=permissions.can_see_authority,
        may_change=permissions.can_change_authority,
        empty=_("还没有授权额度，任何金额都要经理批准"),
    ),
    Section(
        name="letters",
        group=Group.RECORDS,
        icon="mails",
        title=_("发件箱"),
        one=_("信件"),
        about=_("发给客户的每一封信：发出、等待、失败"),
        model_name="conversation.Letter",
        columns=(
            Column("subject", _("主题"), "strong"),
            Column(lambda letter: masked_email(letter.recipient), _("收件人"), "code"),
            Column("state", _("状态"), "state"),
            Column("tries", _("次数"), "number"),
            Column("created_at", _("时间"), "moment"),
        ),
        search=("subject", "complaint__number"),
        filters=(of_choices("state", _("状态"), LetterState.choices),),
        rows=letters_of_seen,
        may_see=permissions.can_see_outbox,
        log=True,
        aside="console/aside/letter.html",
        acts=(
            Act(
                "retry",
                _("重新发送"),
                actions.retry_letter,
                Did.RETRIED,
                permissions.can_see_outbox,
                icon="send",
                shown=lambda letter: letter.state in (LetterState.FAILED, LetterState.HELD),
            ),
        ),
        empty=_("没有信件。登记留有邮箱的投诉后，告知信会出现在这里"),
    ),
    Section(
        name="reveals",
        group=Group.RECORDS,
        icon="eye",
        title=_("查看客户信息的记录"),
        one=_("查看记录"),
        about=_("谁在什么时候、为什么看了遮掩的联系方式"),
        model_name="privacy.Reveal",
        columns=(
            Column("at", _("时间"), "moment"),
            Column("by", _("查看人"), "strong"),
            Column("customer_id", _("客户编号"), "code"),
            Column("complaint_number", _("投诉编号"), "code"),
            Column("reason", _("理由")),
        ),
        search=("by__name", "complaint_number", "reason"),
        select=("by",),
        may_see=can_audit,
        log=True,
        empty=_("还没有人查看过遮掩的信息"),
    ),
    Section(
        name="sign-ins",
        group=Group.RECORDS,
        icon="log-in",
        title=_("登录记录"),
        one=_("登录"),
        about=_("每一次登录，成功的和失败的"),
        model_name="people.SignIn",
        columns=(
            Column("at", _("时间"), "moment"),
            Column("username", _("登录名"), "code"),
            Column("user", _("用户")),
            Column("address", _("地址"), "code"),
            Column("succeeded", _("成功"), "yes"),
        ),
        search=("username", "user__name"),
        filters=(
            Filter(
                "succeeded",
                _("结果"),
                lambda: [("1", _("成功")), ("0", _("失败"))],
                lambda v: Q(succeeded=v == "1"),
            ),
        ),
        select=("user",),
        may_see=can_audit,
        log=True,
        empty=_("还没有登录记录"),
    ),
    Section(
        name="changes",
        group=Group.RECORDS,
        icon="history",
        title=_("配置变更"),
        one=_("变更"),
        about=_("谁在什么时候把什么从什么改成了什么"),
        model_name="console.ConfigChange",
        columns=(
            Column("at", _("时间"), "moment"),
            Column("by", _("操作人"), "strong"),
            Column(lambda change: title_of(change.section), _("栏目")),
            Column("subject", _("对象")),
            Column("did", _("动作"), "state"),
            Column("changes", _("内容"), "changes"),
        ),
        search=("by__name", "subject"),
        filters=(of_choices("did", _("动作"), Did.choices),),
        select=("by",),
        may_see=permissions.can_see_changes,
        log=True,
        empty=_("还没有变更记录"),
    ),
    Section(
        name="notices",
        group=Group.RECORDS,
        icon="shield-check",
        title=_("隐私告知"),
        one=_("版本"),
        about=_("客户提交前看到的告知；每个版本一经生效不再改动"),
        model_name="privacy.PrivacyNotice",
        columns=(
            Column("version", _("版本"), "strong"),
            Column("valid_from", _("生效时间"), "moment"),
            Column("text", _("内容")),
        ),
        fields=("version", "valid_from", "text_zh", "text_en"),
        order=("-valid_from",),
        may_see=permissions.can_see_notices,
        may_change=permissions.can_publish_notices,
        fixed=True,
        empty=_("还没有隐私告知，客户门户不能受理投诉"),
    ),
)

BY_NAME = {section.name: section for section in SECTIONS}
