"""Outside systems that carry steps out, and every call to them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.webhooks import actions as webhooks
from huiyin.ground.webhooks.models import Call, Endpoint
from huiyin.ground.webhooks.permissions import can_manage_endpoints, can_see_calls
from huiyin.ground.webhooks.words import CallState
from huiyin.surface.console.forms.outside import EndpointForm
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.console.section import Act, Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Did, Group


def save_endpoint(form: SettingForm, by: User) -> tuple[Endpoint, str]:
    """A new one comes with its secret, shown this once."""
    is_new = not form.is_there
    endpoint: Endpoint = form.save()
    return endpoint, endpoint.secret if is_new else ""


def try_out(endpoint: Endpoint, by: User) -> None:
    webhooks.try_out(endpoint, by=by)


def rotate(endpoint: Endpoint, by: User) -> str:
    return webhooks.rotate(endpoint, by=by)


def drop_earlier(endpoint: Endpoint, by: User) -> None:
    webhooks.drop_earlier(endpoint, by=by)


def send_again(call: Call, by: User) -> None:
    webhooks.send_again(call)


def tries_of(call: Call, _request: HuiyinRequest) -> dict[str, Any]:
    return {"tries": list(call.attempts.all()[:100])}


SECTIONS: tuple[Section, ...] = (
    Section(
        name="endpoints",
        group=Group.RECORDS,
        icon="webhook",
        title=_("外部系统"),
        one=_("外部系统"),
        about=_("退款、发货等系统的接口：签名调用、查询结果、更换密钥"),
        model_name="webhooks.Endpoint",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("url", _("调用地址")),
            Column("kinds", _("接收的种类"), "tags"),
            Column("enabled", _("启用"), "yes"),
            Column("earlier_until", _("旧密钥有效至"), "moment"),
        ),
        form=EndpointForm,
        search=("code", "name", "url"),
        filters=(in_use_or_not(field="enabled"),),
        order=("code",),
        may_see=can_manage_endpoints,
        may_change=can_manage_endpoints,
        retires="enabled",
        save=save_endpoint,
        acts=(
            Act("test", _("发送测试"), try_out, Did.TRIED, can_manage_endpoints, icon="send"),
            Act(
                "rotate",
                _("更换密钥"),
                rotate,
                Did.ISSUED,
                can_manage_endpoints,
                icon="key-round",
                ask=_("会生成新密钥，旧密钥再用 24 小时，继续？"),
            ),
            Act(
                "drop",
                _("立即停用旧密钥"),
                drop_earlier,
                Did.REVOKED,
                can_manage_endpoints,
                icon="ban",
                ask=_("旧密钥会立刻失效，还没换密钥的系统将无法验证签名，继续？"),
                danger=True,
                shown=lambda endpoint: bool(endpoint.earlier_salt),
            ),
        ),
        empty=_("还没有外部系统。没有接入时，执行步骤由财务或处理人办理"),
    ),
    Section(
        name="calls",
        group=Group.RECORDS,
        icon="arrow-up-right",
        title=_("外部调用记录"),
        one=_("调用"),
        about=_("请外部系统办的每一件事：送达、结果、对账不符"),
        model_name="webhooks.Call",
        columns=(
            Column("about", _("内容"), "strong"),
            Column("endpoint.name", _("外部系统")),
            Column("amount_fen", _("金额"), "yuan"),
            Column("reported_fen", _("对方报告的金额"), "yuan"),
            Column("state", _("状态"), "state"),
            Column("reference", _("对方流水号"), "code"),
            Column("tries", _("次数"), "number"),
            Column("error", _("说明")),
            Column("uid", _("编号"), "code"),
            Column("created_at", _("时间"), "moment"),
        ),
        search=("uid", "about", "reference"),
        filters=(of_choices("state", _("状态"), CallState.choices),),
        select=("endpoint",),
        may_see=can_see_calls,
        log=True,
        below="console/below/call.html",
        facts=tries_of,
        acts=(
            Act(
                "again",
                _("重新发送"),
                send_again,
                Did.RETRIED,
                can_see_calls,
                icon="send",
                ask=_("会用同一编号重发；对方已经办过的，会按原编号认出来，不会办两次。继续？"),
                shown=lambda call: call.state in (CallState.LOST, CallState.REFUSED),
            ),
        ),
        empty=_("还没有调用。客户同意的方案里有外部系统的步骤时，会出现在这里"),
    ),
)
