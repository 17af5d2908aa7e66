"""Findings for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.investigation import actions
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.shown import proofs_for
from huiyin.journey.investigation.words import Cause, Liability, Party

router = Router(tags=["investigation"])


class ShareIn(Schema):
    party: Party = Field(description="RSP.5.1 supplier, RSP.5.2 platform; else as the facet RSP")
    percent: int


class ProofIn(Schema):
    evidence: UUID
    fact: str = Field(description="what it supports")
    place: str = Field("", description="where in it: 03:12–04:05, or the page")


class FindingIn(Schema):
    facts: str = Field(description="what happened, at most 5,000 characters")
    cause: Cause
    liability: Liability | None = Field(None, description="one party; or give shares")
    shares: list[ShareIn] = Field([], description="add up to 100")
    whys: list[str] = Field([], description="five steps at most, the last is the root cause")
    recommendation: str = ""
    proofs: list[ProofIn] = []


class ShareOut(Schema):
    party: str
    percent: int


class ProofOut(Schema):
    evidence: UUID
    name: str
    fact: str
    place: str


class FindingOut(Schema):
    id: int
    facts: str
    cause: str
    cause_group: str = Field(description="product, service, communication, system")
    liability: str
    shares: list[ShareOut]
    whys: list[str]
    recommendation: str
    proofs: list[ProofOut]
    by: str
    at: datetime


def told(finding: Finding, request: HuiyinRequest) -> dict[str, Any]:
    return {
        "id": finding.pk,
        "facts": finding.facts,
        "cause": finding.cause,
        "cause_group": finding.group or "",
        "liability": finding.liability,
        "shares": list(finding.shares.all()),
        "whys": finding.whys,
        "recommendation": finding.recommendation,
        "proofs": [
            {"evidence": p.evidence.uuid, "name": name, "fact": p.fact, "place": p.place}
            for p, name in proofs_for(finding, request.user)
        ],
        "by": finding.by.username,
        "at": finding.at,
    }


@router.get("/complaints/{number}/findings", response=list[FindingOut], summary="Findings")
def list_findings(request: HuiyinRequest, number: str) -> list[dict[str, Any]]:
    """The last first: it counts."""
    found = seen(request, number).findings.select_related("by")
    related = found.prefetch_related("shares", "proofs__evidence__complaint")
    return [told(finding, request) for finding in related[:100]]


@router.post("/complaints/{number}/findings", response={201: FindingOut}, summary="Find (核实)")
def create_finding(request: HuiyinRequest, number: str, data: FindingIn) -> Answer[dict[str, Any]]:
    finding = actions.find(
        seen(request, number),
        by=request.user,
        facts=data.facts,
        cause=data.cause,
        liability=data.liability or "",
        shares=[(one.party, one.percent) for one in data.shares],
        whys=data.whys,
        recommendation=data.recommendation,
        proofs=[actions.Support(str(p.evidence), p.fact, p.place) for p in data.proofs],
    )
    return Answer(201, told(finding, request))
