"""What answers a program: every router of every stage, under /api/v1."""

from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from huiyin.ground.people.api import BearerToken
from huiyin.ground.web.api import say_no

api = NinjaAPI(
    title="回音 Huiyin",
    version="1",
    description="Every act of the workbench, for programs. Errors are problem+json (RFC 9457).",
    auth=BearerToken(),
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api",
)
say_no(api)

STAGES = (
    "huiyin.ground.knowledge",
    "huiyin.ground.webhooks",
    "huiyin.journey.intake",
    "huiyin.journey.complaint",
    "huiyin.journey.conversation",
    "huiyin.journey.triage",
    "huiyin.journey.routing",
    "huiyin.journey.clocks",
    "huiyin.journey.grouping",
    "huiyin.journey.cooperation",
    "huiyin.journey.supervision",
    "huiyin.journey.callbacks",
    "huiyin.journey.channels.hooks",
    "huiyin.journey.channels.mail",
    "huiyin.journey.channels.recordings",
    "huiyin.journey.channels.paper",
    "huiyin.journey.channels.counter",
    "huiyin.journey.channels.chat.desk",
    "huiyin.journey.channels.phone",
    "huiyin.journey.channels.social",
    "huiyin.journey.channels.sms",
    "huiyin.journey.investigation",
    "huiyin.journey.guidance",
    "huiyin.journey.resolution",
    "huiyin.journey.consent",
    "huiyin.journey.execution",
    "huiyin.journey.promises",
    "huiyin.journey.closure",
    "huiyin.journey.survey",
    "huiyin.journey.improvement",
    "huiyin.surface.notices",
    "huiyin.surface.workbench",
    "huiyin.surface.inbox",
    "huiyin.surface.composer",
    "huiyin.surface.dossier",
    "huiyin.surface.oversight",
    "huiyin.surface.console",
    "huiyin.surface.channels",
)
GROUPS = {
    "intake": _("受理"),
    "complaints": _("投诉"),
    "conversation": _("往来与证据"),
    "triage": _("分级"),
    "routing": _("派单"),
    "clocks": _("时限"),
    "grouping": _("并案"),
    "cooperation": _("协办"),
    "supervision": _("督办"),
    "callbacks": _("回电"),
    "hooks": _("渠道接入"),
    "mail": _("邮件"),
    "recordings": _("录音"),
    "paper": pgettext_lazy("many", "信件"),
    "counter": _("柜台"),
    "chats": _("在线聊天"),
    "phone": _("电话"),
    "social": _("社交媒体"),
    "sms": _("短信"),
    "channels": pgettext_lazy("many", "渠道"),
    "investigation": _("核实"),
    "guidance": _("指引"),
    "resolution": _("方案"),
    "consent": _("客户确认"),
    "execution": _("执行"),
    "promises": _("承诺"),
    "closure": _("闭环"),
    "survey": _("满意度调查"),
    "improvement": _("整改"),
    "notices": _("通知"),
    "inbox": _("审批"),
    "queue": _("队列"),
    "oversight": _("督办看板"),
    "knowledge": _("知识"),
    "webhooks": _("外部系统"),
    "composer": _("方案编制"),
    "dossier": _("卷宗"),
    "customers": _("客户"),
}
for stage in STAGES:
    api.add_router("", import_module(f"{stage}.api").router)


@require_GET
def readable(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/docs: the same schema as openapi.json, for people."""
    schema = api.get_openapi_schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            group = (operation.get("tags") or ["other"])[0]
            groups.setdefault(group, []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "description": operation.get("description", ""),
                    "parameters": operation.get("parameters", []),
                    "body": _fields_of_body(operation, schema),
                    "answer": _fields_of_answer(operation, schema),
                }
            )
    titled = [(name, GROUPS.get(name, name), operations) for name, operations in groups.items()]
    return render(request, "api_docs.html", {"groups": titled, "info": schema["info"]})


def _fields_of_body(operation: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    return _fields(operation.get("requestBody", {}).get("content", {}), schema)


def _fields_of_answer(operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The status of success, and what the answer holds."""
    for status, about in operation.get("responses", {}).items():
        if str(status).startswith("2"):
            return {"status": status, "fields": _fields(about.get("content", {}), schema)}
    return {}


def _fields(content: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    for media in content.values():
        shape = media.get("schema", {})
        shape = shape.get("items", shape)  # a list is told by one of its rows
        name = shape.get("$ref", "").rsplit("/", 1)[-1]
        found = schema["components"]["schemas"].get(name, shape)
        required = set(found.get("required", ()))
        return [
            {
                "name": field,
                "type": _type_of(about),
                "required": field in required,
                "description": about.get("description", ""),
            }
            for field, about in found.get("properties", {}).items()
        ]
    return []


def _type_of(about: dict[str, Any]) -> str:
    if "$ref" in about:
        return str(about["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in about:
        return " | ".join(_type_of(one) for one in about["anyOf"])
    return str(about.get("format") or about.get("type") or about.get("enum") or "any")
