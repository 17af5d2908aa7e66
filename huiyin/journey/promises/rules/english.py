"""Promises in English: simpler, by the same conventions. Pure."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from huiyin.journey.promises.rules.dates import Due
from huiyin.journey.promises.rules.days import LAST_YEAR, Today
from huiyin.journey.promises.rules.parts import Detected
from huiyin.journey.promises.rules.text import Plain
from huiyin.journey.promises.words import MONEY
from huiyin.journey.promises.words import PromiseKind as K

VERBS: tuple[tuple[K, str], ...] = (
    (K.EXCHANGE, r"(?:send|ship|get)(?: you)? a (?:new )?replacement|replace[ds]?\b|exchange\b"),
    (K.RESHIP, r"re-?sen[dt]\b|re-?ship|send (?:it|one|them) again|send (?:you )?the missing"),
    (K.CALL, r"(?:call|phone|ring)(?: you)?(?: back)?\b|contact you(?: by phone)?"),
    (
        K.VISIT,
        r"\bvisit(?: you)?\b|come to your (?:home|house|place)|"
        r"send (?:an? (?:engineer|technician|courier)|someone to your)|"
        r"(?:pick up|collect) (?:the|your)\b|(?<=engineer will )arrive|(?<=technician will )arrive",
    ),
    (K.UPDATE, r"\bupdate you\b|keep you (?:informed|updated|posted)|give you an update"),
    (
        K.REPLY,
        r"get back to you|reply(?: to you)?|respond to you|answer(?: you)?\b|let you know|"
        r"inform you|write to you",
    ),
    (
        K.COMPENSATE,
        r"compensate(?: you)?|pay you|(?:give|send) you an? [^.,]{0,20}(?:voucher|coupon)",
    ),
    (
        K.REFUND,
        r"refund(?:ed)?(?: you)?|pay (?:you )?back|return (?:the|your) money|reimburse(?: you)?",
    ),
    (K.REPAIR, r"repair(?:ed)?\b|fix(?:ed)?\b"),
    (K.SEND, r"\bsend\b|\be-?mail\b|\bmail\b|\bship\b|\bpost\b|\bdispatch\b|\bdeliver\b"),
    (K.RESOLVE, r"resolve[d]?\b|settle[d]?\b|sort (?:it|this) out"),
)
VERB = re.compile("|".join(f"(?P<{kind.name}>{p})" for kind, p in VERBS), re.IGNORECASE)
WILL = re.compile(
    r"\b(?:will|shall|'ll|’ll|going to|promise to|undertake to|guarantee to)\b|\w['’]ll\b",
    re.IGNORECASE,
)
NOT = re.compile(
    r"\b(?:not|cannot|never|unable|won['’]t|can['’]t|n['’]t)\b|n['’]t\b", re.IGNORECASE
)
MAYBE = re.compile(r"\b(?:may|might|could|perhaps|possibly|consider)\b", re.IGNORECASE)
# Effort and conduct at large: no word of ours unless a date stands with it.
COURTESY = re.compile(
    r"\b(?:do (?:our|my) (?:very )?(?:best|utmost)|try|strive|aim|hope|endeavou?r|always|"
    r"customers)\b",
    re.IGNORECASE,
)
IF = re.compile(r"\b(?:if|unless|provided|should you|in case)\b", re.IGNORECASE)
SURE = re.compile(r"\b(?:promise|guarantee|certainly|definitely)\b", re.IGNORECASE)
HEARD = re.compile(
    r"\b(?:you|customer|he|she|client)(?: \w+)? "
    r"(?:asked|said|want(?:ed)?|demand(?:ed)?|request(?:ed)?|told|claim(?:ed)?)\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:have|has|had|was|were|did|been|already|yesterday|last (?:week|month|year))\b",
    re.IGNORECASE,
)
USUAL = re.compile(
    r"\b(?:usually|normally|typically|generally|our policy|as a rule|policy)\b", re.IGNORECASE
)
ASKED = re.compile(
    r"^\s*(?:and |then )?(?:please|kindly|you (?:can|may|should|need|must))\b", re.IGNORECASE
)
EVENT = re.compile(
    r"\b(?:once|after|when|as soon as|upon|from receipt|of receipt|of receiving)\b", re.IGNORECASE
)

COUNTED = "zero one two three four five six seven eight nine ten"
WORDS = {word: count for count, word in enumerate(COUNTED.split())}
PASSIVE = re.compile(
    r"\b(?:refund|money|amount)\b.{0,40}?\bwill be "
    r"(?:paid|issued|returned|credited|transferred|sent|in your account)|"
    r"\byou(?: will|'ll) (?:receive|get) (?:your|the|a) "
    r"(?:(?:full )?refund\b|[^.,]{0,20}?\bback\b)",
    re.IGNORECASE,
)
WORDS |= {"a": 1, "an": 1, "fifteen": 15, "thirty": 30, "half an": 0}
N = r"(?:\d{1,6}|zero|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|thirty|an?)"
SPAN = re.compile(
    rf"(?:\b(?:within|in)\s+(?:the next\s+)?)(?:(?P<low>{N})\s*(?:-|–|to|or)\s*)?(?P<n>{N})\s+"
    r"(?P<unit>(?:business|working|work)\s+days?|days?|hours?|minutes?|weeks?|months?)",
    re.IGNORECASE,
)
HALF = re.compile(r"\b(?:within|in) half an hour\b", re.IGNORECASE)
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
CLOCK = (
    r"(?:\s*,?\s*(?:by|at|before)?\s*(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*"
    r"(?P<half>am|pm|a\.m\.|p\.m\.|(?<=:\d\d)))?"
)
NAMED = re.compile(
    rf"\b(?P<next>next |this )?(?P<day>today|tonight|tomorrow|{'|'.join(DAYS)})\b"
    rf"(?: (?P<part>morning|afternoon|evening)\b)?{CLOCK}",
    re.IGNORECASE,
)
CLOCK_FIRST = re.compile(
    rf"\b(?:by|at|before)\s+(?P<hour>\d{{1,2}}|noon)(?::(?P<minute>\d{{2}}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?\s*"
    rf"(?:on\s+)?(?P<next>next |this )?(?P<day>today|tomorrow|{'|'.join(DAYS)})\b",
    re.IGNORECASE,
)
MONTHS = "|".join(list(months.month_name)[1:] + [f"{m}\\.?" for m in list(months.month_abbr)[1:]])
DATED = re.compile(
    rf"\b(?:(?P<m1>{MONTHS})\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{MONTHS}))"
    rf"(?:,?\s+(?P<year>20\d\d))?\b{CLOCK}",
    re.IGNORECASE,
)
END_OF = re.compile(
    r"\b(?:by |before )?(?:the )?end of (?:the |this )?"
    r"(?P<what>day|today|month|week|business|year)|\bend of business\b",
    re.IGNORECASE,
)
LATER_TODAY = re.compile(r"\bthis (?P<part>morning|afternoon|evening)\b", re.IGNORECASE)
SOON = re.compile(
    r"\b(?:shortly|soon|asap|as soon as possible|immediately|right away|promptly|at once)\b",
    re.IGNORECASE,
)
SUM = re.compile(
    r"(?:[¥￥]|\b(?:RMB|CNY)\s{0,3})\s{0,3}(?P<a>\d[\d,]{0,15}(?:\.\d{1,2})?)|(?P<b>(?<!\d)\d[\d,]{0,15}(?:\.\d{1,2})?)\s{0,3}(?:yuan|RMB|CNY)\b",
    re.IGNORECASE,
)
ROUGH = re.compile(r"\b(?:about|around|up to|at least|roughly|approximately)\s*$", re.IGNORECASE)
CLAUSE = re.compile(r",(?!\d{3})|\bbut\b|\band\b(?= (?:we|I)\b)|\(|\)|\s-\s")
FULL_STOP = re.compile(r"(?<![ap]\.m)(?<!\b[ap])\.(?=\s|$)")


@dataclass
class _Found:
    kind: str
    start: int
    end: int
    due: Due | None
    fen: int


def detect(read: Plain, start: int, end: int, today: Today) -> list[Detected]:
    """Of text[start:end], which holds no Chinese."""
    found: list[Detected] = []
    at = start
    for stop in [*(m.end() for m in FULL_STOP.finditer(read.masked, start, end)), end]:
        if read.masked[at:stop].strip():
            found += _sentence(read, at, stop, today)
        at = stop
    return found


def _sentence(read: Plain, start: int, end: int, today: Today) -> Iterator[Detected]:
    text = read.masked[start:end]
    if text.rstrip().endswith("?") or (IF.search(text) and not SURE.search(text)):
        return
    last: list[_Found] = []
    every: list[_Found] = []
    at = 0
    event = False
    for stop in [*(m.start() for m in CLAUSE.finditer(text)), len(text)]:
        found = list(_clause(text[at:stop], at, today))
        if not found and last:
            loose = next(iter(_dues(text[at:stop], at, today)), None)
            for one in last:
                one.due = one.due or loose
        if event:
            for one in found:
                one.due = Due(one.due.start, one.due.end, None) if one.due else None
        event = not found and bool(EVENT.search(text[at:stop]))
        every += found
        last, at = found or last, stop
    first, _end = read.back(start, end)
    whole = read.original[first : read.back(start, end)[1]]
    lead = len(whole) - len(whole.lstrip())
    for one in every:
        verb_at, verb_end = read.back(start + one.start, start + one.end)
        due_from, due_to = (
            read.back(start + one.due.start, start + one.due.end) if one.due else (0, 0)
        )
        yield Detected(
            kind=one.kind,
            sentence=whole.strip(),
            start=first + lead,
            end=first + lead + len(whole.strip()),
            verb_at=verb_at,
            verb=read.original[verb_at:verb_end],
            due_at=one.due.at if one.due else None,
            due_from=due_from,
            due_to=due_to,
            amount_fen=one.fen,
        )


def _clause(text: str, offset: int, today: Today) -> Iterator[_Found]:
    will = WILL.search(text)
    if not will or ASKED.search(text) or HEARD.search(text) or USUAL.search(text):
        return
    if NOT.search(text) or MAYBE.search(text) or PAST.search(text[: will.start()]):
        return
    dues = _dues(text, offset, today)
    if COURTESY.search(text) and not any(d.at for d in dues):
        return
    if EVENT.search(text):
        dues = [Due(d.start, d.end, None) if d.relative else d for d in dues]
    if m := PASSIVE.search(text):
        real = [d for d in dues if d.at is not None] or dues
        yield _Found(str(K.REFUND), offset + m.start(), offset + m.end(), *_one(real, text))
        return
    seen: set[str] = set()
    at = will.end()
    while m := VERB.search(text, at):
        at = m.end()
        kind = str(K[m.lastgroup or ""])
        if kind in seen or text[: m.start()].rstrip().endswith(("a", "the", "your", "this")):
            continue
        seen.add(kind)
        fen = _sum(text) if kind in MONEY else 0
        due = _nearest(dues, offset + m.start(), text, m.end(), offset)
        yield _Found(kind, offset + m.start(), offset + m.end(), due, fen)


def _one(real: list[Due], text: str) -> tuple[Due | None, int]:
    return (real[0] if real else None), _sum(text)


def _nearest(dues: list[Due], verb_at: int, text: str, end: int, offset: int) -> Due | None:
    """The first date between this verb and the next one, else the last before it, else any."""
    real = [d for d in dues if d.at is not None] or dues
    following = VERB.search(text, end)
    until = offset + following.start() if following else offset + len(text)
    after = [d for d in real if verb_at <= d.start < until]
    before = [d for d in real if d.start < verb_at]
    return next(iter(after[:1] or before[-1:] or real[:1]), None)


def _sum(text: str) -> int:
    for m in SUM.finditer(text):
        if not ROUGH.search(text[: m.start()]):
            return round(float((m["a"] or m["b"]).replace(",", "")) * 100)
    return 0


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else WORDS.get(word.lower(), 0)


def _dues(text: str, offset: int, today: Today) -> list[Due]:
    found = [Due(offset + s, offset + e, at, relative=r) for s, e, at, r in _moments(text, today)]
    kept: list[Due] = []
    for one in sorted(found, key=lambda d: (d.start, -d.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _moments(text: str, today: Today) -> Iterator[tuple[int, int, datetime | None, bool]]:
    for m in SPAN.finditer(text):
        yield m.start(), m.end(), _span(m, today), True
    for m in HALF.finditer(text):
        yield m.start(), m.end(), today.now + timedelta(minutes=30), True
    for pattern in (CLOCK_FIRST, NAMED):
        for m in pattern.finditer(text):
            yield m.start(), m.end(), _ahead(_named(m, today), today), False
    for m in DATED.finditer(text):
        yield m.start(), m.end(), _ahead(_dated(m, today), today), False
    for m in END_OF.finditer(text):
        yield m.start(), m.end(), _ahead(_end_of(m["what"] or "day", today), today), False
    for m in LATER_TODAY.finditer(text):
        hour = {"m": 12, "a": 18, "e": 23}[m["part"][0].lower()]
        yield m.start(), m.end(), _ahead(today.at(today.day, time(hour)), today), False
    for m in SOON.finditer(text):
        yield m.start(), m.end(), None, False


def _ahead(at: datetime | None, today: Today) -> datetime | None:
    return at if at is not None and at > today.now else None


def _span(m: re.Match[str], today: Today) -> datetime | None:
    count, unit = _number(m["n"]), m["unit"].lower()
    if count <= 0 or count > 400:
        return None
    if "work" in unit or "business" in unit:
        return today.at(today.works.workday_after(today.day, count))
    if unit.startswith("hour"):
        return today.now + timedelta(hours=count)
    if unit.startswith("minute"):
        return today.now + timedelta(minutes=count)
    days = count * {"d": 1, "w": 7, "m": 30}[unit[0]]
    return today.end_of(today.day + timedelta(days=days))


def _clock(m: re.Match[str]) -> time:
    if not m["hour"]:
        return time(18)
    if m["hour"].lower() == "noon":
        return time(12)
    hour, half = int(m["hour"]), (m["half"] or "").lower()
    hour += 12 if half.startswith("p") and hour < 12 else 0
    return time(hour % 24, int(m["minute"] or 0) % 60)


def _named(m: re.Match[str], today: Today) -> datetime:
    day, clock = m["day"].lower(), _clock(m)
    if not m["hour"] and (m.groupdict().get("part") or "").lower() == "morning":
        clock = time(12)
    if day in ("today", "tonight", "tomorrow"):
        if day == "tonight":
            return today.end_of(today.day)
        return today.at(today.day + timedelta(days=day == "tomorrow"), clock)
    monday = today.day - timedelta(days=today.day.weekday())
    named = monday + timedelta(days=DAYS.index(day))
    if (m["next"] or "").lower().startswith("next"):
        return today.at(named + timedelta(days=7), clock)
    at = today.at(named, clock)
    return at if at > today.now else today.at(named + timedelta(days=7), clock)


def _dated(m: re.Match[str], today: Today) -> datetime | None:
    name = (m["m1"] or m["m2"])[:3].title()
    month, day = list(months.month_abbr).index(name), int(m["d1"] or m["d2"])
    year = int(m["year"]) if m["year"] else today.day.year
    for try_year in (year, year + 1):
        if day > months.monthrange(try_year, month)[1]:
            return None
        found = today.day.replace(year=try_year, month=month, day=day)
        if m["year"] or (today.day - found).days <= LAST_YEAR:
            return today.at(found, _clock(m))
    return None


def _end_of(what: str, today: Today) -> datetime:
    what = what.lower()
    if what == "month":
        last = months.monthrange(today.day.year, today.day.month)[1]
        return today.at(today.day.replace(day=last))
    if what == "week":
        return today.at(today.day + timedelta(days=6 - today.day.weekday()))
    if what == "year":
        return today.at(today.day.replace(month=12, day=31))
    return today.at(today.day)
