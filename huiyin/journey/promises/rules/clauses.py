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
from huiyin.journey.promises.rules.amounts import Amount, amounts
from huiyin.journey.promises.rules.binding import strike
from huiyin.journey.promises.rules.dates import Due, dues
from huiyin.journey.promises.rules.days import Today
from huiyin.journey.promises.rules.parts import Clause, Detected, Verb
from huiyin.journey.promises.rules.text import Plain, plain
from huiyin.journey.promises.words import MONEY, PromiseKind

LONGEST = 5000  # characters that are read; a message may be longer, a promise never stands so far
SENTENCE_END = re.compile(r"[。!?;\n]+")
CLAUSE_END = re.compile(r"[，():—]|,(?!\d{3})")
CJK = re.compile(r"[\u3400-\u9fff]")
DIGIT_COLON = re.compile(r"(?<=\d):(?=\d\d)")
SEVERAL = (PromiseKind.SEND, PromiseKind.CALL, PromiseKind.REPLY, PromiseKind.UPDATE)
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
    _give_dates(clauses)
    _give_sums(clauses)
    return _merged(read, clauses, start, whole)


def _clause(text: str, start: int, today: Today) -> Clause:
    lead = len(text) - len(text.lstrip())
    text, start = text.strip(), start + lead
    clause = Clause(text, start)
    clause.dues = dues(text, today)
    clause.names_event = bool(verbs.EVENT.search(text)) and bool(verbs.ENDS_AS_EVENT.search(text))
    clause.amounts = amounts(text)
    at = 0
    while m := verbs.VERB.search(text, at):
        at = m.end()
        kind = str(PromiseKind[m.lastgroup or ""])
        clause.verbs.append(Verb(kind, m.start(), m.end()))
    for due in [d for d in clause.dues if d.relative]:
        if _waits_for_event(text, due):
            clause.dues[clause.dues.index(due)] = replace(due, at=None)
    return clause


def _waits_for_event(text: str, due: Due) -> bool:
    """收到退货后48小时: the limit runs from a moment that nobody knows yet."""
    before = text[: due.start]
    if verbs.FROM_NOW.search(before):
        return False
    ends = bool(verbs.ENDS_AS_EVENT.search(before))
    return bool(verbs.EVENT.search(before)) or (ends and len(before) > 3)


# --- dates and sums -------------------------------------------------------------------------------


def _give_dates(clauses: list[Clause]) -> None:
    fronted: Due | None = None
    event = depends = False
    before: Clause | None = None
    for clause in clauses:
        if verbs.CONDITION.search(clause.text):
            depends = True
        if depends:
            clause.dues = [replace(d, at=None) if d.of_event else d for d in clause.dues]
        if event:
            clause.dues = [replace(d, at=None) if d.relative else d for d in clause.dues]
        if clause.names_event and not clause.says_when():
            event = True
        for verb in clause.verbs:
            verb.due = _nearest(clause, verb)
        if not clause.verbs:
            fronted, before = _loose_date(clause, clauses, fronted, before)
            continue
        if not clause.says_when():
            inherited = fronted
            if inherited is None and before is not None and verbs.COUPLED.match(clause.text):
                inherited = next((v.due for v in before.verbs[::-1] if v.due), None)
            for verb in clause.verbs:
                verb.due = inherited
        fronted, before = None, clause


def _loose_date(
    clause: Clause, clauses: list[Clause], fronted: Due | None, before: Clause | None
) -> tuple[Due | None, Clause | None]:
    """A clause that only says when belongs to the act beside it: 最晚下周五，我们会退款."""
    if verbs.CONDITION.search(clause.text):
        return None, before
    if not clause.dues or verbs.VERB.search(clause.text) or len(clause.text) > 24:
        return (None if clause.text and not clause.dues else fronted), before
    due = next((d for d in clause.dues if d.at is not None), clause.dues[0])
    at = replace(due, start=due.start + clause.start, end=due.end + clause.start)
    waiting = [v for v in (before.verbs if before else []) if v.due is None]
    if verbs.ALL.match(clause.text):
        waiting = [v for c in clauses[: clauses.index(clause)] for v in c.verbs if v.due is None]
    for verb in waiting:
        verb.due = at
    return (None if waiting else at), before


