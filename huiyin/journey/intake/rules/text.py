"""What may be said, and how it is said back. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from huiyin.ground.sentence import sentence as _

LONGEST_TEXT = 20_000  # characters: the longest letter in our sources has 8,000
LONGEST_SUBJECT = 40
SHORT_CLAUSE = 8  # a clause of fewer characters says too little by itself: "你好", "上周"

# Blanks and line ends are kept, every other control character says nothing to a reader.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
# Titles, salutations and greetings say nothing of what it is about.
GREETING = re.compile(
    r"^(?:(?:(?:你|您)们?好|(?:早上|上午|中午|下午|晚上)好|喂+|嗨|请问|hello|hi)(?:\s|[,，。.!！~:：])*"
    r"|(?:尊敬的|敬爱的|dear\s)[^\n:：,，]{1,30}[:：,，]\s*"
    r"|[^\n:：,，。！？]{1,24}[:：][ \t]*\n\s*"
    r"|(?:投诉|举报|申诉|建议|反映|求助)(?:信|书|函)[ \t]*\n\s*)",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[，,。！？!?；;\n…]|\.(?=\s|$)")
SENTENCE_END = re.compile(r"[。！？!?；;\n…]|\.(?=\s|$)")
LONGEST_RESTATED = 90


def text_fault(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """The sentence that says why this text cannot be taken; "" when it can."""
    if "\x00" in text or SURROGATE.search(text):
        return _("内容里有无法保存的字符，请删除后重新输入")
    if len(text) > longest:
        return _("内容太长：最多 %(longest)s 字，现在 %(length)s 字，请精简或作为附件上传") % {
            "longest": longest,
            "length": len(text),
        }
    return ""


def cleaned(text: str) -> str:
    """One kind of line end, no control or direction-turning characters, no blanks around."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def subject_from(text: str) -> str:
    """What it is about in at most 40 characters: the first clause that says enough."""
    rest = cleaned(text)
    while (found := GREETING.match(rest)) and found.end():
        rest = rest[found.end() :]
    clauses = [clause.strip() for clause in CLAUSE_END.split(rest)]
    clauses = [clause for clause in clauses if clause]
    if not clauses:
        return rest[:LONGEST_SUBJECT] or _("（无文字说明）")
    subject = clauses[0]
    for clause in clauses[1:]:
        if len(subject) >= SHORT_CLAUSE or len(subject) + 1 + len(clause) > LONGEST_SUBJECT:
            break
        subject = f"{subject}，{clause}"
    if len(subject) > LONGEST_SUBJECT:
        subject = subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
    return subject


# Longest first, one pass: 我们 must not become 您们, nor 你们 first 我们 and then 您们.
TURNED = {
    "我们": "你们",
    "咱们": "你们",
    "你们": "我们",
    "您们": "我们",
    "我": "您",
    "你": "我们",
    "您": "我们",
}
TURNS = re.compile("|".join(sorted(TURNED, key=len, reverse=True)))
NO_PERSON = re.compile("自我|我国|我司")


def turned(text: str) -> str:
    """The customer's words from our mouth: 我的手机 → 您的手机, 你们不管 → 我们不管."""
    kept = NO_PERSON.findall(text)
    marked = NO_PERSON.sub("\ufffc", text)
    said = TURNS.sub(lambda found: TURNED[found[0]], marked)
    for word in kept:
        said = said.replace("\ufffc", word, 1)
    return said


def restated(text: str, wanted: str = "") -> str:
    """The sentence to say back to the customer (domain §6.4): 您是说…，希望…，对吗？

    "" while there is too little to restate.
    """
    rest = cleaned(text)
    while (found := GREETING.match(rest)) and found.end():
        rest = rest[found.end() :]
    sentences = [s.strip(" ，,") for s in SENTENCE_END.split(rest)]
    sentences = [s for s in sentences if len(s) > 1]
    if not sentences:
        return ""
    said = sentences[0]
    for sentence in sentences[1:]:
        if len(said) + 1 + len(sentence) > LONGEST_RESTATED:
            break
        said = f"{said}，{sentence}"
    if len(said) > LONGEST_RESTATED:
        said = said[: LONGEST_RESTATED - 1].rstrip("，, ") + "…"
    said = turned(said)
    wish = turned(cleaned(wanted)).rstrip("。.！!")[:60]
    if wish:
        wish = re.sub(r"^(?:希望|要求?|想要?)", "", wish)
        return _("您是说%(said)s，希望%(wish)s，对吗？") % {"said": said, "wish": wish}
    return _("您是说%(said)s，对吗？您希望我们怎样处理？") % {"said": said}


def spoken_code(code: str) -> str:
    """A tracking code in groups that can be read out: ABCDE-FGHJK-…; none shorter than five."""
    whole = len(code) // 5 or 1
    cuts = [5 * i for i in range(whole)] + [len(code)]
    return "-".join(code[a:b] for a, b in pairwise(cuts))
