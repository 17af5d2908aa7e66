"""What may be grouped and taken back, when to split, and the words of a joint text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from huiyin.journey.complaint.words import Severity, Status, What
from huiyin.journey.grouping.words import SplitReason

MOST_MEMBERS = 50  # of one merge; more than that is a mass incident
MOST_ITEMS = 6
LEAST_ITEMS = 2
MOST_JOINED_AT_ONCE = 500
COPIES_A_ROUND = 50  # messages of joint notices that the worker writes at one look
LONGEST_REASON = 300
LONGEST_TITLE = 80
LONGEST_ENTRY = 5000

# While an offer waits, is carried out or was just told, a promise to this customer stands open.
UNDER_PROMISE = frozenset({Status.PAP, Status.EXE, Status.RES, Status.FUV})
# While it stands still for somebody else, nobody could set it going again under another number.
STANDING_STILL = frozenset({Status.W3P, Status.SUS})
# These ended by themselves: a joint notice no longer concerns them.
GONE = (Status.REJ, Status.TRF, Status.WDR, Status.CAN)

# What may have happened to an item that is to be taken back: nothing that a customer knows of.
HARMLESS = frozenset(
    {
        What.RECEIVED,
        What.TRIAGED,
        What.RECLASSIFIED,
        What.SPLIT,
        What.DISPATCHED,
        What.ACCEPTED,
        What.RETURNED,
        What.HANDED_OVER,
        What.PULLED_BACK,
        What.OWNER_CHANGED,
        What.RUNG,
        What.RING_PASSED,
        What.CLOCK_WARNED,
        What.CLOCK_MISSED,
        What.REMINDED,
        What.LATE_NOTICE,
        What.URGED,
        What.ESCALATED,
        What.NOTED,
        What.EVIDENCE_ADDED,
        What.LINKED,
        What.UNLINKED,
        What.INCIDENT_JOINED,
        What.INCIDENT_LEFT,
    }
)


def may_undo(at: datetime, now: datetime, days: int) -> bool:
    return now - at <= timedelta(days=days)


def lowers(severity: int | None, into: int | None) -> bool:
    """Whether an S1 would hide behind something less."""
    return severity == Severity.S1 and into != Severity.S1


def beyond_undoing(whats: Iterable[str]) -> list[What]:
    """What happened since that nobody can take back."""
    return list(dict.fromkeys(What(what) for what in whats if what not in HARMLESS))


# --- when one complaint should be several (domain §7.6) ---------------------------------------

# A report tells the authorities' side of a matter: somebody breaks the law, and should be stopped.
REPORT = re.compile(
    r"举报|偷税|漏税|逃税|不开发票|拒开发票|无证经营|无照|三无产品|假冒伪劣|虚假宣传|虚假广告"
    r"|非法添加|违法|查处|取缔|吊销"
)
# A complaint asks for something for oneself.
REMEDY = re.compile(
    r"退款|退钱|退货|换货|赔偿|赔我|补偿|维修|修好|更换|退还|退一赔|给我个说法|解决|道歉"
)
APART = re.compile(r"[、,，;；/]|和|与|及")
COUNTED = re.compile(
    r"(?:^|[\n。；;！!])[^\S\n]{0,20}(?:第?[一二三四五六七八九]|[1-9])\s{0,3}[、.．，,)）]"
)
SENTENCE = re.compile(r"[^。！!？?；;\n]+[。！!？?；;\n]*")


def split_reasons(text: str, wanted: str = "", concerning: str = "") -> list[SplitReason]:
    """Why this should be split, the weightiest first; empty when nothing speaks for it."""
    found = []
    if REPORT.search(text + wanted) and REMEDY.search(text + wanted):
        found.append(SplitReason.MIXED)
    if len(respondents(concerning)) > 1:
        found.append(SplitReason.RESPONDENTS)
    if len(COUNTED.findall(text)) > 1:
        found.append(SplitReason.MATTERS)
    return found


def respondents(concerning: str) -> list[str]:
    """“华东仓、顺达快递” names two."""
    return [part.strip() for part in APART.split(concerning) if len(part.strip()) > 1]


def proposed_items(text: str, wanted: str = "", concerning: str = "") -> list[dict[str, str]]:
    """What the items could be, to begin with: the report apart, one per respondent or point."""
    reasons = split_reasons(text, wanted, concerning)
    if SplitReason.MATTERS in reasons:
        return _by_points(text)
    if SplitReason.MIXED in reasons:
        sentences = SENTENCE.findall(text)
        report = "".join(s for s in sentences if REPORT.search(s)).strip()
        rest = "".join(s for s in sentences if not REPORT.search(s)).strip()
        return [{"text": rest or text, "wanted": wanted}, {"text": report or text}]
    if SplitReason.RESPONDENTS in reasons:
        named = respondents(concerning)[:MOST_ITEMS]
        return [{"text": text, "concerning": one, "wanted": wanted} for one in named]
    return []


def _by_points(text: str) -> list[dict[str, str]]:
    starts = [found.start() for found in COUNTED.finditer(text)][:MOST_ITEMS]
    ends = [*starts[1:], len(text)]
    return [
        {"text": text[start:end].strip(" \n。；;")} for start, end in zip(starts, ends, strict=True)
    ]


# --- joint texts ------------------------------------------------------------------------------

PLACEHOLDER = re.compile(r"\{(\w+)\}")
PLACEHOLDERS = ("number", "name", "organisation")


def filled(text: str, values: Mapping[str, str]) -> str:
    """`{number}`, `{name}`, `{organisation}` for each customer; others stay as they are written."""
    return PLACEHOLDER.sub(
        lambda found: values.get(found[1], "") if found[1] in PLACEHOLDERS else found[0], text
    )
