"""Letters that came in, and letters of ours to print: filtered, searched, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.paper.models import (
    Page,
    Piece,
    PieceQuerySet,
    Post,
    PostQuerySet,
    Scan,
)
from huiyin.journey.channels.paper.words import PieceState, PostState, ReadState, ScanState
from huiyin.journey.conversation.models import Letter

PAGE = 30
STUCK = ("broken", "unread")
COUNTED = 100  # “99+” says enough


@dataclass(frozen=True)
class Asked:
    """What was asked for; what cannot be is as if it had not been."""

    state: str
    q: str = ""
    before: int | None = None
    since: date | None = None  # of letters of ours: posted on that day or later


def read(typed: dict[str, str], states: tuple[str, ...]) -> Asked:
    state, before = typed.get("state", ""), typed.get("before", "")
    return Asked(
        state=state if state in states else states[0],
        q=typed.get("q", "").replace("\x00", "").strip()[:80],
        before=int(before)
        if before.isascii() and before.isdecimal() and len(before) < 18
        else None,
        since=moment.read_day(typed.get("since", "")),
    )


def read_pieces(typed: dict[str, str]) -> Asked:
    return read(typed, (*PieceState.values, *STUCK, "all"))


def read_posts(typed: dict[str, str]) -> Asked:
    return read(typed, (*PostState.values, "all"))


def to_print(user: User) -> int:
    return Post.objects.visible_to(user).filter(state=PostState.TO_PRINT)[:COUNTED].count()


def pieces(asked: Asked, user: User) -> tuple[list[Piece], int | None]:
    """One page, the newest first; and where to go on."""
    first = Page.objects.kept().filter(position__gte=0).only("piece_id", "uuid", "turn", "position")
    rows = narrowed(asked, user).select_related("complaint", "by", "decided_by").defer("decisions")
    rows = rows.annotate(leaves=Count("pages", filter=Q(pages__dropped_at=None)))
    rows = rows.prefetch_related(
        Prefetch("pages", first, to_attr="some"), Prefetch("scans", to_attr="files")
    )
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    some = list(rows.order_by("-pk")[: PAGE + 1])
    return some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None


def narrowed(asked: Asked, user: User) -> PieceQuerySet:
    rows = Piece.objects.visible_to(user)
    if asked.state in STUCK:
        rows = stuck(rows, asked.state)
    elif asked.state != "all":
        rows = rows.filter(state=asked.state)
    for word in asked.q.split()[:5]:
        rows = rows.filter(
            Q(text__icontains=word)
            | Q(number__icontains=word)
            | Q(complaint__number__iexact=word)
            | Q(pk__in=Page.objects.filter(lines__icontains=word).values("piece"))
            | Q(pk__in=Piece.objects.filter(scans__name__icontains=word).values("pk"))
        )
    return rows


def stuck(rows: PieceQuerySet, how: str) -> PieceQuerySet:
    """Of those that wait to be registered: with a file that does not open, or pages to be read."""
    rows = rows.waiting()
    if how == "broken":
        return rows.filter(
            Exists(Scan.objects.filter(piece=OuterRef("pk"), state=ScanState.FAILED))
        )
    queued = Page.objects.kept().filter(piece=OuterRef("pk"), reading=ReadState.QUEUED)
    return rows.filter(Exists(queued))


def posts(asked: Asked, user: User) -> tuple[list[Post], int | None]:
    rows = narrowed_posts(asked, user).select_related(
        "letter__complaint__customer", "template", "printed_by", "posted_by"
    )
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    some = list(rows.order_by("-pk")[: PAGE + 1])
    return some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None


def narrowed_posts(asked: Asked, user: User) -> PostQuerySet:
    rows = Post.objects.visible_to(user)
    if asked.state != "all":
        rows = rows.filter(state=asked.state)
    if asked.since:
        rows = rows.filter(posted_on__gte=asked.since)
    for word in asked.q.split()[:5]:
        rows = rows.filter(
            Q(letter__complaint__number__icontains=word)
            | Q(tracking__icontains=word)
            | Q(pk__in=Post.objects.filter(letter__in=_saying(word)).values("pk"))
        )
    return rows


def _saying(word: str) -> QuerySet[Letter]:
    return Letter.objects.filter(channel="letter", body__icontains=word)
