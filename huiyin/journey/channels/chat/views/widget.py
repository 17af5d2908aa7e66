"""The widget itself: its one file, what it must know, and a page where it can be tried."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from django.conf import settings as configured
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_GET

from huiyin.ground import moment
from huiyin.journey.channels.chat import actions, rules
from huiyin.journey.channels.chat.door import door, language_of, told
from huiyin.journey.channels.chat.models import Site
from huiyin.journey.channels.chat.texts import texts
from huiyin.journey.channels.chat.words import Ask
from huiyin.journey.triage.models import Category

BASE_URL = configured.BASE_URL  # where customers reach us
FOLDER = Path(__file__).parent.parent / "static" / "chat"
CSS_MARK = '"__CSS__"'
OPERATORS = (
    *("=>", "===", "!==", "&&", "||", "??", "<=", ">=", "+=", "||="),
    *("=", "+", "-", "*", "/", "?", ":", "<", ">"),
)
TIGHTER = (
    (", ", ","),
    ("; ", ";"),
    ("{ ", "{"),
    (" }", "}"),
    (") {", "){"),
    ("if (", "if("),
    ("for (", "for("),
)


@cache
def script() -> tuple[str, str]:
    """(what is served, its tag): the script with its style inside, so that a page needs nothing
    else of ours and no style of ours is injected into it."""
    whole = lean_script((FOLDER / "widget.js").read_text())
    whole = whole.replace(CSS_MARK, json.dumps(lean_style((FOLDER / "widget.css").read_text())))
    return whole, f'"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"'


def lean_script(text: str) -> str:
    """Without indents, lines of comment and room around operators; what it says in words comes
    from `texts`, so no string of it holds one of them."""
    lines = (line.strip() for line in text.splitlines())
    whole = "\n".join(line for line in lines if line and not line.startswith("//"))
    for operator in OPERATORS:
        whole = whole.replace(f" {operator} ", operator)
    for roomy, tight in TIGHTER:
        whole = whole.replace(roomy, tight)
    return whole


def lean_style(text: str) -> str:
    tight = re.sub(r"\s*([{};,])\s*", r"\1", text).replace(": ", ":").strip()
    return tight.replace(";}", "}")


@require_GET
def widget(request: HttpRequest) -> HttpResponse:
    """GET /chat/widget.js, from any page."""
    whole, tag = script()
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(whole, content_type="text/javascript; charset=utf-8")
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@door("GET")
def settings(request: HttpRequest, site: Site) -> HttpResponseBase:
    """GET /chat/<code>/: how it looks and speaks, what it asks, whether somebody is there."""
    language = language_of(request)
    now = moment.now()
    version, notice = site.notice(language, now)
    opens = actions.opens_at(site, now)
    return told(
        {
            "name": site.name_en or site.name if language == "en" else site.name,
            "colour": site.colour,
            "left": site.position == "left",
            "open": actions.is_open(site, now),
            "opens": opens.isoformat() if opens else "",
            "greeting": site.greeting(language),
            "offline": site.offline(language),
            "notice": notice,
            "version": version,
            "files": site.files_allowed,
            "pages": site.follows_pages,
            "most": rules.LARGEST_FILE,
            "fields": [
                {
                    "key": field.key,
                    "ask": field.ask,
                    "label": field.label(language),
                    "required": field.required,
                    "choices": _choices() if field.ask == Ask.CATEGORY else [],
                }
                for field in site.fields.all()
            ],
            "portal": f"{BASE_URL}/portal/follow/",
            "texts": texts(),
        }
    )


def _choices() -> list[list[str]]:
    return [[one.code, one.name] for one in Category.objects.main()]


@require_GET
@xframe_options_deny
def trial(request: HttpRequest, code: str) -> HttpResponse:
    """A page where the widget of this site can be tried."""
    site = get_object_or_404(Site.objects.in_use(), code=code)
    return render(request, "chat/try.html", {"site": site, "line": _line(request, site)})


def _line(request: HttpRequest, site: Site) -> str:
    address = request.build_absolute_uri(reverse("chat:widget"))
    return f'<script src="{address}" data-site="{site.code}" async></script>'
