"""What is kept: letters on their way out, looks behind the mask, sign-ins, changes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.permissions import can_audit
from huiyin.ground.privacy.rules import masked_email, masked_phone
from huiyin.journey.channels.mail.words import Delivery
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState, Reach
from huiyin.surface.console import actions, held, permissions
from huiyin.surface.console.section import Act, Column, Filter, Section, Words
from huiyin.surface.console.sections.narrowing import of_choices
from huiyin.surface.console.words import Did, Group

STUCK = (LetterState.FAILED, LetterState.HELD)


def letters_of_seen(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Letters of complaints this person may see, and those that belong to none."""
    return rows.filter(Q(complaint__in=Complaint.objects.visible_to(user)) | Q(complaint=None))


def known_of(letter: Letter) -> str:
    """What is known of it since it left; of one that did not leave or arrive, why."""
    if letter.error and (letter.state != LetterState.SENT or letter.reach == Reach.MISSED):
        return str(letter.error)
    sending = getattr(letter, "sending", None)
    if sending and letter.sent_at:
        return str(sending.get_state_display())
    return str(letter.get_reach_display())


def whom(letter: Letter) -> str:
    """Whom it goes to, behind the mask of its kind."""
    if "@" in letter.recipient and letter.channel == Channel.EMAIL:
        return masked_email(letter.recipient)
    if letter.channel == Channel.SMS:
        return masked_phone(letter.recipient)
    if letter.channel == Channel.PORTAL:  # the number of its complaint
        return letter.recipient
    account, colon, _name = letter.recipient.partition(":")
    return f"{account}:***" if colon else "***"


def by_way(value: str) -> Q:
    if value == "electronic":
        return ~Q(channel=Channel.LETTER)
    return Q(channel=Channel.LETTER if value == "paper" else value)


def ways() -> list[tuple[str, Words]]:
    """By hand or not, and each channel that is carried."""
    carried = [one for one in Channel if one in settings.CARRIERS and one != Channel.LETTER]
    return [
        ("electronic", _("电子")),
        ("paper", _("纸质")),
        *((one.value, one.label) for one in carried),
    ]


def title_of(name: str) -> Words:
    """The title of a section by its name; sections that are gone keep their name."""
    from huiyin.surface.console.sections import BY_NAME  # this module is one of its parts

    return BY_NAME[name].title if name in BY_NAME else name


SECTIONS: tuple[Section, ...] = (
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
            Column("channel", _("方式")),
            Column(whom, _("收件人"), "code"),
            Column("state", _("状态"), "state"),
            Column(known_of, _("送达或原因")),
            Column("created_at", _("时间"), "moment"),
        ),
        search=("subject", "complaint__number"),
        filters=(
            of_choices("state", _("状态"), LetterState.choices),
            Filter(
                "arrived",
                _("送达"),
                lambda: list(Delivery.choices),
                lambda value: Q(state=LetterState.SENT, sending__state=value),
            ),
            Filter(
                "way",
                _("方式"),
                ways,
                by_way,
            ),
        ),
        rows=letters_of_seen,
        select=("sending",),
        may_see=permissions.can_see_outbox,
        log=True,
        aside="console/aside/letter.html",
        list_template="console/letters.html",
        list_facts=held.facts,
        acts=(
            Act(
                "retry",
                _("重新发送"),
                actions.retry_letter,
                Did.RETRIED,
                permissions.can_see_outbox,
                icon="send",
                shown=lambda letter: letter.state in STUCK,
            ),
            Act(
                "cancel",
                _("取消发送"),
                actions.cancel_letter,
                Did.CANCELLED,
                permissions.can_see_outbox,
                icon="ban",
                ask=_("这封信不会再发出，以后也不能恢复，继续？"),
                danger=True,
                shown=lambda letter: letter.state in (LetterState.QUEUED, *STUCK),
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
        name="exports",
        group=Group.RECORDS,
        icon="download",
        title=_("导出记录"),
        one=_("导出"),
        about=_("谁在什么时候、为什么把投诉列表导出成文件"),
        model_name="privacy.Export",
        columns=(
            Column("at", _("时间"), "moment"),
            Column("by", _("导出人"), "strong"),
            Column("rows", _("条数"), "number"),
            Column("kind", _("格式"), "code"),
            Column("asked_words", _("条件")),
            Column("reason", _("理由")),
        ),
        search=("by__name", "reason"),
        select=("by",),
        may_see=can_audit,
        log=True,
        empty=_("还没有人导出过投诉列表"),
    ),
    Section(
        name="customer-changes",
        group=Group.RECORDS,
        icon="user-round-pen",
        title=_("客户资料变更"),
        one=_("变更"),
        about=_("谁改了客户的级别、关怀、备注，补充了联系方式"),
        model_name="customers.CustomerChange",
        columns=(
            Column("at", _("时间"), "moment"),
            Column("by", _("操作人"), "strong"),
            Column("customer_id", _("客户编号"), "code"),
            Column("changes", _("内容"), "changes"),
        ),
        search=("by__name",),
        select=("by",),
        may_see=can_audit,
        log=True,
        empty=_("还没有人改过客户资料"),
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