def _nearest(clause: Clause, verb: Verb) -> Due | None:
    """The last date before the verb, else the first after it; a real one before a vague one."""
    for real in (True, False):
        some = [d for d in clause.dues if (d.at is not None) == real]
        ahead = [
            d
            for d in some
            if d.end <= verb.start
            and not (d.at and verbs.THEN.search(clause.text, d.end, verb.start))
        ]
        behind = [d for d in some if d.start >= verb.start]
        if found := (ahead[-1:] or behind[:1]):
            due = found[0]
            return replace(due, start=due.start + clause.start, end=due.end + clause.start)
    return None


def _give_sums(clauses: list[Clause]) -> None:
    last: Verb | None = None
    loose: Amount | None = None
    for clause in clauses:
        sums = [a for a in clause.amounts if not a.of_order]
        money = [v for v in clause.verbs if v.kind in MONEY]
        for verb in money:
            verb.amount = _sum_of(clause, verb, sums)
        if money:
            if money[-1].amount is None and loose is not None:
                money[-1].amount = loose
            last, loose = money[-1], None
        elif sums and not clause.verbs and _only_names(clause):
            if last is not None and last.amount is None:
                last.amount = sums[0]
            elif last is None and len(clause.text) <= 16:
                loose = sums[0]


def _only_names(clause: Clause) -> bool:
    """“补偿金额为300元”: a sum that belongs to the act beside it."""
    acts = verbs.VERB.finditer(clause.text)
    return all(verbs.NAME.match(clause.text[m.end() :]) for m in acts)


def _sum_of(clause: Clause, verb: Verb, sums: list[Amount]) -> Amount | None:
    later = [v.start for v in clause.verbs if v.start > verb.start]
    earlier = [v.end for v in clause.verbs if v.end <= verb.start]
    until, since = min(later, default=len(clause.text)), max(earlier, default=0)
    after = [a for a in sums if verb.start <= a.start < until]
    ahead = [a for a in sums if since <= a.start and a.end <= verb.start]
    return (after or ahead[-1:] or [None])[0]  # type: ignore[list-item]


def _merged(read: Plain, clauses: list[Clause], start: int, end: int) -> list[Detected]:
    """退款58元，三个工作日内到账 is one promise: what one clause leaves open the next one says."""
    found: list[tuple[Clause, Verb]] = []
    for clause in clauses:
        for verb in clause.verbs:
            completes = _completed(clause, verb, clauses)
            kinds = MONEY if completes else (verb.kind,)
            same = next((v for _c, v in found[::-1] if v.kind in kinds), None)
            own_clause = bool(found) and found[-1][0] is clause
            apart = verbs.APART.match(clause.text) and not own_clause
            if verb.kind in SEVERAL:  # two things may be sent, two calls made
                apart = apart or not own_clause
            if completes and not re.match("另|此外", clause.text):
                apart = None
            if _finishes(clause, verb, [v for _c, v in found]):
                continue
            if same is not None and not apart and _fits(same, verb):
                same.due = same.due if same.due and same.due.at else verb.due or same.due
                same.amount = same.amount or verb.amount
                continue
            found.append((clause, verb))
    return [_told(read, clause, verb, start, end) for clause, verb in found]


def _finishes(clause: Clause, verb: Verb, before: list[Verb]) -> bool:
    """退款并赔偿，两天内办妥: when it is done belongs to what was named without a date."""
    words = clause.text[verb.start : verb.end]
    open_ones = [v for v in before if v.due is None or v.due.at is None]
    if verb.kind != PromiseKind.RESOLVE or not open_ones or not verbs.DONE_BY.match(words):
        return False
    if verb.due is None or verb.due.at is None:
        return False
    for one in open_ones:
        one.due = verb.due
    return True


def _completed(clause: Clause, verb: Verb, clauses: list[Clause]) -> bool:
    """Whether this verb only says how money arrives; then its kind is that of what was named."""
    if verb.kind not in MONEY or not verbs.COMPLETES.fullmatch(clause.text[verb.start : verb.end]):
        return False
    before = "".join(c.text for c in clauses[: clauses.index(clause)])
    named = list(verbs.OF_MONEY.finditer(before + clause.text[: verb.start]))
    if named:
        verb.kind = str(PromiseKind.COMPENSATE if named[-1]["out"] else PromiseKind.REFUND)
    return bool(named)


def _fits(one: Verb, other: Verb) -> bool:
    dates = one.due and one.due.at and other.due and other.due.at and one.due.at != other.due.at
    sums = one.amount and other.amount and one.amount.fen != other.amount.fen
    return not dates and not sums


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
