"""Which clauses bind nobody: negated, conditional, a question, heard from the customer, past,
policy, asked of the customer. Pure."""

from __future__ import annotations

import re

from huiyin.journey.promises.rules import verbs
from huiyin.journey.promises.rules.parts import Clause, Verb


def strike(clauses: list[Clause], asks: bool) -> None:
    """Take away the verbs that promise nothing; what went before in the sentence counts."""
    conditional = heard = policy = past = False
    timed = any(clause.dues or clause.amounts for clause in clauses)
    chosen = not verbs.CHOICE.search("，".join(clause.text for clause in clauses))
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
        if said_by is None and any(verbs.ABOUT_CUSTOMER.search(c.text) for c in clauses[:place]):
            said_by = verbs.HEARD_ON.search(text)
        if said_by and text[said_by.end() :].startswith("的"):
            clause.verbs, said_by = [v for v in clause.verbs if v.kind == "reply"], None
        past_here = bool(verbs.PAST.search(text))
        past = past_here or (past and not _is_future(clause))
        policy_here = bool(verbs.POLICY.search(text))
        clause_policy = policy or policy_here
        if not timed and not verbs.ACTS.search(text):
            clause.verbs = [v for v in clause.verbs if v.end == len(text)]
        every = list(clause.verbs)
        sure = bool(verbs.COMMITTED.search(text))
        ours = sure or bool(verbs.OUR_WILL.search(text))
        if (
            is_question
            or not chosen
            or past
            or (verbs.ABOUT_IT.search(text) and not ours)
            or verbs.AS_IT_IS.search(text)
            or (verbs.USUALLY.search(text) and not sure)
            or (clause_policy and not ours)
            or (conditional and not sure)
        ):
            clause.verbs = []
        if heard:
            clause.verbs = []
        elif said_by:
            clause.verbs = [v for v in clause.verbs if v.end <= said_by.start()]
            heard = not verbs.AGREES.search(said_by[0])
            clause.heard = [v for v in every if heard and v.start >= said_by.end()]
        able = [v for v in clause.verbs if _binds(clause, v)]
        if verbs.MOVED.search(text) and clause.dues and not clause.verbs:
            able = _moved(clauses[:place], clause)
        clause.unable = [v for v in every if v not in able]
        clause.verbs = able
        policy = clause_policy and not ours
    if conditional and verbs.CONDITION.search(clauses[-1].text):
        for clause in clauses:  # “…，如果您同意的话”
            if not verbs.COMMITTED.search(clause.text):
                clause.verbs = []


def _moved(before: list[Clause], clause: Clause) -> list[Verb]:
    """师傅上不了门，改到后天: what cannot be done is promised for another day."""
    unable = next((c.unable[-1] for c in before[::-1] if c.unable), None)
    m = verbs.MOVED.search(clause.text)
    return [Verb(unable.kind, m.start(), m.end())] if unable and m else []


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
    if re.match(r"(?:好|完|过|了)?的(?!给您|给客户)(?=[\u4e00-\u9fff])", after):
        return False
    if verbs.TAKES.match(after) or "不了" in text[verb.start : verb.end]:
        return False
    if verbs.DONE.match(after) and not _to_be_done(clause, verb):
        return False
    if verbs.DONE_AT_LAST.match(after) and not any(d.at for d in clause.dues):
        return False
    if any(due.past for due in clause.dues):
        return False
    if _negated(text, before, verb) or verbs.HEDGED.search(before[-14:]):
        return False
    if _is_courtesy(clause, verb):
        return False
    if verb.kind == "reply" and not verb.start and clause.verbs[-1] is not verb:
        return False  # 答复明天送到: what was answered, not that we shall
    if asked := verbs.ASKED.search(text):
        ours = verbs.SELF.search(text, asked.end())
        if verb.end > asked.end() and not (ours and ours.start() < verb.start):
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
    tells = verb.kind in ("reply", "update") or (
        verb.kind == "call" and verbs.REPORTED.search(text[verb.start : verb.end + 2])
    )
    if tells and not (clause.dues or verbs.LATER.search(text)):
        return False
    return not (
        verb.kind in ("reply", "update") and re.search(r"(?:告知|告诉)客户$", text[: verb.end])
    )


def _is_courtesy(clause: Clause, verb: Verb) -> bool:
    """我们会妥善解决您的问题: no date, no sum, nothing done to the customer by this word."""
    if clause.amounts or any(d.at for d in clause.dues):
        return False
    if verbs.COURTESY.search(clause.text, 0, verb.end + 4):
        return True
    at_large = verb.kind in ("repair", "exchange", "resolve") and not clause.dues
    return at_large and not verbs.OF_HIS.search(clause.text)


def _to_be_done(clause: Clause, verb: Verb) -> bool:
    """今天把钱退了 is still to come; 退了58元 is done, unless a date follows."""
    handed = "把" in clause.text[: verb.start]
    return any(d.at and (handed or d.start > verb.end) for d in clause.dues)


def _agreed_then(since: str, verb: Verb, clause: Clause) -> bool:
    """已答应客户补发: our word was given, though no date was."""
    return bool(re.match(r"(?:经)?(?:答应|承诺|同意)", since))


def _negated(text: str, before: str, verb: Verb) -> bool:
    cleared = verbs.HARMLESS.sub(lambda m: "＿" * len(m[0]), before + text[verb.start : verb.end])
    cleared = cleared[: len(before)]
    denials = verbs.NOT.finditer(cleared)
    return any(not verbs.AFTER_ALL.search(cleared, m.end()) for m in denials)
