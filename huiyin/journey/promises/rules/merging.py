"""退款58元，三个工作日内到账 is one promise: what belongs to one act becomes one. Pure."""

from __future__ import annotations

import re

from huiyin.journey.promises.rules import verbs
from huiyin.journey.promises.rules.parts import Clause, Verb
from huiyin.journey.promises.words import GOODS, MONEY, PromiseKind

PURPOSES = (PromiseKind.VISIT, PromiseKind.REPAIR)
SEVERAL = (PromiseKind.SEND, PromiseKind.CALL, PromiseKind.REPLY, PromiseKind.UPDATE)


def merged(clauses: list[Clause]) -> list[tuple[Clause, Verb]]:
    """退款58元，三个工作日内到账 is one promise: what one clause leaves open the next one says."""
    found: list[tuple[Clause, Verb]] = []
    for clause in clauses:
        for verb in clause.verbs:
            completes = _completed(clause, verb, clauses)
            kinds = MONEY if completes else _one_act(clause, verb, clauses)
            same = next((v for _c, v in found[::-1] if v.kind in kinds), None)
            own_clause = bool(found) and found[-1][0] is clause
            apart = verbs.APART.match(clause.text) and not own_clause
            if verb.kind in SEVERAL and not _leaves(clause, verb, same):
                apart = apart or not own_clause  # two things may be sent, two calls made
            if completes and not re.match("另|此外", clause.text):
                apart = None
            if _is_its_purpose(verb, found[-1] if found else None, clause):
                continue
            if _finishes(clause, verb, [v for _c, v in found]):
                continue
            if same is not None and not apart and _fits(same, verb):
                same.due = same.due if same.due and same.due.at else verb.due or same.due
                same.amount = same.amount or verb.amount
                continue
            found.append((clause, verb))
    return found


def _is_its_purpose(verb: Verb, last: tuple[Clause, Verb] | None, clause: Clause) -> bool:
    """到您家检修, 联系您上门: what a visit or a call is for is no second promise."""
    if last is None or last[0] is not clause or verb.kind not in PURPOSES:
        return False
    return last[1].kind in (PromiseKind.VISIT, PromiseKind.CALL) and verb.start - last[1].end <= 2


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


def _one_act(clause: Clause, verb: Verb, clauses: list[Clause]) -> tuple[str, ...]:
    """给您补发，明天寄出: that it leaves the house belongs to what is sent anew."""
    if verb.kind != PromiseKind.SEND:
        return (verb.kind,)
    said = "".join(c.text for c in clauses[: clauses.index(clause)]) + clause.text[: verb.start]
    if verbs.MISSING.search(said):
        verb.kind = str(PromiseKind.RESHIP)
    return (verb.kind, *GOODS)


def _leaves(clause: Clause, verb: Verb, same: Verb | None) -> bool:
    """…，明天发: that what was named before leaves the house."""
    leaves = verbs.LEAVES.fullmatch(clause.text[verb.start : verb.end])
    return same is not None and bool(leaves) and (same.due is None or same.due.at is None)


def _completed(clause: Clause, verb: Verb, clauses: list[Clause]) -> bool:
    """Whether this verb only says how money arrives; then its kind is that of what was named."""
    if not verbs.COMPLETES.fullmatch(clause.text[verb.start : verb.end]):
        return False
    earlier = clauses[: clauses.index(clause)]
    before = "".join(c.text for c in earlier) + clause.text[: verb.end + 4]
    named = list(verbs.OF_MONEY.finditer(before))
    sums = [a for c in earlier for a in c.amounts if not (a.of_order or c.heard)]
    if not named and (verb.kind in MONEY or not sums):
        return False
    verb.kind = str(PromiseKind.COMPENSATE if named and named[-1]["out"] else PromiseKind.REFUND)
    if verb.amount is None and sums and not any(v.amount for c in earlier for v in c.verbs):
        verb.amount = sums[-1]
    return True


def _fits(one: Verb, other: Verb) -> bool:
    dates = one.due and one.due.at and other.due and other.due.at and one.due.at != other.due.at
    sums = one.amount and other.amount and one.amount.fen != other.amount.fen
    return not dates and not sums
