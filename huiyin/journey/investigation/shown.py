"""How a finding is drawn: the bar of shares, its proofs, what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.investigation import rules
from huiyin.journey.investigation.models import Finding, Proof
from huiyin.journey.investigation.words import Party


@dataclass(frozen=True)
class Piece:
    """A part of the bar: from `at` on, `percent` wide; `tone` is its colour, one for each party."""

    party: str
    label: Any
    percent: int
    at: int

    @property
    def tone(self) -> str:
        return self.party.replace("RSP.", "").replace(".", "-")


def bar(finding: Finding) -> list[Piece]:
    """The shares side by side, the largest first; without shares nothing is drawn."""
    shares = sorted(finding.shares.all(), key=lambda share: -share.percent)
    pieces, at = [], 0
    for share in shares:
        pieces.append(Piece(share.party, Party(share.party).label, share.percent, at))
        at += share.percent
    return pieces


def proofs_for(finding: Finding, reader: User) -> list[tuple[Proof, str]]:
    """Each proof with the name of its evidence, or without where this reader may not open it."""
    return [
        (one, one.evidence.name if can_open_evidence(reader, one.evidence) else str(_("敏感证据")))
        for one in finding.proofs.all()
    ]


def as_text(finding: Finding, reader: User) -> dict[str, str]:
    """What it says, field by field, for telling the difference."""
    shares = "；".join(f"{piece.label} {piece.percent}%" for piece in bar(finding))
    return {
        str(_("事实")): finding.facts,
        str(_("成因")): str(finding.get_cause_display()),
        str(_("责任")): shares or str(finding.get_liability_display()),
        str(_("追问五个为什么")): "\n".join(finding.whys),
        str(_("建议")): finding.recommendation,
        str(_("证据")): "\n".join(
            f"{name}{' ' + one.place if one.place else ''}：{one.fact}"
            for one, name in proofs_for(finding, reader)
        ),
    }


def differences(found: list[Finding], reader: User) -> list[tuple[Finding, list[rules.Change]]]:
    """Each later finding with what it says otherwise than the one before; the last first."""
    pairs = pairwise(found)
    return [
        (after, rules.changes(as_text(before, reader), as_text(after, reader)))
        for after, before in pairs
    ]
