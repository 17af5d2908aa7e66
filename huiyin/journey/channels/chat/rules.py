"""What a widget may send, and how its words are read. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import TypedDict
from urllib.parse import urlsplit
from uuid import UUID

from ua_parser import OS, UserAgent, parse

from huiyin.journey.channels.chat.words import App, DeviceKind
from huiyin.journey.triage.rules import Reading

LONGEST_LINE = 4000  # characters of one line
LONGEST_SUMMARY = 1000
LONGEST_ANSWER = 300  # to one question before the chat
LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 20  # of a visitor in one chat
MOST_STEPS = 20  # pages of one chat that are remembered
LONGEST_AGENT = 600  # characters of what a browser calls itself
MOST_LINES = 2000  # of one chat; then it is handed on as a complaint
# What an app adds to the name of the browser inside of it → the app.
APPS = {
    "MicroMessenger": App.WECHAT,
    "wxwork": App.WECOM,
    "AlipayClient": App.ALIPAY,
    "DingTalk": App.DINGTALK,
    "Weibo": App.WEIBO,
    "aweme": App.DOUYIN,
}
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


def words_that_weigh(reading: Reading) -> str:
    """Of a text that triage reads as S1: the words for which it does."""
    floors = {one.key.removeprefix("floor.") for one in reading.points if one.points == 1}
    found = [one.words for one in reading.evidence if one.group in floors]
    found = found or [one.words for one in reading.evidence if one.group in reading.risks]
    return "、".join(dict.fromkeys(found))[:200]


def is_origin(value: str) -> bool:
    """Scheme, host and port exactly as browsers send them: no path, no capital, no wildcard."""
    if not ORIGIN.fullmatch(value):
        return False
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    default = {"http": 80, "https": 443}[parts.scheme]
    return bool(parts.hostname) and port != default


def read_uid(text: str) -> UUID | None:
    """The UUID that is written there; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def is_english(language: str) -> bool:
    return language.lower().startswith("en")


def spoken(language: str, chinese: str, english: str) -> str:
    """In the visitor's language, where there are words of it."""
    return (english or chinese) if is_english(language) else chinese


def one_line(text: object, most: int) -> str:
    """What was typed into a field of one line: no controls, no direction tricks, cut to size."""
    plain = unicodedata.normalize("NFC", str(text or ""))
    kept = "".join(" " if c in "\r\n\t" else c for c in plain)
    kept = "".join(c for c in kept if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return " ".join(kept.split())[:most]


def page_address(url: object, origin: str = "") -> str:
    """A page of the site: http(s) only, without what may be secret in it (its query and fragment
    can hold tokens); of that origin, where one is known: agents click on it."""
    try:
        parts = urlsplit(str(url or "")[:2000])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        own = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return ""
    return one_line(own + parts.path, 500) if origin in ("", own) else ""


class Step(TypedDict):
    """A page that a visitor went to while he talked."""

    url: str
    title: str
    at: str  # ISO 8601


def walked(trail: list[Step], step: Step, *, began: str) -> list[Step]:
    """The trail with this page, the newest last; the same page anew is no step."""
    last = trail[-1]["url"] if trail else began
    return trail if step["url"] in ("", last) else [*trail, step][-MOST_STEPS:]


class Device(TypedDict):
    """With what a visitor talks, as his browser calls itself: a hint, never a proof."""

    kind: str  # of DeviceKind
    app: str  # of App: he reads the page inside of it
    browser: str
    system: str


def device(user_agent: str) -> Device:
    """What a User-Agent tells (RFC 9110, 10.1.5)."""
    told = parse(user_agent[:LONGEST_AGENT])
    system, browser = told.os, told.user_agent
    tablet = told.device is not None and ("iPad" in told.device.family or "Tablet" in user_agent)
    phone = re.search("Mobile|Phone|Android", user_agent)
    return {
        "kind": DeviceKind.TABLET if tablet else DeviceKind.PHONE if phone else DeviceKind.COMPUTER,
        "app": next((app for mark, app in APPS.items() if mark in user_agent), ""),
        "browser": _with_version(browser),
        "system": _with_version(system),
    }


def _with_version(told: OS | UserAgent | None) -> str:
    return one_line(f"{told.family} {told.major or ''}", 60) if told is not None else ""
