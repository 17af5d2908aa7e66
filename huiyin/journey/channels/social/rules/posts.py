"""Posts out of a file that somebody brings, CSV or JSON, each row judged by itself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.journey.channels.social.rules import exports

MOST_ROWS = 2000
LARGEST = 2 * 1024 * 1024
HOME = ZoneInfo("Asia/Shanghai")
# What a column may be called, ours first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "platform": ("platform", "平台"),
    "outer_id": ("id", "编号", "帖子编号", "id_str"),
    "author_id": ("author_id", "作者编号", "user_id"),
    "author": ("author", "作者", "昵称", "username"),
    "reach": ("followers", "粉丝数", "reach"),
    "text": ("text", "内容", "正文", "content"),
    "url": ("url", "网址", "链接"),
    "at": ("at", "时间", "created_at"),
}
LONGEST = {"platform": 40, "outer_id": 160, "author_id": 120, "author": 80, "url": 500}


class Unreadable(Exception):  # noqa: N818 — an answer about the file
    """Neither CSV nor JSON as documented: large, kind, columns, rows."""

    @property
    def why(self) -> str:
        return str(self.args[0])


def read(raw: bytes, now: datetime) -> list[dict[str, Any]]:
    """A row each: the post and, under `fault`, why it cannot be taken."""
    if len(raw) > LARGEST:
        raise Unreadable("large")
    text = _text(raw)
    rows = _json(text) if text.lstrip()[:1] in ("[", "{") else _csv(text)
    if not rows:
        raise Unreadable("rows")
    if len(rows) > MOST_ROWS:
        raise Unreadable("large")
    return [_row(one, now) for one in rows]


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("kind")


def _json(text: str) -> list[Mapping[str, Any]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("kind") from error
    rows = data.get("posts", data.get("data")) if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise Unreadable("kind")
    return exports.in_our_columns(data, rows)


def _csv(text: str) -> list[Mapping[str, Any]]:
    try:
        rows: list[Mapping[str, Any]] = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise Unreadable("kind") from error
    if rows and not any(name in rows[0] for name in NAMES["text"]):
        raise Unreadable("columns")
    return rows


def _row(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {name: _value(given, name) for name in NAMES}
    author = given.get("author") or given.get("user") or given.get("account")
    if isinstance(author, dict):
        found["author_id"] = found["author_id"] or _plain(author.get("id"))
        found["author"] = _plain(author.get("name") or author.get("username"))
        found["reach"] = found["reach"] or _plain(author.get("followers"))
    found["author_id"] = found["author_id"] or found["author"]
    moment = _moment(found["at"])
    reach = found["reach"].replace(",", "")
    found["reach"] = int(reach) if reach.isascii() and reach.isdigit() and len(reach) < 10 else None
    if not found["url"].startswith(("https://", "http://")):
        found["url"] = ""
    found["fault"] = "private" if given.get("private") is True else _fault(found, moment, now)
    found["at"] = moment.isoformat() if moment else ""
    for name, most in LONGEST.items():
        found[name] = found[name][:most]
    return found


def _fault(found: Mapping[str, Any], moment: datetime | None, now: datetime) -> str:
    for name in ("platform", "outer_id", "author_id", "text"):
        if not found[name]:
            return name
    if moment is None or moment > now:
        return "at"
    return "long" if len(found["text"]) > 20_000 else ""


def _value(given: Mapping[str, Any], name: str) -> str:
    return next((_plain(given[one]) for one in NAMES[name] if given.get(one) not in (None, "")), "")


def _plain(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return "".join(c for c in str(value) if c.isprintable() or c in "\n\t").strip()


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=HOME)
