"""Chat windows: on which pages they may stand, what they say, what they ask first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.chat.actions import identifying
from huiyin.journey.channels.chat.models import Site
from huiyin.journey.channels.chat.permissions import can_manage_sites
from huiyin.surface.console.forms.chatting import QuestionForm, SiteForm
from huiyin.surface.console.section import Act, Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not
from huiyin.surface.console.words import Did, Group


def script_line(site: Site) -> str:
    """The one line that a site puts into its pages."""
    address = f"{settings.BASE_URL}/chat/widget.js"
    return f'<script src="{address}" data-site="{site.code}" async></script>'


def script_facts(site: Site, request: HuiyinRequest) -> Mapping[str, Any]:
    if not site.pk:
        return {}
    return {
        "script_line": script_line(site),
        "try_address": f"/chat/{site.code}/try/",
        "has_secret": bool(site.salt),
    }


def renew(site: Site, by: User) -> str:
    return identifying.renew_secret(site, by=by)


def drop_earlier(site: Site, by: User) -> None:
    identifying.drop_earlier(site, by=by)


def revoke(site: Site, by: User) -> None:
    identifying.revoke(site, by=by)


SECTIONS: tuple[Section, ...] = (
    Section(
        name="chat-sites",
        group=Group.RECORDS,
        icon="messages-square",
        title=_("聊天窗口"),
        one=_("聊天窗口"),
        about=_("放在哪些网站、什么时候有人、说什么话、聊天前问什么；首答时限和静默多久结束"),
        model_name="chat.Site",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column(lambda site: list(site.origins), _("允许的网站"), "tags"),
            Column("team.name", _("接待小组")),
            Column("calendar_code", _("工作日历"), "code"),
            Column("first_reply_seconds", _("首次应答（秒）"), "number"),
            Column("enabled", _("启用"), "yes"),
            Column(lambda site: bool(site.salt), _("网站可验证身份"), "yes"),
            Column("earlier_until", _("旧密钥有效至"), "moment"),
        ),
        form=SiteForm,
        search=("name", "code"),
        filters=(in_use_or_not(field="enabled"),),
        order=("code",),
        select=("team",),
        may_see=can_manage_sites,
        may_change=can_manage_sites,
        retires="enabled",
        children=("chat-questions",),
        aside="console/aside/chat.html",
        facts=script_facts,
        acts=(
            Act(
                "issue",
                _("生成身份密钥"),
                renew,
                Did.ISSUED,
                can_manage_sites,
                icon="key-round",
                shown=lambda site: not site.salt,
            ),
            Act(
                "rotate",
                _("更换身份密钥"),
                renew,
                Did.ISSUED,
                can_manage_sites,
                icon="key-round",
                ask=_("会生成新密钥，旧密钥再用 24 小时，继续？"),
                shown=lambda site: bool(site.salt),
            ),
            Act(
                "drop",
                _("立即停用旧密钥"),
                drop_earlier,
                Did.REVOKED,
                can_manage_sites,
                icon="ban",
                ask=_("旧密钥会立刻失效，还没换密钥的系统将无法验证签名，继续？"),
                danger=True,
                shown=lambda site: bool(site.earlier_salt),
            ),
            Act(
                "revoke",
                _("吊销身份密钥"),
                revoke,
                Did.REVOKED,
                can_manage_sites,
                icon="ban",
                ask=_("网站的签名会立刻全部失效，访客的身份只当作自己填写的，继续？"),
                danger=True,
                shown=lambda site: bool(site.salt),
            ),
        ),
        empty=_("还没有聊天窗口。新增一个，把一行代码放进网站就能用"),
    ),
    Section(
        name="chat-questions",
        group=Group.RECORDS,
        icon="list-plus",
        title=_("聊天前的问题"),
        one=_("问题"),
        about=_("访客开始聊天前要填的：称呼、电话、订单号等"),
        model_name="chat.SiteField",
        columns=(
            Column("place", _("次序"), "number"),
            Column("ask", _("问什么"), "state"),
            Column("label_zh", _("标签"), "strong"),
            Column("required", _("必填"), "yes"),
        ),
        form=QuestionForm,
        order=("place", "pk"),
        select=("site",),
        parent="site",
        removes=True,
        may_see=can_manage_sites,
        may_change=can_manage_sites,
        empty=_("没有问题：访客可以直接开始聊天"),
    ),
)
