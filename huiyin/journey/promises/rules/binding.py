"""Which clauses bind nobody: negated, conditional, a question, heard from the customer, past,
policy, asked of the customer. Pure."""

from __future__ import annotations

import re

from huiyin.journey.promises.rules import verbs
from huiyin.journey.promises.rules.parts import Clause, Verb


def strike(clauses: list[Clause], asks: bool) -> None:
    """Take away the verbs that promise nothing; what went before in the sentence counts."""
    conditional = heard = policy = past = False
    for place, clause in enumerate(clauses):
        text = clause.text
        last = place == len(clauses) - 1
        is_question = bool(verbs.QUESTION.search(text)) or (asks and last)
        conditional = conditional or bool(verbs.CONDITION.search(text))
        if heard and (verbs.OURS.search(text) or verbs.AGREED.search(text)):
            if verbs.AGREED.search(text) and not clause.verbs:
                _bring_back(clauses[:place])
            heard = False
        said_by = verbs.HEARD.search(text) or verbs.HEARD_NOUN.search(text)
        if said_by is None and place and verbs.ABOUT_CUSTOMER.search(clauses[0].text):
            said_by = verbs.HEARD_ON.search(text)
        if said_by and text[said_by.end() :].startswith("的"):
            clause.verbs, said_by = [v for v in clause.verbs if v.kind == "reply"], None
        past_here = bool(verbs.PAST.search(text))
        past = past_here or (past and not _is_future(clause))
        policy_here = bool(verbs.POLICY.search(text))
        clause_policy = policy or policy_here
        every = list(clause.verbs)
        sure = bool(verbs.COMMITTED.search(text))
        ours = sure or bool(verbs.OUR_WILL.search(text))
        if (
            is_question
            or past
            or verbs.ABOUT_IT.search(text)
            or (verbs.USUALLY.search(text) and not sure)
            or (clause_policy and not ours)
            or (conditional and not sure)
        ):
            clause.verbs = []
        if heard:
            clause.verbs = []
        elif said_by:
            clause.verbs = [v for v in clause.verbs if v.end <= said_by.start()]
            heard = True
            clause.heard = [v for v in every if v.start >= said_by.end()]
        clause.verbs = [v for v in clause.verbs if _binds(clause, v)]
        policy = policy_here and not every
    if conditional and verbs.CONDITION.search(clauses[-1].text):
        for clause in clauses:  # “…，如果您同意的话”
            if not verbs.COMMITTED.search(clause.text):
                clause.verbs = []


def _bring_back(clauses: list[Clause]) -> None:
    """客户要求明天回电，我答应了: his wish became our word."""
    for clause in clauses:
        kept = clause.heard
        clause.verbs = [v for v in kept if _binds(clause, v)]


def _is_future(clause: Clause) -> bool:
    return any(due.at is not None for due in clause.dues) or bool(
        re.match(r"(?:现在?|目前|今天|这次|我们?(?:会|将|现))", clause.text)
    )


def _binds(clause: Clause, verb: Verb) -> bool:
    text = clause.text
    before, after = text[: verb.start], text[verb.end :]
    if verbs.NAME.match(after) or verbs.EVENT_AFTER.match(after) or verbs.UNDONE.match(after):
        return False
    if re.match(r"(?:好|完|过|了)?的(?=[\u4e00-\u9fff])", after):
        return False
    if verbs.DONE.match(after) and not any(d.at and d.start > verb.end for d in clause.dues):
        return False
    if any(due.past for due in clause.dues):
        return False
    if _negated(text, before, verb) or verbs.HEDGED.search(before[-14:]):
        return False
    if asked := verbs.ASKED.search(text):
        ours = verbs.SELF.search(text, asked.end())
        if verb.start >= asked.end() and not (ours and ours.start() < verb.start):
            return False
    already = verbs.ALREADY.search(before)
    if already and not re.search(r"^.{1,6}的", before[already.end() :]):
        since = text[already.end() :]
        arranged = verbs.ARRANGED.search(since)
        ahead = [d for d in clause.dues if d.start >= already.end() and d.at is not None]
        if not (arranged and (ahead or _agreed_then(since, verb, clause))):
            return False
    if verbs.POSSIBLE.search(before[-5:]) and not (
        verbs.GIVEN.search(text) or clause.amounts or clause.dues
    ):
        return False
    if verb.kind in ("reply", "update") and not (clause.dues or verbs.LATER.search(text)):
        return False
    return not (
        verb.kind in ("reply", "update") and re.search(r"(?:告知|告诉)客户$", text[: verb.end])
    )


def _agreed_then(since: str, verb: Verb, clause: Clause) -> bool:
    """已答应客户补发: our word was given, though no date was."""
    return bool(re.match(r"(?:经)?(?:答应|承诺|同意)", since))


def _negated(text: str, before: str, verb: Verb) -> bool:
    cleared = verbs.HARMLESS.sub(lambda m: "＿" * len(m[0]), before + text[verb.start : verb.end])
    cleared = cleared[: len(before)]
    denials = verbs.NOT.finditer(cleared)
    return any(not verbs.AFTER_ALL.search(cleared, m.end()) for m in denials)
