"""Posts by file: read, shown, and taken only when whoever brought them says yes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.social.actions.posts import Posted, take_post
from huiyin.journey.channels.social.models import Import, Post
from huiyin.journey.channels.social.permissions import can_bring_posts
from huiyin.journey.channels.social.rules import posts


@dataclass(frozen=True)
class Brought:
    taken: int
    there: int
    faulty: int


def fault_in_words(fault: str) -> str:
    return {
        "platform": _("没有平台"),
        "outer_id": _("没有帖子编号"),
        "author_id": _("没有作者"),
        "text": _("没有内容"),
        "at": _("时间读不出来，或在将来"),
        "long": _("内容超过 20000 字"),
        "private": _("不是公开的帖子"),
    }.get(fault, "")


def prepare(raw: bytes, *, name: str, by: User) -> Import:
    """Read a file and keep what it says; nothing is taken yet."""
    can_bring_posts.require(by, None)
    try:
        rows = posts.read(raw, moment.now())
    except posts.Unreadable as fault:
        sentence = {
            "large": _("文件太大：最多 2 MB、2000 条"),
            "kind": _("读不出来：请上传 UTF-8 或 GBK 的 CSV，或 JSON"),
            "columns": _("没有“内容”（text）这一列，请对照示例"),
            "rows": _("文件里没有帖子"),
        }[fault.why]
        raise Invalid(sentence, file=sentence) from fault
    _mark(rows)
    return Import.objects.create(rows=rows, name=name[:140], by=by, at=moment.now())


def _mark(rows: list[dict[str, Any]]) -> None:
    """Which are here already, or twice in the file."""
    seen: set[tuple[str, str]] = set()
    ids = {row["outer_id"] for row in rows}
    there = set(Post.objects.filter(outer_id__in=ids).values_list("platform", "outer_id"))
    for row in rows:
        key = (row["platform"], row["outer_id"])
        row["there"] = not row["fault"] and (key in there or key in seen)
        seen.add(key)


def bring(one: Import, *, by: User, only: Iterable[int] | None = None) -> Brought:
    """Take the rows in, each by itself: one that fails keeps no other out, and twice is once."""
    can_bring_posts.require(by, None)
    if one.by_id != by.pk:
        raise Refused(_("请由上传的人确认导入"))
    wanted = None if only is None else set(only)
    taken = there = faulty = 0
    for place, row in enumerate(one.rows):
        if row["fault"]:
            faulty += 1
        elif wanted is None or place in wanted:
            new = _bring(row, by)
            taken, there = taken + new, there + (not new)
    Import.objects.filter(pk=one.pk).update(taken_at=moment.now())
    return Brought(taken, there, faulty)


@transaction.atomic
def _bring(row: dict[str, Any], by: User) -> bool:
    known = ("platform", "outer_id", "author_id", "author", "text", "url", "reach")
    posted = Posted(**{name: row[name] for name in known}, at=datetime.fromisoformat(row["at"]))
    return take_post(posted, by=by)[1]
