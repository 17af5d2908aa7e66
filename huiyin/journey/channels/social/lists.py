"""Posts about us as they are looked through: keyset pages, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from huiyin.ground.people.models import User
from huiyin.journey.channels.social.models import Post, PostQuerySet
from huiyin.journey.channels.social.words import PostState

PAGE = 50
VIEWS = ("all", "crisis", "new", "answered", "moved")


@dataclass(frozen=True)
class Asked:
    """What was asked for; what cannot be is as if it had not been."""

    view: str = "all"
    q: str = ""
    platform: str = ""
    before: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.platform)


def read(typed: dict[str, str]) -> Asked:
    view, before = typed.get("view", "all"), typed.get("before", "")
    return Asked(
        view=view if view in VIEWS else "all",
        q=typed.get("q", "").replace("\x00", "").strip()[:80],
        platform=typed.get("platform", "").replace("\x00", "").strip()[:40],
        before=int(before)
        if before.isascii() and before.isdecimal() and len(before) < 18
        else None,
    )


def page(asked: Asked, user: User) -> tuple[list[Post], int | None]:
    rows = narrowed(asked, user).select_related("complaint")
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    some = list(rows.order_by("-pk")[: PAGE + 1])
    return some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None


def narrowed(asked: Asked, user: User) -> PostQuerySet:
    rows = Post.objects.visible_to(user)
    if asked.view == "crisis":
        rows = rows.filter(is_crisis=True)
    elif asked.view in PostState.values:
        rows = rows.filter(state=asked.view)
    if asked.platform:
        rows = rows.filter(platform=asked.platform)
    for word in asked.q.split()[:5]:
        rows = rows.filter(Q(text__icontains=word) | Q(author__icontains=word))
    return rows


def platforms(user: User) -> list[str]:
    """Those there are posts of; the first so many."""
    found = Post.objects.visible_to(user).order_by("platform").values_list("platform", flat=True)
    return list(found.distinct()[:50])
