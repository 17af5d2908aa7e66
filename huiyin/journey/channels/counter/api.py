"""The counter for programs: an app on a tablet of one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Body, Field, Query, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.counter import actions, lists, views
from huiyin.journey.channels.counter.models import Walkin
from huiyin.journey.channels.counter.permissions import can_serve
from huiyin.journey.complaint.models import Complaint

router = Router(tags=["counter"])


class BeginIn(Schema):
    key: UUID | None = Field(None, description="yours; sent again with it, it is the same visit")


class ContentIn(Schema):
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    order_no: str = ""
    happened_on: str = ""
    amount: str = ""
    text: str = ""
    wanted: str = ""


class WalkinOut(Schema):
    key: UUID
    state: str
    content: dict[str, Any]
    digest: str = Field(description="of what the customer reads; goes back with his signature")
    complaint: str | None
    at: datetime

    @staticmethod
    def resolve_complaint(walkin: Walkin) -> str | None:
        return walkin.complaint.number if walkin.complaint else None


class WalkinsIn(Schema):
    q: str = ""
    before: int | None = None


class WalkinPage(Schema):
    items: list[WalkinOut]
    before: int | None


class SignIn(Schema):
    digest: str = Field(max_length=64)
    strokes: str = Field("", description="JSON: lists of [x, y], 3000 wide and 1000 high")
    typed_name: str = ""
    agreed: bool = False


class NumberOut(Schema):
    number: str


@router.get("/counter", response=WalkinPage, summary="Visits that were registered")
def list_visits(request: HuiyinRequest, wanted: Query[WalkinsIn]) -> dict[str, Any]:
    can_serve.require(request.user, None)
    typed = {name: str(value) for name, value in wanted.dict().items() if value is not None}
    items, before = lists.page(lists.read(typed), request.user)
    return {"items": items, "before": before}


@router.post("/counter", response={201: WalkinOut}, summary="Begin a visit")
def begin_visit(request: HuiyinRequest, data: Body[BeginIn | None] = None) -> Answer[Walkin]:
    return Answer(201, actions.begin(by=request.user, key=data.key if data else None))


@router.get("/counter/{key}", response=WalkinOut, summary="A visit of one's own")
def read_visit(request: HuiyinRequest, key: UUID) -> Walkin:
    return views.own(request, key)


@router.put("/counter/{key}", response=WalkinOut, summary="What is typed so far")
def save_visit(request: HuiyinRequest, key: UUID, data: ContentIn) -> Walkin:
    walkin = views.own(request, key)
    actions.save(walkin, by=request.user, content=data.dict())
    return walkin


@router.post("/counter/{key}/show", response=WalkinOut, summary="The customer reads it over")
def show_visit(request: HuiyinRequest, key: UUID) -> Walkin:
    walkin = views.own(request, key)
    actions.show(walkin, by=request.user)
    return walkin


@router.post("/counter/{key}/back", response=WalkinOut, summary="It is written again")
def back_visit(request: HuiyinRequest, key: UUID) -> Walkin:
    walkin = views.own(request, key)
    actions.back(walkin, by=request.user)
    return walkin


@router.post("/counter/{key}/sign", response=NumberOut, summary="He signs: it is a complaint")
def sign_visit(request: HuiyinRequest, key: UUID, data: SignIn) -> Complaint:
    """Sent again with the same digest, it is the same complaint."""
    return actions.sign(views.own(request, key), by=request.user, **data.dict())


@router.post("/counter/{key}/drop", response=WalkinOut, summary="No complaint; it is forgotten")
def drop_visit(request: HuiyinRequest, key: UUID) -> Walkin:
    walkin = views.own(request, key)
    actions.drop(walkin, by=request.user)
    return walkin


@router.get("/counter/{key}/receipt", summary="The receipt as PDF")
def visit_receipt(request: HuiyinRequest, key: UUID) -> HttpResponse:
    walkin = views.done(request, key)
    code = views.code_of(request, walkin)
    return views.as_pdf(actions.receipt_pdf(walkin, code=code), walkin)
