"""Posts as X and Mastodon give them out (answers of their interfaces, exports), in our columns.

X: API v2 (`data`, `includes.users`) and statuses of the classic interface (`id_str`, `user`).
Mastodon: statuses, or notifications that hold one (docs.joinmastodon.org/entities/Status).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from huiyin.journey.channels.social.rules.html import text_of

Row = Mapping[str, Any]
PRIVATE = ("private", "direct")


def in_our_columns(data: object, rows: Sequence[Row]) -> list[Row]:
    """`rows` of the file `data`; those of neither are left as they are."""
    users = _by_id(_within(data, "includes").get("users"))
    statuses = [_status(row) for row in rows]
    home = _home(status for status in statuses if status)
    return [
        _of_mastodon(status, home) if status else _of_x(row, users)
        for row, status in zip(rows, statuses, strict=True)
    ]


def _status(row: Row) -> Row | None:
    """The status that a row of Mastodon is or holds."""
    for one in (row, _within(row, "status")):
        if "content" in one and "acct" in _within(one, "account"):
            return one
    return None


def _of_mastodon(status: Row, home: str) -> Row:
    account = _within(status, "account")
    return {
        "platform": home,
        "id": status.get("id"),
        "author_id": account["acct"],
        "author": account.get("display_name") or account["acct"],
        "followers": account.get("followers_count"),
        "text": words_of(status),
        "url": status.get("url"),
        "at": status.get("created_at"),
        "private": status.get("visibility") in PRIVATE,
    }


def words_of(status: Row) -> str:
    """The warning that stands before a folded post is his words too."""
    said = (status.get("spoiler_text"), text_of(str(status.get("content") or "")))
    return "\n".join(str(one).strip() for one in said if one)


def _home(statuses: Any) -> str:
    """The instance whose ids these are: that of an author whose name needs no instance."""
    for status in statuses:
        if "@" not in str(_within(status, "account")["acct"]):
            return (urlsplit(str(status.get("url") or "")).hostname or "Mastodon")[:40]
    return "Mastodon"


def _of_x(row: Row, users: Mapping[str, Row]) -> Row:
    author = users.get(str(row.get("author_id"))) or _within(row, "user")
    is_classic = "id_str" in row and "screen_name" in author
    if not is_classic and not (users or "edit_history_tweet_ids" in row):
        return row
    name = author.get("username") or author.get("screen_name")
    number = row.get("id_str") or row.get("id")
    return {
        "platform": "X",
        "id": number,
        "author_id": row.get("author_id") or author.get("id_str") or author.get("id"),
        "author": author.get("name") or name,
        "followers": _within(author, "public_metrics").get("followers_count")
        or author.get("followers_count"),
        "text": _whole(row),
        "url": f"https://x.com/{name}/status/{number}" if name else "",
        "at": _iso(str(row.get("created_at") or "")),
        "private": author.get("protected") is True,
    }


def _whole(row: Row) -> object:
    """Long posts stand whole beside a shortened `text`."""
    return _within(row, "note_tweet").get("text") or row.get("full_text") or row.get("text")


def _iso(moment: str) -> str:
    """“Fri Nov 20 10:00:00 +0000 2026” as ISO 8601; whatever else as it is."""
    try:
        return datetime.strptime(moment, "%a %b %d %H:%M:%S %z %Y").isoformat()
    except ValueError:
        return moment


def _within(one: object, name: str) -> Row:
    found = one.get(name) if isinstance(one, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _by_id(users: object) -> dict[str, Row]:
    if not isinstance(users, list):
        return {}
    return {str(one.get("id")): one for one in users if isinstance(one, Mapping)}
