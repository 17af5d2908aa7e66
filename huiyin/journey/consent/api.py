"""Consent for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.consent import actions
from huiyin.journey.consent.models import Consent
from huiyin.journey.resolution.models import Offer

router = Router(tags=["consent"])


class LinkIn(Schema):
    sends: bool = Field(True, description="by the way that reaches the customer")
    days: int = Field(7, description="1, 3, 7 or 14")


class LinkOut(Schema):
    address: str = Field(description="shown this once")
    expires_at: datetime
    round: int


class ConsentIn(Schema):
    how: str = Field(description="recording, signature, spoken or chat")
    words: str = ""
    evidence: UUID | None = Field(None, description="a recording or paper of this complaint")
    place: str = Field("", description="where in the recording, e.g. 03:12")
    message: int | None = Field(None, ge=1, le=2**62, description="in which the customer says yes")


class ConsentOut(Schema):
    id: int
    offer: int
    how: str
    words: str
    evidence: str | None
    place: str
    message: int | None
    told: dict[str, Any] = Field(description="what the customer said yes to, word for word")
    by: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawal: str

    @staticmethod
    def resolve_offer(one: Consent) -> int:
        return one.offer_id

    @staticmethod
    def resolve_evidence(one: Consent) -> str | None:
        return str(one.evidence.uuid) if one.evidence else None

    @staticmethod
    def resolve_message(one: Consent) -> int | None:
        return one.message_id

    @staticmethod
    def resolve_by(one: Consent) -> str:
        return one.by.username


class WithdrawalIn(Schema):
    words: str = Field(description="why the customer changed his mind")


def _offer(request: HuiyinRequest, number: str, offer_id: int) -> Offer:
    complaint = seen(request, number)
    offer = get_object_or_404(complaint.offers.select_related("remedy"), pk=offer_id)
    offer.complaint = complaint
    return offer


@router.get("/complaints/{number}/consents", response=list[ConsentOut], summary="Consents")
def list_consents(request: HuiyinRequest, number: str) -> list[Consent]:
    found = seen(request, number).consents.select_related("evidence", "by")
    return list(found[:100])


@router.post("/complaints/{number}/consent-links", response={201: LinkOut}, summary="Send a link")
def send_link(request: HuiyinRequest, number: str, data: LinkIn) -> Answer[LinkOut]:
    """For the open options of the newest round; an earlier link ends."""
    link, address = actions.send(seen(request, number), by=request.user, **data.dict())
    told = LinkOut(address=address, expires_at=link.expires_at, round=link.round)
    return Answer(201, told)


@router.post(
    "/complaints/{number}/offers/{offer_id}/consent",
    response={201: ConsentOut},
    summary="The customer said yes",
)
def register(
    request: HuiyinRequest,
    number: str,
    offer_id: int,
    data: Form[ConsentIn],
    upload: File[UploadedFile | None] = None,
) -> Answer[Consent]:
    """With its proof, as form data so that a signed paper may come along."""
    offer = _offer(request, number, offer_id)
    complaint = offer.complaint
    evidence = complaint.evidence.filter(uuid=data.evidence).first() if data.evidence else None
    message = complaint.messages.filter(pk=data.message).first() if data.message else None
    made = actions.register(
        offer,
        by=request.user,
        how=data.how,
        words=data.words,
        evidence=evidence,
        place=data.place,
        upload=upload,
        message=message,
    )
    return Answer(201, made)


@router.post(
    "/complaints/{number}/offers/{offer_id}/consent/withdrawal",
    response=list[ConsentOut],
    summary="The customer agrees no longer",
)
def withdraw(
    request: HuiyinRequest, number: str, offer_id: int, data: WithdrawalIn
) -> list[Consent]:
    offer = _offer(request, number, offer_id)
    actions.withdraw(offer, by=request.user, words=data.words)
    return list(offer.consents.select_related("evidence", "by"))
