"""Promises in a text: which clause binds us, to what, by when, how much. Pure.

Not a promise: what is negated, conditional without commitment, asked, said by the customer,
history, a statement of policy, or asked of the customer (conventions, “Dates in promises”). One due
date governs verbs joined in one clause; another clause does not inherit it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from huiyin.ground.worktime.rules import WorkCalendar
from huiyin.journey.promises.rules import english, verbs
from huiyin.journey.promises.rules.amounts import amounts
from huiyin.journey.promises.rules.binding import strike
from huiyin.journey.promises.rules.dates import Due, dues
from huiyin.journey.promises.rules.days import Today
from huiyin.journey.promises.rules.filling import give_dates, give_sums
from huiyin.journey.promises.rules.merging import merged
from huiyin.journey.promises.rules.parts import Clause, Detected, Verb
from huiyin.journey.promises.rules.text import Plain, plain
from huiyin.journey.promises.words import MONEY, PromiseKind

LONGEST = 5000  # characters that are read; a message may be longer, a promise never stands so far
SENTENCE_END = re.compile(r"[。!?;\n]+")
CLAUSE_END = re.compile(r"[，():—]|,(?!\d{3})")
CJK = re.compile(r"[\u3400-\u9fff]")
DIGIT_COLON = re.compile(r"(?<=\d):(?=\d\d)")
MULTIPLE = re.compile(r"(?:[三四五六七八九十]|10|[3-9])倍|退一赔[三十]|假一赔[三十]")


def detect(text: str, now: datetime, works: WorkCalendar) -> list[Detected]:
    """Every promise in the first 5,000 characters of a text, in the order they are given."""
    read = plain(text[:LONGEST])
    today = Today(now, works)
    found: list[Detected] = []
    for start, end in _parts(read.masked, SENTENCE_END, keep_end=True):
        sentence = read.masked[start:end]
        whole = end + (read.masked[end : end + 1] in ("。", "!"))  # the stop goes with it
        if not CJK.search(sentence):
            found += english.detect(read, start, whole, today)
        elif verbs.ALL.match(sentence.strip()):
            found = _for_all(
                found, _in_sentence(read, sentence, start, whole, today), sentence, today
            )
        else:
            found += _in_sentence(read, sentence, start, whole, today)
    return found


def _for_all(
    found: list[Detected], own: list[Detected], sentence: str, today: Today
) -> list[Detected]:
    """“…；均于12月1日前到账”: the date of all that was listed before without one."""
    due = next((d for d in dues(sentence, today) if d.at is not None), None)
    if due is None or not any(one.due_at is None for one in found):
        return found + own
    return [one if one.due_at else replace(one, due_at=due.at) for one in found]


def _parts(
    text: str, mark: re.Pattern[str], *, keep_end: bool = False
) -> Iterator[tuple[int, int]]:
    """The stretches between marks; with `keep_end` a question mark stays with its sentence."""
    at = 0
    for m in mark.finditer(text):
        if text[at : m.start()].strip():
            yield at, m.end() if keep_end and "?" in m[0] else m.start()
        at = m.end()
    if text[at:].strip():
        yield at, len(text)


def _in_sentence(
    read: Plain, sentence: str, start: int, whole: int, today: Today
) -> list[Detected]:
    asks = sentence.rstrip().endswith("?")
    guarded = DIGIT_COLON.sub("\x01", sentence)  # 15:00 is no end of a clause
    spans = list(_parts(guarded, CLAUSE_END))
    if not spans or (asks and verbs.TAG.search(sentence[spans[-1][0] :].strip())):
        return []
    if verbs.TAG.search(sentence[spans[-1][0] :].strip(" 。")) and len(spans) > 1:
        return []
    clauses = [_clause(sentence[a:b], start + a, today) for a, b in spans]
    strike(clauses, asks)
    give_dates(clauses)
    give_sums(clauses)
    return [_told(read, clause, verb, start, whole) for clause, verb in merged(clauses)]


def _clause(text: str, start: int, today: Today) -> Clause:
    lead = len(text) - len(text.lstrip())
    text, start = text.strip(), start + lead
    clause = Clause(text, start)
    clause.dues = dues(text, today)
    clause.names_event = bool(verbs.TO_BE_DONE.search(text)) or (
        bool(verbs.EVENT.search(text)) and bool(verbs.ENDS_AS_EVENT.search(text))
    )
    clause.amounts = amounts(text)
    at = 0
    while m := verbs.VERB.search(text, at):
        at = m.end()
        kind = str(PromiseKind[m.lastgroup or ""])
        clause.verbs.append(Verb(kind, m.start(), m.end()))
    for due in [d for d in clause.dues if d.relative or d.of_event]:
        if _waits_for_event(text, due):
            clause.dues[clause.dues.index(due)] = replace(due, at=None)
    return clause


def _waits_for_event(text: str, due: Due) -> bool:
    """收到退货后48小时: the limit runs from a moment that nobody knows yet."""
    before = text[: due.start]
    if verbs.FROM_NOW.search(before):
        return False
    ends = bool(verbs.ENDS_AS_EVENT.search(before))
    event = verbs.EVENT.search(before) or verbs.TO_BE_DONE.search(before)
    return bool(event) or (ends and len(before) > 3)


def _told(read: Plain, clause: Clause, verb: Verb, start: int, end: int) -> Detected:
    first, last = read.back(start, end)
    due_from, due_to = read.back(verb.due.start, verb.due.end) if verb.due else (0, 0)
    at, verb_end = read.back(clause.start + verb.start, clause.start + verb.end)
    whole = read.original[first:last]
    lead = len(whole) - len(whole.lstrip())
    return Detected(
        kind=verb.kind,
        sentence=whole.strip(),
        start=first + lead,
        end=first + lead + len(whole.strip()),
        verb_at=at,
        verb=read.original[at:verb_end],
        due_at=verb.due.at if verb.due else None,
        due_from=due_from,
        due_to=due_to,
        amount_fen=(verb.amount.fen or 0) if verb.amount else 0,
        manifold=verb.kind in MONEY and bool(MULTIPLE.search(clause.text)),
    )
