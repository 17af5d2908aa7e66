"""Which date and which sum belong to which act of a sentence. Pure."""

from __future__ import annotations

from dataclasses import replace

from huiyin.journey.promises.rules import verbs
from huiyin.journey.promises.rules.amounts import Amount
from huiyin.journey.promises.rules.dates import Due
from huiyin.journey.promises.rules.parts import Clause, Verb
from huiyin.journey.promises.words import MONEY


def give_dates(clauses: list[Clause]) -> None:
    fronted: Due | None = None
    event = depends = False
    before: Clause | None = None
    for clause in clauses:
        if verbs.CONDITION.search(clause.text) or verbs.TO_COME.search(clause.text):
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
    if not clause.dues or verbs.VERB.search(clause.text) or _of_something_else(clause):
        return (None if clause.text and not clause.dues else fronted), before
    due = next((d for d in clause.dues if d.at is not None), clause.dues[0])
    at = replace(due, start=due.start + clause.start, end=due.end + clause.start)
    waiting = [v for v in (before.verbs if before else []) if v.due is None]
    if before and verbs.LATEST.search(clause.text):
        waiting = before.verbs[-1:]
    if verbs.ALL.match(clause.text):
        waiting = [v for c in clauses[: clauses.index(clause)] for v in c.verbs if v.due is None]
    for verb in waiting:
        verb.due = at
    return (None if waiting else at), before


def _of_something_else(clause: Clause) -> bool:
    """大概下周才能到: when something else comes about, not when we act."""
    return len(clause.text) > 24 or bool(
        verbs.COMES_ABOUT.search(clause.text) or verbs.ASKED.search(clause.text)
    )


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


def give_sums(clauses: list[Clause]) -> None:
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
