"""Outside systems that bring complaints and carry answers: social accounts, SMS, telephone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.hooks import actions
from huiyin.journey.channels.hooks.connector import connector_of, is_outward, label_of, makes_secret
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.hooks.permissions import can_manage_hooks
from huiyin.surface.console.forms.hooks import HookForm
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.console.section import Act, Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not
from huiyin.surface.console.words import Did, Group


def save_hook(form: SettingForm, by: User) -> tuple[Hook, str]:
    """A new one comes with our own secret, where its kind has one, shown this once."""
    is_new = not form.is_there
    hook: Hook = form.save()
    return hook, hook.secret if is_new and makes_secret(hook.connector) else ""


def try_out(hook: Hook, by: User) -> None:
    actions.try_out(hook, by=by)


def rotate(hook: Hook, by: User) -> str:
    return actions.rotate(hook, by=by)


def drop_earlier(hook: Hook, by: User) -> None:
    actions.drop_earlier(hook, by=by)


def told(hook: Hook, _request: HuiyinRequest) -> dict[str, Any]:
    """What the other side is given."""
    address = "" if is_outward(hook.connector) else actions.address_of(hook)
    more = getattr(connector_of(hook.connector), "told", None)
    return {
        "hook_address": address,
        "hook_told": more(hook, address) if more else "",
        "hook_signs": makes_secret(hook.connector),
    }


SECTIONS: tuple[Section, ...] = (
    Section(
        name="hooks",
        group=Group.RECORDS,
        icon="plug",
        title=_("渠道接入"),
        one=_("接入"),
        about=_(
            "公众号、微信客服、社交平台、短信等外部系统：地址、签名、密钥；密钥只写入，不再显示"
        ),
        model_name="hooks.Hook",
        columns=(
            Column("name", _("名称"), "strong"),
            Column(lambda hook: label_of(hook.connector), _("种类")),
            Column("code", _("代码"), "code"),
            Column("team.name", _("接手的小组")),
            Column("enabled", _("启用"), "yes"),
            Column("came_ok_at", _("最近收到"), "moment"),
            Column("left_ok_at", _("最近发出"), "moment"),
            Column(lambda hook: hook.left_error or hook.came_error, _("故障")),
            Column("earlier_until", _("旧密钥有效至"), "moment"),
        ),
        form=HookForm,
        search=("name", "code", "connector"),
        filters=(in_use_or_not(field="enabled"),),
        order=("code",),
        select=("team",),
        may_see=can_manage_hooks,
        may_change=can_manage_hooks,
        retires="enabled",
        save=save_hook,
        aside="console/aside/hook.html",
        facts=told,
        acts=(
            Act("test", _("测试连接"), try_out, Did.TRIED, can_manage_hooks, icon="plug-zap"),
            Act(
                "rotate",
                _("更换密钥"),
                rotate,
                Did.ISSUED,
                can_manage_hooks,
                icon="key-round",
                ask=_("会生成新密钥，旧密钥再用 24 小时，继续？"),
                shown=lambda hook: makes_secret(hook.connector),
            ),
            Act(
                "drop",
                _("立即停用旧密钥"),
                drop_earlier,
                Did.REVOKED,
                can_manage_hooks,
                icon="ban",
                ask=_("旧密钥会立刻失效，还没换密钥的系统将无法验证签名，继续？"),
                danger=True,
                shown=lambda hook: bool(hook.earlier_salt),
            ),
        ),
        empty=_("还没有接入外部系统。新增时先选种类，再填它需要的内容"),
    ),
)
