"""What a widget may send, and how its words are read. Pure."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit
from uuid import UUID

from huiyin.journey.triage.rules import Reading

LONGEST_LINE = 4000  # characters of one line
LONGEST_SUMMARY = 1000
LONGEST_ANSWER = 300  # to one question before the chat
LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 20  # of a visitor in one chat
MOST_LINES = 2000  # of one chat; then it is handed on as a complaint
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


def page_address(url: object) -> str:
    """The page a visitor came from: http(s) only, without what may be secret in it (its query and
    fragment can hold tokens)."""
    try:
        parts = urlsplit(str(url or "")[:2000])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        host = parts.hostname + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return ""
    return one_line(f"{parts.scheme}://{host}{parts.path}", 500)
