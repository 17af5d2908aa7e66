"""How a source is written, what a text says without its marks, where a word stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from huiyin.ground.search import rules as search

LONGEST_BODY = 20_000  # characters
LONGEST_TITLE = 160
LONGEST_QUERY = search.LONGEST_QUERY
SOON_DAYS = 30  # so many days before its end, or its review, it warns
EXCERPT = 120  # characters around the first hit
LONGEST_READ = 600  # characters of a complaint that suggestions look at
LONGEST_WORD, SHORTEST_WORD = 8, 2  # of keywords


def basis(kind: str, *, code: str, source: str, clause: str, edition: str) -> str:
    """《消费者权益保护法》第二十四条 (2013 修正); 售后条款 AS-03，2026-01 版; 话术 S-12."""
    if kind == "law":
        name = source if source.startswith("《") else f"《{source}》"
        return f"{name}{clause}" + (f"（{edition}）" if edition else "")
    label = source or {"policy": _("政策条款"), "script": _("话术")}.get(kind, _("知识"))
    told = f"{label} {code}" + (f" {clause}" if clause else "")
    return told + (_("，%(edition)s 版") % {"edition": edition} if edition else "")


def above(category: str) -> list[str]:
    """AS.01.02 → AS, AS.01, AS.01.02."""
    ways = category.split(".")
    return [".".join(ways[: at + 1]) for at in range(len(ways))]


def depth(categories: Iterable[str], category: str) -> int:
    """How exactly these fit: 3 for the very category, 1 for its first level, 0 for none."""
    ways = above(category) if category else []
    return max((len(one.split(".")) for one in categories if one in ways), default=0)


_MARKS = (
    (re.compile(r"```.*?```", re.DOTALL), lambda m: m[0].strip("`")),
    (re.compile(r"!?\[([^\]\[]{0,1000})\]\([^)\n]{0,2000}\)"), lambda m: m[1]),
    (re.compile(r"^[ \t]*(?:#{1,6}|>)[ \t]+", re.MULTILINE), lambda m: ""),
    (re.compile(r"^[ \t]*[-*+][ \t]+", re.MULTILINE), lambda m: "· "),
    (re.compile(r"^(?=[ \t:-]*\|)[ \t:|-]{2,}$", re.MULTILINE), lambda m: ""),
    (re.compile(r"(\*\*|\*|`)(?=\S)(.+?)(?<=\S)\1"), lambda m: m[2]),  # ____ is a gap to fill
    (re.compile(r"\n{3,}"), lambda m: "\n\n"),
)


def plain(markdown: str) -> str:
    """What it says, without the marks of Markdown: for a letter, and for the index."""
    for pattern, gives in _MARKS:
        markdown = pattern.sub(gives, markdown)
    return markdown.strip()


def words_of(query: str) -> list[str]:
    """What is to be lit up: each run of the query."""
    return search.runs(query[:LONGEST_QUERY])


def lit(text: str, query: str) -> list[tuple[str, bool]]:
    """The text in pieces: (piece, whether it was asked for)."""
    asked = sorted(set(words_of(query)), key=len, reverse=True)
    if not asked:
        return [(text, False)] if text else []
    pattern = re.compile("|".join(map(re.escape, asked)), re.IGNORECASE)
    return list(_pieces(text, pattern))


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    at = 0
    for hit in pattern.finditer(text):
        if hit.start() > at:
            yield text[at : hit.start()], False
        yield hit[0], True
        at = hit.end()
    if at < len(text):
        yield text[at:], False


def excerpt(text: str, query: str, most: int = EXCERPT) -> str:
    """The stretch around the first word that was asked for, else the beginning."""
    flat = " ".join(text.split())
    asked = words_of(query)
    lowered = flat.lower()
    found = [at for one in asked if (at := lowered.find(one)) >= 0]
    begin = max(0, min(found) - most // 4) if found else 0
    if begin + most > len(flat):
        begin = max(0, len(flat) - most)
    cut = flat[begin : begin + most]
    return ("…" if begin else "") + cut + ("…" if begin + most < len(flat) else "")


def pieces_of(text: str) -> list[str]:
    """Every stretch of a text that a keyword may be, from 2 to 8 characters."""
    found: dict[str, None] = {}
    for run in search.runs(text[:LONGEST_READ]):
        if run[0].isascii():
            found[run] = None
            continue
        for size in range(SHORTEST_WORD, LONGEST_WORD + 1):
            for at in range(len(run) - size + 1):
                found[run[at : at + size]] = None
    return list(found)


def keywords_in(keywords: Sequence[str], pieces: set[str]) -> list[str]:
    """Which of these words, folded as they are kept, a text has."""
    return [word for word in keywords if word in pieces]


def folded(text: str) -> str:
    """As two people may have typed the same: width, case and spaces apart."""
    return " ".join(search.runs(text))


def diff(before: str, after: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Line by line: (same, gone, new, changed) and its pieces, each (same, gone, new).

    A line that was changed shows what in it was: of a clause one word may matter.
    """
    old, new = before.splitlines(), after.splitlines()
    told: list[tuple[str, list[tuple[str, str]]]] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            told += [("same", [("same", line)]) for line in old[a1:a2]]
            continue
        paired = min(a2 - a1, b2 - b1) if tag == "replace" else 0
        for at in range(paired):
            told.append(_changed(old[a1 + at], new[b1 + at]))
        told += [("gone", [("gone", line)]) for line in old[a1 + paired : a2]]
        told += [("new", [("new", line)]) for line in new[b1 + paired : b2]]
    return told


MOST_COMPARED = 4000  # characters of a line that are compared one by one


def _changed(old: str, new: str) -> tuple[str, list[tuple[str, str]]]:
    if max(len(old), len(new)) > MOST_COMPARED:
        return "changed", [("gone", old), ("new", new)]
    pieces: list[tuple[str, str]] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", old[a1:a2]))
            continue
        if a2 > a1:
            pieces.append(("gone", old[a1:a2]))
        if b2 > b1:
            pieces.append(("new", new[b1:b2]))
    return "changed", pieces


def is_untold(told_on: date | None, today: date, review_on: date | None, ends: date | None) -> bool:
    """Whether a day of review, or of the end drawing near, has come since its owner was told."""
    news = [review_on] if review_on is not None else []
    if ends is not None:
        news.append(ends - timedelta(days=SOON_DAYS))
    return any(day <= today and (told_on is None or told_on < day) for day in news)
