"""Findings for programs."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.investigation import actions
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.words import Cause, Liability

router = Router(tags=["investigation"])


class FindingIn(Schema):
    facts: str = Field(description="what happened, at most 5,000 characters")
    cause: Cause
    liability: Liability


class FindingOut(Schema):
    id: int
    facts: str
    cause: str
    liability: str
    by: str
    at: datetime

    @staticmethod
    def resolve_by(finding: Finding) -> str:
        return finding.by.username


@router.get("/complaints/{number}/findings", response=list[FindingOut], summary="Findings")
def list_findings(request: HuiyinRequest, number: str) -> list[Finding]:
    return list(seen(request, number).findings.select_related("by")[:100])


@router.post("/complaints/{number}/findings", response={201: FindingOut}, summary="Find (核实)")
def create_finding(request: HuiyinRequest, number: str, data: FindingIn) -> Answer[Finding]:
    return Answer(201, actions.find(seen(request, number), by=request.user, **data.dict()))
