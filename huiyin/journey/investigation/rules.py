"""When something may still be found; shares, the main party, what a later finding changed. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.words import Status
from huiyin.journey.investigation.words import Cause, CauseGroup, Party

# From the signature to the closing: whoever forgot it can still write it before he closes.
FINDABLE = frozenset(
    {*WORKING, Status.RWK, Status.PAP, Status.EXE, Status.RES, Status.FUV},
)
MOST_WHYS = 5
LONGEST_WHY = 500
LONGEST_RECOMMENDATION = 2000
LONGEST_FACT = 300
MOST_PROOFS = 50
GROUPS: dict[CauseGroup, tuple[Cause, ...]] = {
    CauseGroup.PRODUCT: (Cause.PRODUCT, Cause.THIRD_PARTY),
    CauseGroup.SERVICE: (Cause.PROMISE, Cause.PEOPLE, Cause.PROCESS, Cause.MANAGEMENT),
    CauseGroup.COMMUNICATION: (Cause.COMMUNICATION, Cause.EXPECTATION),
    CauseGroup.SYSTEM: (Cause.SYSTEM,),
}
SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]*")


def may_be_found(status: str) -> bool:
    return status in FINDABLE


def group_of(cause: str) -> CauseGroup | None:
    """The group in which a cause stands."""
    return next((group for group, causes in GROUPS.items() if cause in causes), None)


def shares_fault(shares: Sequence[tuple[str, int]]) -> str:
    """What is wrong with shares: unknown, twice, range, sum; "" when nothing is."""
    parties = [party for party, _percent in shares]
    if set(parties) - set(Party.values):
        return "unknown"
    if len(set(parties)) < len(parties):
        return "twice"
    if any(not 1 <= percent <= 100 for _party, percent in shares):
        return "range"
    return "" if sum(percent for _party, percent in shares) == 100 else "sum"


def main_facet(shares: Sequence[tuple[str, int]]) -> str:
    """The facet (RSP.1 … RSP.6) that carries most; of equals the one that is named first."""
    carried: dict[str, int] = {}
    for party, percent in shares:
        carried[facet_of(party)] = carried.get(facet_of(party), 0) + percent
    return max(carried, key=lambda facet: carried[facet], default="")


def facet_of(party: str) -> str:
    """RSP.5.1 → RSP.5: the supplier is one of “platform, payment or supplier”."""
    return ".".join(party.split(".")[:2])


def whys_of(lines: Iterable[str]) -> list[str]:
    """The steps that were written, in order; gaps close."""
    return [line for line in (" ".join(one.split()) for one in lines) if line]


@dataclass(frozen=True)
class Part:
    """A piece of text: `kept`, `gone`, or `new`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One field of a finding that the next one says otherwise."""

    name: str
    parts: tuple[Part, ...]


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """What the later finding says otherwise, sentence by sentence, field by field."""
    return [
        Change(name, tuple(_parts(before.get(name, ""), text)))
        for name, text in after.items()
        if before.get(name, "") != text
    ]


def _parts(before: str, after: str) -> Iterable[Part]:
    old, new = SENTENCE.findall(before), SENTENCE.findall(after)
    # A line that is no longer the last one is the same line.
    ends = ([line.rstrip() for line in old], [line.rstrip() for line in new])
    matcher = difflib.SequenceMatcher(a=ends[0], b=ends[1], autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if op == "equal" and come:
            yield Part("kept", come)
        if op in ("replace", "delete") and gone:
            yield Part("gone", gone)
        if op in ("replace", "insert") and come:
            yield Part("new", come)
