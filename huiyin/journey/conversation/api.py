"""The conversation for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, File, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions
from huiyin.journey.conversation.models import Evidence, Message

router = Router(tags=["conversation"])


class MessageIn(Schema):
    kind: Literal["inbound", "outbound", "note"]
    text: str = Field(max_length=20_000)
    channel: Channel | None = None


class MessageOut(Schema):
    id: int
    kind: str
    channel: str
    text: str
    by: str
    at: datetime

    @staticmethod
    def resolve_by(message: Message) -> str:
        return message.by.username


class EvidenceOut(Schema):
    uuid: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime


@router.get("/complaints/{number}/messages", response=list[MessageOut], summary="Messages")
def list_messages(request: HuiyinRequest, number: str) -> list[Message]:
    """The last 500, oldest first; internal notes included."""
    complaint = seen(request, number)
    return list(complaint.messages.select_related("by").order_by("-pk")[:500])[::-1]


@router.post("/complaints/{number}/messages", response={201: MessageOut}, summary="Write")
def write_message(request: HuiyinRequest, number: str, data: MessageIn) -> Status[Message]:
    """Reply to the customer, keep an internal note, or take down what the customer said."""
    complaint = seen(request, number)
    channel = data.channel or complaint.channel
    if data.kind == "outbound":
        message = actions.reply(complaint, by=request.user, text=data.text, channel=channel)
    elif data.kind == "inbound":
        message = actions.customer_wrote(
            complaint, by=request.user, text=data.text, channel=channel
        )
    else:
        message = actions.note(complaint, by=request.user, text=data.text)
    return Status(201, message)


@router.post("/complaints/{number}/evidence", response={201: EvidenceOut}, summary="Add a file")
def add_evidence(
    request: HuiyinRequest,
    number: str,
    file: UploadedFile = File(...),  # type: ignore[type-arg]  # noqa: B008
) -> Status[Evidence]:
    """One file, at most 50 MB; images, PDF, Office, text, sound and film."""
    complaint = seen(request, number)
    return Status(201, actions.add_evidence(complaint, by=request.user, upload=file))


@router.get("/complaints/{number}/evidence", response=list[EvidenceOut], summary="Files")
def list_evidence(request: HuiyinRequest, number: str) -> list[Evidence]:
    return list(seen(request, number).evidence.all()[:500])
