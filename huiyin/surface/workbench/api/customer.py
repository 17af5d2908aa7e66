"""The customer of a complaint, for programs: masked, and in full with a reason that stays."""

from __future__ import annotations

from typing import Literal

from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.customers import actions
from huiyin.ground.customers.models import Customer
from huiyin.ground.customers.words import Care, Level, Preferred
from huiyin.ground.privacy.actions import reveal
from huiyin.ground.privacy.rules import masked, masked_name
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen

router = Router(tags=["customers"])


class ContactPointOut(Schema):
    kind: str
    shown: str


class CustomerOut(Schema):
    """Name and contact points come masked."""

    name: str
    level: str
    care: list[str]
    language: str
    preferred: str
    note: str
    contacts: list[ContactPointOut]


class CustomerIn(Schema):
    level: Level
    care: list[Care] = []
    language: str = Field("", pattern="^(|zh-hans|en)$")
    preferred: Preferred | Literal[""] = Field("", description="channel of answers")
    note: str = Field("", max_length=500)


class ContactIn(Schema):
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = Field("", max_length=200, description="where letters go; lines are kept")


class RevealIn(Schema):
    reason: str = Field(description="why; it is put on record")


class RevealedOut(Schema):
    name: str
    contacts: list[ContactPointOut]


def _masked(customer: Customer) -> dict[str, object]:
    points = customer.contact_points.all()
    return {
        "name": masked_name(customer.name),
        "level": customer.level,
        "care": customer.care,
        "language": customer.language,
        "preferred": customer.preferred,
        "note": customer.note,
        "contacts": [
            {"kind": point.kind, "shown": masked(point.kind, point.value)} for point in points
        ],
    }


@router.get("/complaints/{number}/customer", response=CustomerOut, summary="The customer, masked")
def get_customer(request: HuiyinRequest, number: str) -> dict[str, object]:
    return _masked(seen(request, number).customer)


@router.put(
    "/complaints/{number}/customer",
    response=CustomerOut,
    summary="Level, care, preferred channel and note",
)
def describe_customer(request: HuiyinRequest, number: str, data: CustomerIn) -> dict[str, object]:
    customer = seen(request, number).customer
    actions.describe(customer, by=request.user, **data.dict())
    customer.refresh_from_db()
    return _masked(customer)


@router.post(
    "/complaints/{number}/customer/contacts",
    response={201: CustomerOut},
    summary="Add a way to reach the customer",
)
def add_contact(request: HuiyinRequest, number: str, data: ContactIn) -> Answer[dict[str, object]]:
    customer = seen(request, number).customer
    actions.add_contact(customer, by=request.user, contact=actions.Contact(**data.dict()))
    customer.refresh_from_db()
    return Answer(201, _masked(customer))


@router.post(
    "/complaints/{number}/customer/reveal",
    response={201: RevealedOut},
    summary="Look behind the mask, with a reason",
)
def reveal_customer(
    request: HuiyinRequest, number: str, data: RevealIn
) -> Answer[dict[str, object]]:
    customer = seen(request, number).customer
    reveal(customer, by=request.user, reason=data.reason, complaint_number=number)
    points = [{"kind": p.kind, "shown": p.shown} for p in customer.contact_points.all()]
    return Answer(201, {"name": customer.name, "contacts": points})
