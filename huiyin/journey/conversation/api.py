"""The conversation for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Header, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions
from huiyin.journey.conversation.models import Custody, Evidence, Message, Part
from huiyin.journey.conversation.permissions import can_hold, can_open_evidence
from huiyin.journey.conversation.ways import Way, ways_of
from huiyin.journey.conversation.words import EvidenceKind, PrivacyLevel, Source

router = Router(tags=["conversation"])


class MessageIn(Schema):
    kind: Literal["inbound", "outbound", "note"]
    text: str = Field(max_length=20_000)
    channel: Channel | None = None
    waived: list[str] = Field(
        [], max_length=20, description="sentences that read like a promise and are none"
    )
    spoken: bool = Field(False, description="of a note: it tells what was said to the customer")
    planned_at: datetime | None = Field(
        None, description="of a reply that can wait: when it leaves; without it in ten seconds"
    )
    attached: list[UUID] = Field(
        [], max_length=20, description="files of the complaint that go with a reply"
    )


class PartOut(Schema):
    """One message of a reply that leaves as several."""

    file: UUID | None = Field(None, description="the evidence that it carries; null: the words")
    state: str = Field(description="waiting, begun, sent, failed, unknown")
    reach: str = Field(description="what the other side told since: delivered, read, missed")
    error: str

    @staticmethod
    def resolve_file(part: Part) -> UUID | None:
        return part.evidence.uuid if part.evidence is not None else None


class TakesOut(Schema):
    kind: str
    endings: list[str] = Field(description="empty: whatever may be kept")
    most: int = Field(description="bytes of each")
    least: int


class WayOut(Schema):
    """One way of answering, for this complaint, now."""

    value: str
    label: str
    told: str
    closed: str = Field(description="why it cannot be chosen; empty: it can")
    refusal: str = Field(description="the same as a sentence that says what to do")
    is_carried: bool = Field(description="whether it leaves the house; else it is kept on record")
    most: int = Field(description="characters")
    until: datetime | None = Field(description="when its window closes")
    most_bytes: int = Field(description="of files together; 0: none can go with it")
    most_files: int = Field(description="0: as many as one likes")
    takes: list[TakesOut] = Field(description="sorts of files; empty: whatever may be kept")
    no_files: str = Field(description="why no file can go now")


class MessageOut(Schema):
    id: int
    kind: str
    channel: str
    text: str
    by: str
    at: datetime

    delivery: str = Field(
        "", description="of a reply that is carried: queued, sent, failed, held, undone…"
    )
    leaves_at: datetime | None = Field(None, description="as long as it can be taken back")
    parts: list[PartOut] = Field(
        [], description="of a reply whose files leave as messages of their own: each of them"
    )

    @staticmethod
    def resolve_by(message: Message) -> str:
        return message.by.username

    @staticmethod
    def resolve_delivery(message: Message) -> str:
        letter = getattr(message, "letter", None)
        return letter.state if letter else ""

    @staticmethod
    def resolve_parts(message: Message) -> list[Part]:
        letter = getattr(message, "letter", None)
        return list(letter.parts.all()) if letter is not None and letter.pk else []

    @staticmethod
    def resolve_leaves_at(message: Message) -> datetime | None:
        letter = getattr(message, "letter", None)
        return letter.next_try_at if letter and letter.pending else None


class PlanIn(Schema):
    planned_at: datetime | None


def _aware(at: datetime | None) -> datetime | None:
    return timezone.make_aware(at) if at is not None and timezone.is_naive(at) else at


class PointIn(Schema):
    point: int | None = Field(None, description="one of his addresses; null: where it went")


class DeliveryOut(Schema):
    state: str


class EvidenceOut(Schema):
    """Of a sensitive one that the caller may not open only that it is there."""

    uuid: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    kind: str
    about: str
    source: str
    happened_at: datetime | None = Field(description="of the thing itself")
    place: str = Field(description="where in it: 03:12–04:05, or the page")
    privacy: str
    held: bool = Field(description="legal hold: cannot be deleted")
    internal: bool
    by: str
    at: datetime
    may_open: bool


class DescriptionIn(Schema):
    kind: EvidenceKind
    about: str = ""
    source: Source = Source.STAFF
    happened_at: datetime | None = None
    place: str = ""
    privacy: PrivacyLevel = PrivacyLevel.ORDINARY

    def read(self) -> actions.Description:
        moment = self.happened_at
        if moment is not None and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        return actions.Description(**{**self.dict(), "happened_at": moment})


class HoldIn(Schema):
    reason: str


class CustodyOut(Schema):
    act: str = Field(description="opened, described, held, released, copied")
    by: str
    at: datetime
    words: str = Field(description="why; of a copy who got it, and by which way")
    facts: dict[str, Any]

    @staticmethod
    def resolve_by(one: Custody) -> str:
        return one.by.username


def shown(evidence: Evidence, user: User) -> dict[str, Any]:
    may_open = can_open_evidence(user, evidence)
    hidden = {} if may_open else {"name": _("敏感证据"), "about": "", "sha256": "", "size": 0}
    fields = [name for name in EvidenceOut.model_fields if name not in ("by", "may_open")]
    told = {name: getattr(evidence, name) for name in fields}
    return {**told, "by": evidence.by.username, "may_open": may_open, **hidden}


def _seen(request: HuiyinRequest, uuid: UUID) -> Evidence:
    visible = Complaint.objects.visible_to(request.user)
    found = Evidence.objects.select_related("complaint", "by").filter(complaint__in=visible)
    return get_object_or_404(found, uuid=uuid)


@router.get("/complaints/{number}/messages", response=list[MessageOut], summary="Messages")
def list_messages(request: HuiyinRequest, number: str) -> list[Message]:
    """The last 500, oldest first; internal notes included."""
    complaint = seen(request, number)
    said = complaint.messages.select_related("by", "letter")
    said = said.prefetch_related("letter__parts__evidence")
    return list(said.order_by("-pk")[:500])[::-1]


@router.get("/complaints/{number}/ways", response=list[WayOut], summary="Ways of answering")
def list_ways(request: HuiyinRequest, number: str) -> list[Way]:
    """What each channel allows for this complaint at this moment; first the one that the customer
    prefers, then the one he came by."""
    return ways_of(seen(request, number))


@router.post("/complaints/{number}/messages", response={201: MessageOut}, summary="Write")
def write_message(
    request: HuiyinRequest,
    response: HttpResponse,
    number: str,
    data: MessageIn,
    idempotency_key: str = Header("", alias="Idempotency-Key"),  # type: ignore[type-arg]
) -> Status[Message]:
    """Reply to the customer, keep an internal note, or take down what the customer said.

    A reply that promises something without a date, or beyond the writer's authority, is refused
    with 422: `fields.text` says why, `fields.better` is a wording that may go out. With an
    `Idempotency-Key` the same sent again is that message, with the header
    `Idempotent-Replayed: true`; other words under it are refused with 409.
    """
    complaint = seen(request, number)
    message, is_new = actions.once(
        complaint,
        by=request.user,
        key=idempotency_key,
        body=data.dict(exclude={"waived"}),
        write=lambda: _written(request, complaint, data),
    )
    if not is_new:
        response["Idempotent-Replayed"] = "true"
    return Status(201, message)


def _written(request: HuiyinRequest, complaint: Complaint, data: MessageIn) -> Message:
    if data.kind == "outbound":
        planned = _aware(data.planned_at)
        return actions.reply(
            complaint,
            by=request.user,
            text=data.text,
            channel=data.channel or "",
            waived=data.waived,
            leaves_at=actions.leaves_at(planned),
            planned=planned is not None,
            attached=actions.to_attach(complaint, data.attached),
        )
    if data.kind == "inbound":
        return actions.customer_wrote(
            complaint, by=request.user, text=data.text, channel=data.channel or complaint.channel
        )
    return actions.note(
        complaint, by=request.user, text=data.text, spoken=data.spoken, waived=data.waived
    )


def _message(request: HuiyinRequest, number: str, message: int) -> Message:
    said = seen(request, number).messages.select_related("complaint", "by", "letter")
    return get_object_or_404(said, pk=message)


@router.post(
    "/complaints/{number}/messages/{message}/undo", response=MessageOut, summary="Take back"
)
def undo_message(request: HuiyinRequest, number: str, message: int) -> Message:
    """Take back a reply that has not left: the customer never gets it, the story keeps it.
    409 when it has left."""
    found = _message(request, number, message)
    actions.undo(found, by=request.user)
    return _message(request, number, message)


@router.put(
    "/complaints/{number}/messages/{message}/plan", response=MessageOut, summary="Send later"
)
def plan_message(request: HuiyinRequest, number: str, message: int, data: PlanIn) -> Message:
    """Another moment for a reply that waits; null sends it now."""
    found = _message(request, number, message)
    actions.plan(found, by=request.user, at=_aware(data.planned_at))
    return _message(request, number, message)


@router.post(
    "/complaints/{number}/messages/{message}/resend",
    response=DeliveryOut,
    summary="Send a reply again",
)
def resend_message(
    request: HuiyinRequest, number: str, message: int, data: PointIn
) -> dict[str, str]:
    """A reply that came back, failed, or never left; by the channel that it was written for."""
    said = seen(request, number).messages.select_related("complaint")
    letter = actions.resend(get_object_or_404(said, pk=message), by=request.user, point=data.point)
    return {"state": letter.state}


@router.post("/complaints/{number}/evidence", response={201: EvidenceOut}, summary="Add a file")
def add_evidence(
    request: HuiyinRequest,
    number: str,
    file: UploadedFile = File(...),  # type: ignore[type-arg]  # noqa: B008
    internal: bool = Form(False),  # type: ignore[type-arg]
    kind: str = Form(""),  # type: ignore[type-arg]
    about: str = Form(""),  # type: ignore[type-arg]
    source: str = Form(Source.STAFF),  # type: ignore[type-arg]
    place: str = Form(""),  # type: ignore[type-arg]
    privacy: str = Form(PrivacyLevel.ORDINARY),  # type: ignore[type-arg]
) -> Status[dict[str, Any]]:
    """One file, at most 50 MB; images, PDF, Office, text, sound and film."""
    complaint = seen(request, number)
    said = actions.Description(kind, about, source, None, place, privacy)
    kept = actions.add_evidence(
        complaint, by=request.user, upload=file, internal=internal, described=said
    )
    return Status(201, shown(kept, request.user))


@router.get("/complaints/{number}/evidence", response=list[EvidenceOut], summary="Files")
def list_evidence(request: HuiyinRequest, number: str) -> list[dict[str, Any]]:
    found = seen(request, number).evidence.select_related("complaint", "by")[:500]
    return [shown(evidence, request.user) for evidence in found]


@router.put("/evidence/{uuid}/description", response=EvidenceOut, summary="Describe evidence")
def describe_evidence(request: HuiyinRequest, uuid: UUID, data: DescriptionIn) -> dict[str, Any]:
    """What it is, said better; the file stays as it came and the old words stay on record."""
    found = _seen(request, uuid)
    actions.describe(found, by=request.user, described=data.read())
    return shown(found, request.user)


@router.post("/evidence/{uuid}/hold", response={201: EvidenceOut}, summary="Hold evidence (保全)")
def hold_evidence(request: HuiyinRequest, uuid: UUID, data: HoldIn) -> Status[dict[str, Any]]:
    found = _seen(request, uuid)
    actions.hold(found, by=request.user, reason=data.reason)
    return Status(201, shown(found, request.user))


@router.post(
    "/evidence/{uuid}/release", response={201: EvidenceOut}, summary="Release evidence (解除保全)"
)
def release_evidence(request: HuiyinRequest, uuid: UUID, data: HoldIn) -> Status[dict[str, Any]]:
    found = _seen(request, uuid)
    actions.release(found, by=request.user, reason=data.reason)
    return Status(201, shown(found, request.user))


@router.get("/evidence/{uuid}/custody", response=list[CustodyOut], summary="Who opened it")
def list_custody(request: HuiyinRequest, uuid: UUID) -> list[Custody]:
    """Every look, description, hold, release and copy, newest first; for those who may hold it."""
    found = _seen(request, uuid)
    can_hold.require(request.user, found)
    return list(found.custody.select_related("by")[:500])
