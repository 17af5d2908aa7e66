"""A better wording for a sentence that cannot go out as it stands. Pure."""

from __future__ import annotations

import re

from huiyin.journey.promises.rules.parts import Detected

CJK = re.compile(r"[\u3400-\u9fff]")
WILL = re.compile(r"(?:会|将|可以)(?![议员])")
HELPER = re.compile(r"(?:给|为|帮|向|把|跟|与)(?:您|你|客户)?$|[把将][^，。,]{0,14}$")
CLAUSE_START = re.compile(r"[，,。；;：:（(！!？?\n]")


AHEAD = re.compile(r"会|将|再|届时|保证|承诺|一定|给您|为您|will|'ll")


def is_ahead(one: Detected) -> bool:
    """Whether a sentence without a date speaks of what is to come: in a letter of the result
    “换新” tells what was done, “我们会换新” does not."""
    return bool(one.due_at or one.due_words or AHEAD.search(one.sentence))


def with_date(text: str, one: Detected, moment: str) -> str:
    """The sentence with this date in it: in the place of 尽快, or before the act."""
    english = not CJK.search(one.sentence)
    words = f"by {moment}" if english else f"{moment}前"
    exact = one.due_at is not None
    if one.due_words and (exact or not _runs_from_event(text, one)):
        start, end = one.due_words
        if one.start <= start and end <= one.end:
            if text[:start].endswith(("会", "将")):
                words = f"在{words}"
            return text[one.start : start] + words + text[end : one.end]
    if english:
        body = text[one.start : one.end]
        return re.sub(r"([.!?]*)$", rf" {words}\1", body, count=1)
    at = _place(text, one)
    lead = text[one.start : at]
    if WILL.search(lead[-1:]) or lead.endswith(("会", "将")):
        words = f"在{words}"
    if one.due_words and one.due_words[0] < at and _runs_from_event(text, one):
        words = f"、最晚{words}" if not lead.endswith(("，", ",")) else f"最晚{words}"
    return lead + words + text[at : one.end]


def _runs_from_event(text: str, one: Detected) -> bool:
    """收到退货后48小时内: the span stays, and gets a last day beside it."""
    start, end = one.due_words or (0, 0)
    return bool(re.search(r"[\d一二两三四五六七八九十半]", text[start:end]))


def _place(text: str, one: Detected) -> int:
    """Where a date goes: behind 会, else before 给您, else before the verb."""
    clause = one.start
    for mark in CLAUSE_START.finditer(text, one.start, one.verb_at):
        clause = mark.end()
    if one.due_words and clause <= one.due_words[1] <= one.verb_at:
        return one.due_words[1]
    before = text[clause : one.verb_at]
    will = list(WILL.finditer(before))
    if will:
        return clause + will[-1].end()
    helper = HELPER.search(before)
    return clause + helper.start() if helper else one.verb_at


def after_application(one: Detected, what: str, moment: str) -> str:
    """Beyond one's authority nothing is promised but an answer, and until when."""
    if not CJK.search(one.sentence):
        return f"I have to apply for this ({what}) and will reply to you by {moment}."
    return f"关于{what}，我需要先按规定申请，{moment}前给您答复。"
