"""Mailboxes: where letters of customers come in and ours go out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail.actions.trying import try_out
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.permissions import can_manage_mailboxes
from huiyin.journey.channels.mail.words import SignKind
from huiyin.surface.console.forms.mail import MailboxForm, ProviderForm, SignForm
from huiyin.surface.console.section import Act, Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Did, Group


def oauth_facts(mailbox: Any, request: HuiyinRequest) -> dict[str, Any]:
    from huiyin.surface.console import authorising  # it knows the sections: this is one of them

    return authorising.shown(mailbox, request)


def tried(mailbox: Mailbox, by: User) -> None:
    try_out(mailbox, by=by)


SECTIONS: tuple[Section, ...] = (
    Section(
        name="mailboxes",
        group=Group.RECORDS,
        icon="mailbox",
        title=_("邮箱"),
        one=_("邮箱"),
        about=_("客户来信的地址：从哪里收信，用哪台服务器回复；密码只写入，不再显示"),
        model_name="mail.Mailbox",
        columns=(
            Column("address", _("邮箱地址"), "strong"),
            Column("name", _("显示名称")),
            Column("team.name", _("默认班组")),
            Column("imap_host", _("收信服务器"), "code"),
            Column("smtp_host", _("发信服务器"), "code"),
            Column("is_default", _("默认发信"), "yes"),
            Column("enabled", _("启用"), "yes"),
            Column("received_ok_at", _("最近收信"), "moment"),
            Column("sent_ok_at", _("最近发信"), "moment"),
            Column(lambda box: box.receive_error or box.send_error, _("故障")),
        ),
        form=MailboxForm,
        search=("address", "name", "imap_host", "smtp_host"),
        filters=(in_use_or_not(field="enabled"),),
        order=("address",),
        select=("team",),
        may_see=can_manage_mailboxes,
        may_change=can_manage_mailboxes,
        retires="enabled",
        aside="console/aside/mailbox.html",
        facts=oauth_facts,
        acts=(
            Act(
                "test",
                _("测试连接"),
                tried,
                Did.TRIED,
                can_manage_mailboxes,
                icon="plug-zap",
                shown=lambda box: bool(box.imap_host or box.smtp_host),
            ),
        ),
        empty=_("还没有邮箱。没有邮箱时，信件用运行参数里的发信服务器发出"),
    ),
    Section(
        name="mail-providers",
        group=Group.RECORDS,
        icon="server",
        title=_("邮箱服务商"),
        one=_("服务商"),
        about=_("常用邮箱的服务器、端口和加密：新增邮箱时选服务商，就不用逐项填写"),
        model_name="mail.Provider",
        columns=(
            Column("name", _("服务商"), "strong"),
            Column("imap_host", _("收信服务器"), "code"),
            Column("smtp_host", _("发信服务器"), "code"),
            Column("told", _("要做的准备")),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
            Column("dated", _("日期"), "day"),
        ),
        form=ProviderForm,
        search=("name", "imap_host", "smtp_host", "source"),
        filters=(in_use_or_not(field="enabled"),),
        order=("pk",),
        may_see=can_manage_mailboxes,
        may_change=can_manage_mailboxes,
        retires="enabled",
        empty=_("还没有服务商。新增邮箱时可以逐项填写服务器"),
    ),
    Section(
        name="mail-signs",
        group=Group.RECORDS,
        icon="scan-search",
        title=_("邮件特征"),
        one=_("邮件特征"),
        about=_(
            "怎样认出自动回复、退信、群发和垃圾邮件，引文和签名从哪一行开始、怎样算签名；改后几秒内生效"
        ),
        model_name="mail.Sign",
        columns=(
            Column("pattern", _("内容"), "strong"),
            Column("kind", _("种类"), "state"),
            Column("header", _("信头"), "code"),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
            Column("dated", _("日期"), "day"),
        ),
        form=SignForm,
        search=("pattern", "header", "source"),
        filters=(
            of_choices("kind", _("种类"), SignKind.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("kind", "header", "pk"),
        may_see=can_manage_mailboxes,
        may_change=can_manage_mailboxes,
        retires="enabled",
        empty=_("没有特征：所有来信都会当作普通邮件"),
    ),
)
