"""Finding by words, and what fits without being asked for.

Both rank at most some hundred candidates, however many articles there are: titles first, which are
short and indexed by themselves; the long texts only where titles do not suffice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, FloatField, Func, QuerySet, Value

from huiyin.ground import moment
from huiyin.ground.knowledge import rules
from huiyin.ground.knowledge.models import Version, VersionQuerySet
from huiyin.ground.knowledge.words import Kind
from huiyin.ground.language import in_english
from huiyin.ground.people.models import User
from huiyin.ground.search import rules as search

CANDIDATES = 300  # are ranked; more of them make no better first page
MOST = 100
KEYWORD, CATEGORY, WELL = 4.0, 3.0, 1.5  # what a keyword, a level of category, being of help weigh
CODE = re.compile(r"[A-Za-z]{1,8}([-.][A-Za-z0-9]{1,12}){1,4}")
BIG = ("search", "head", "review_note", "change")


@dataclass(frozen=True)
class Found:
    """A passage that can be quoted: the version in force, in the reader's language."""

    version_id: int
    code: str
    kind: str
    title: str
    basis: str
    body: str  # without marks: as it goes into a letter
    excerpt: str
    audience: str = ""
    checked: str = ""
    sure: bool = True
    ends_on: date | None = None  # where it ends soon
    used: int = 0
    helped: int = 0
    query: str = ""
    because: tuple[str, ...] = ()  # the words of the text that suggested it

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def lit_title(self) -> list[tuple[str, bool]]:
        return rules.lit(self.title, self.query)

    @property
    def lit_excerpt(self) -> list[tuple[str, bool]]:
        return rules.lit(self.excerpt, self.query)


class Rank(Func):
    """How well a tsvector fits a tsquery literal; long texts do not win by being long."""

    template = "ts_rank(%(expressions)s::tsquery, 1)"
    output_field = FloatField()


def find(
    user: User | None,
    query: str,
    *,
    kinds: Iterable[str] = (),
    category: str = "",
    remedy: str = "",
    step: str = "",
    limit: int = 8,
) -> list[Found]:
    """What is in force and has these words, best first; without words what fits, best used first.

    Words of any length, one character too. `category` keeps what is for it, or for all.
    """
    limit = min(limit, MOST)
    scope = Version.objects.current(moment.today()).readable_by(user)
    scope = scope.narrowed(kinds=kinds, remedy=remedy, step=step).of_category(category)
    query = query.replace("\0", "")[: rules.LONGEST_QUERY].strip()
    if not query:
        rows = list(
            _read(scope.order_by("-article__helped", "-article__used", "article__code"))[:limit]
        )
        rows.sort(key=lambda one: -rules.depth(one.categories, category))
        return [_found(one, query) for one in rows]
    asked = search.query(query)
    if not asked:
        return []
    if CODE.fullmatch(query) and (named := _by_code(scope, query, limit)):
        return [_found(one, query) for one in named]
    rows = _ranked(scope.filter(head__matches=asked), "head", asked, limit)
    if len(rows) < limit:
        rest = scope.filter(search__matches=asked).exclude(pk__in=[one.pk for one in rows])
        rows += _ranked(rest, "search", asked, limit - len(rows))
    return [_found(one, query) for one in rows]


def _by_code(scope: VersionQuerySet, code: str, limit: int) -> list[Version]:
    """Whoever types AS-03 means that clause."""
    named = scope.filter(article__code__startswith=code.upper())
    return list(_read(named.order_by("article__code"))[:limit])


def _ranked(found: VersionQuerySet, column: str, asked: str, limit: int) -> list[Version]:
    """The best of some hundred; where there are more, whichever the index gives first."""
    some = found.order_by().values("pk")[:CANDIDATES]
    best = Version.objects.filter(pk__in=some).annotate(rank=Rank(F(column), Value(asked)))
    return list(_read(best.order_by("-rank", "-article__helped", "article__code"))[:limit])


def _read(rows: QuerySet[Version]) -> QuerySet[Version]:
    return rows.select_related("article").defer(*BIG)


def suggested(
    user: User | None,
    *,
    category: str,
    text: str,
    kinds: Iterable[str] = (),
    limit: int = 5,
) -> list[Found]:
    """What fits a complaint of this category and these words, without anybody's asking.

    A keyword that stands in the text counts most, then how exactly the category fits, then
    whether it has helped before.
    """
    scope = Version.objects.current(moment.today()).readable_by(user).narrowed(kinds=kinds)
    pieces = rules.pieces_of(text)
    found: dict[int, _Fitting] = {}
    if pieces:
        found |= _fitting(scope.filter(keywords__overlap=pieces).order_by())
    if category:
        near = rules.above(category)[-2:]
        found |= _fitting(scope.filter(categories__overlap=near).order_by())
    there = set(pieces)
    best = sorted(found.values(), key=lambda one: (-one.score(category, there), one.code))[:limit]
    rows = _read(Version.objects.filter(pk__in=[one.pk for one in best])).in_bulk()
    return [
        _found(rows[one.pk], "", because=tuple(rules.keywords_in(one.keywords, there)))
        for one in best
        if one.pk in rows
    ]


@dataclass(frozen=True)
class _Fitting:
    """A candidate, without its text: the texts of the best few are read afterwards."""

    pk: int
    code: str
    keywords: list[str]
    categories: list[str]
    helped: int
    not_helped: int

    def score(self, category: str, there: set[str]) -> float:
        words = sum(min(len(word), 4) for word in rules.keywords_in(self.keywords, there))
        judged = self.helped + self.not_helped
        well = (self.helped - self.not_helped) / judged if judged else 0.0
        return KEYWORD * words / 2 + CATEGORY * rules.depth(self.categories, category) + WELL * well


def _fitting(rows: VersionQuerySet) -> dict[int, _Fitting]:
    names = ("pk", "article__code", "keywords", "categories")
    counts = ("article__helped", "article__not_helped")
    some = rows.values_list(*names, *counts)[:CANDIDATES]
    return {row[0]: _Fitting(*row) for row in some}


def _found(one: Version, query: str, because: tuple[str, ...] = ()) -> Found:
    english = in_english()
    body = rules.plain(one.shown_body)
    if english and query and query.lower() not in body.lower():
        body_of_hit = rules.plain(one.body)  # the words stand in the other language
    else:
        body_of_hit = body
    ends = one.valid_to if one.ends_soon(moment.today()) else None
    return Found(
        version_id=one.pk,
        code=one.article.code,
        kind=one.article.kind,
        title=one.shown_title,
        basis=one.basis,
        body=body,
        excerpt=rules.excerpt(body_of_hit, query),
        audience=one.audience,
        checked=str(one.get_checked_display()),
        sure=one.is_sure,
        ends_on=ends,
        used=one.article.used,
        helped=one.article.helped,
        query=query,
        because=because,
    )
