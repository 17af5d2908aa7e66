"""The frame of the API: how it says no (RFC 9457 problem+json)."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from huiyin.ground.refusal import Refused


class Problem(Schema):
    """What is wrong, in a sentence for a person (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    fields: dict[str, str] = {}


TITLES = {
    400: "Bad request",
    401: "Unauthorised",
    403: "Forbidden",
    404: "Not found",
    409: "Conflict",
    422: "Unprocessable content",
    429: "Too many requests",
}


def problem(status: int, detail: str, fields: dict[str, str] | None = None) -> HttpResponse:
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "fields": fields or {},
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
        headers={"WWW-Authenticate": "Bearer"} if status == 401 else None,
    )


def say_no(api: NinjaAPI) -> None:
    """Every error of the API as problem+json with a sentence."""

    def on_refused(request: HttpRequest, error: Any) -> HttpResponse:
        fields = {name: str(sentence) for name, sentence in error.fields.items()}
        return problem(error.status_code, str(error.sentence), fields)

    def on_invalid(request: HttpRequest, error: Any) -> HttpResponse:
        fields = {
            ".".join(str(part) for part in one["loc"][1:] if part not in ("data", "payload"))
            or "body": str(one["msg"])
            for one in error.errors
        }
        return problem(422, _("请求内容有误，请按 fields 里的说明修改后重试"), fields)

    def on_missing(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(404, _("没有找到，或者您无权查看"))

    def on_unknown_caller(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(401, _("缺少有效的访问令牌，请在 Authorization 头里带上 Bearer 令牌"))

    def on_forbidden(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(403, _("您没有权限执行这个操作"))

    def on_http(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(error.status_code, str(error))

    api.add_exception_handler(Refused, on_refused)
    api.add_exception_handler(ValidationError, on_invalid)
    api.add_exception_handler(Http404, on_missing)
    api.add_exception_handler(AuthenticationError, on_unknown_caller)
    api.add_exception_handler(PermissionDenied, on_forbidden)
    api.add_exception_handler(HttpError, on_http)
