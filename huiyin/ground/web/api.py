"""The frame of the API: how it says no (RFC 9457 problem+json)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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


PROBLEM = "application/problem+json"
TITLES = {
    400: "Bad request",
    401: "Unauthorised",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Content too large",
    422: "Unprocessable content",
    429: "Too many requests",
    500: "Internal error",
}
# What went wrong before, or without, an operation that has words of its own.
SENTENCES = {
    400: gettext_lazy("请求无法读取，请检查地址、域名和内容后重试"),
    403: gettext_lazy("您没有权限执行这个操作"),
    404: gettext_lazy("没有这个地址，请对照接口文档检查"),
    405: gettext_lazy("这个地址不接受这种方法，请对照接口文档检查"),
    413: gettext_lazy("内容太大：一次最多 %(most)s MB，文件请分开上传"),
    500: gettext_lazy("系统出了点问题，请稍后重试；同一个 Idempotency-Key 重发不会重复登记"),
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
        content_type=PROBLEM,
        headers={"WWW-Authenticate": "Bearer"} if status == 401 else None,
    )


def sentence(status: int) -> str:
    """What a program's keeper reads where nobody said more."""
    told = SENTENCES.get(status) or SENTENCES[500 if status >= 500 else 400]
    return str(told) % {"most": f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2**20:g}"}


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
        return problem(403, sentence(403))

    def on_unreadable(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(400, _("请求内容不是有效的 JSON，请检查编码、引号和逗号"))

    def on_too_large(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(413, sentence(413))

    def on_suspicious(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(400, sentence(400))

    api.add_exception_handler(Refused, on_refused)
    api.add_exception_handler(ValidationError, on_invalid)
    api.add_exception_handler(Http404, on_missing)
    api.add_exception_handler(AuthenticationError, on_unknown_caller)
    api.add_exception_handler(PermissionDenied, on_forbidden)
    api.add_exception_handler(HttpError, on_unreadable)
    api.add_exception_handler(RequestDataTooBig, on_too_large)
    api.add_exception_handler(SuspiciousOperation, on_suspicious)
