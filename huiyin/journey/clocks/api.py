"""Clocks for programs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.clocks import actions
from huiyin.journey.clocks.models import (
    Attachment,
    Clock,
    Extension,
    ExtensionRequest,
    Suspension,
)
from huiyin.journey.clocks.models import Pause as PauseRow
from huiyin.journey.clocks.why import why
from huiyin.journey.clocks.words import ClockKind, SuspendReason
from huiyin.journey.complaint.api import seen

router = Router(tags=["clocks"])


class PauseOut(Schema):
    began_at: datetime
    ended_at: datetime | None
    whom: str = Field(description="customer, testing, suspended")
    reason: str
    by: str
    evidence: int | None = Field(description="the event of the story that says so")

    @staticmethod
    def resolve_by(pause: PauseRow) -> str:
        return pause.by.username

    @staticmethod
    def resolve_evidence(pause: PauseRow) -> int | None:
        return pause.evidence_id


class ExtensionOut(Schema):
    amount: float
    unit: str
    reason: str
    approved_by: str
    at: datetime

    @staticmethod
    def resolve_approved_by(extension: Extension) -> str:
        return extension.approved_by.username


class ClockOut(Schema):
    """One limit. `why` are the steps that lead from start to due date, as sentences."""

    kind: str
    subject: str = Field(description='"" the complaint itself; else whose it is, as "task:17"')
    label: str = Field(description="what people call it, where it is not the complaint's own")
    department: str | None = Field(description="code of the department that owes it")
    person: str | None = Field(description="username of the person who owes it")
    policy: str
    policy_version: str
    started_at: datetime
    due_at: datetime
    first_due_at: datetime = Field(description="before corrections, pauses and extensions")
    warned_at: datetime | None
    missed_at: datetime | None
    paused_at: datetime | None
    stopped_at: datetime | None
    pauses: list[PauseOut]
    extensions: list[ExtensionOut]
    why: list[str]

    @staticmethod
    def resolve_department(clock: Clock) -> str | None:
        return clock.department.code if clock.department else None

    @staticmethod
    def resolve_person(clock: Clock) -> str | None:
        return clock.person.username if clock.person else None

    @staticmethod
    def resolve_why(clock: Clock) -> list[str]:
        return why(clock)


class ExtensionIn(Schema):
    kind: ClockKind
    amount: Decimal = Field(description="in the unit of the clock")
    reason: str = Field(description="the customer reads it")
    due_at: datetime | None = Field(None, description="the due date you saw; refused if it changed")


@router.get("/complaints/{number}/clocks", response=list[ClockOut], summary="Clocks, and why")
def list_clocks(request: HuiyinRequest, number: str) -> list[Clock]:
    clocks = seen(request, number).clocks.select_related("department", "person")
    return list(clocks.prefetch_related("pauses__by", "extensions__approved_by"))


@router.post(
    "/complaints/{number}/extensions", response={201: ExtensionOut}, summary="Extend (延期)"
)
def extend(request: HuiyinRequest, number: str, data: ExtensionIn) -> Status[Extension]:
    """Before expiry only; the customer is told in the same act."""
    extension = actions.extend(
        seen(request, number),
        by=request.user,
        kind=data.kind,
        amount=data.amount,
        reason=data.reason,
        seen=data.due_at,
    )
    return Status(201, extension)


class RequestOut(Schema):
    """Something asked for that another person decides."""

    id: int
    state: str = Field(description="asked, granted, refused, renewed, woken, lapsed")
    by: str
    at: datetime
    decided_by: str | None
    decided_at: datetime | None
    words: str = Field(description="why not, when it was refused")

    @staticmethod
    def resolve_by(request: ExtensionRequest | Suspension) -> str:
        return request.by.username

    @staticmethod
    def resolve_decided_by(request: ExtensionRequest | Suspension) -> str | None:
        return request.decided_by.username if request.decided_by else None


class ExtensionRequestOut(RequestOut):
    kind: str
    amount: float
    unit: str
    reason: str
    level: str = Field(description="who decides: lead, manager, legal")

    @staticmethod
    def resolve_kind(request: ExtensionRequest) -> str:
        return request.clock.kind


class SuspensionOut(RequestOut):
    reason_code: str
    note: str
    wake_on: date
    renews: bool
    woken_at: datetime | None


class SuspensionIn(Schema):
    reason_code: SuspendReason
    note: str = Field(description="on which evidence")
    wake_on: date = Field(description="a working day, at most five of them away")


class DecisionIn(Schema):
    approve: bool
    words: str = Field("", description="why not; needed to refuse")
    channel: str = Field("", description="by which the customer is told; else the complaint's own")


class WakingIn(Schema):
    reason: str = ""


class InterimIn(Schema):
    text: str
    channel: str = ""


class InterimOut(Schema):
    message: int
    at: datetime


@router.get(
    "/complaints/{number}/extension-requests",
    response=list[ExtensionRequestOut],
    summary="Requests for more time",
)
def list_extension_requests(request: HuiyinRequest, number: str) -> list[ExtensionRequest]:
    found = seen(request, number).extension_requests
    return list(found.select_related("clock", "by", "decided_by"))


@router.post(
    "/complaints/{number}/extension-requests",
    response={201: ExtensionRequestOut},
    summary="Ask for more time (申请延期)",
)
def ask_extension(
    request: HuiyinRequest, number: str, data: ExtensionIn
) -> Status[ExtensionRequest]:
    """Before expiry; the first is decided by the lead, then a manager, a law's by legal."""
    asked = actions.ask_extension(
        seen(request, number),
        by=request.user,
        kind=data.kind,
        amount=data.amount,
        reason=data.reason,
        seen=data.due_at,
    )
    return Status(201, asked)


@router.post(
    "/complaints/{number}/extension-requests/{pk}/decision",
    response=ExtensionRequestOut,
    summary="Decide on more time (审批延期)",
)
def decide_extension(
    request: HuiyinRequest, number: str, pk: int, data: DecisionIn
) -> ExtensionRequest:
    """Granted, the customer is told in the same act; refused, the handler reads why."""
    asked = get_object_or_404(seen(request, number).extension_requests, pk=pk)
    return actions.decide_extension(asked, by=request.user, **data.dict())


@router.get("/complaints/{number}/suspensions", response=list[SuspensionOut], summary="Suspensions")
def list_suspensions(request: HuiyinRequest, number: str) -> list[Suspension]:
    return list(seen(request, number).suspensions.select_related("by", "decided_by"))


@router.post(
    "/complaints/{number}/suspensions",
    response={201: SuspensionOut},
    summary="Ask to suspend (申请挂起)",
)
def ask_suspension(request: HuiyinRequest, number: str, data: SuspensionIn) -> Status[Suspension]:
    """Never an S1, never where a policy forbids; renewed once at most."""
    asked = actions.ask_suspension(seen(request, number), by=request.user, **data.dict())
    return Status(201, asked)


@router.post(
    "/complaints/{number}/suspensions/{pk}/decision",
    response=SuspensionOut,
    summary="Decide on a suspension (审批挂起)",
)
def decide_suspension(request: HuiyinRequest, number: str, pk: int, data: DecisionIn) -> Suspension:
    asked = get_object_or_404(seen(request, number).suspensions, pk=pk)
    return actions.decide_suspension(asked, by=request.user, **data.dict())


@router.post("/complaints/{number}/waking", response={204: None}, summary="Wake (解挂)")
def wake(request: HuiyinRequest, number: str, data: WakingIn) -> Status[None]:
    """Sooner than the day that was set."""
    actions.wake(seen(request, number), by=request.user, reason=data.reason)
    return Status(204, None)


@router.post(
    "/complaints/{number}/interim", response={201: InterimOut}, summary="Interim (临时措施)"
)
def give_interim(request: HuiyinRequest, number: str, data: InterimIn) -> Status[dict[str, object]]:
    """Of an S1 the decision, kept inside; of others a reply to the customer."""
    message = actions.give_interim(seen(request, number), by=request.user, **data.dict())
    return Status(201, {"message": message.pk, "at": message.at})


class AttachmentIn(Schema):
    policy: str = Field(description="code of a policy that is switched on")
    document_no: str = ""
    document_on: date | None = None
    due_on: date | None = Field(None, description="the date the document itself sets")


class AttachmentOut(AttachmentIn):
    by: str
    at: datetime

    @staticmethod
    def resolve_policy(attachment: Attachment) -> str:
        return attachment.policy.code

    @staticmethod
    def resolve_by(attachment: Attachment) -> str:
        return attachment.by.username


@router.get(
    "/complaints/{number}/policies", response=list[AttachmentOut], summary="Policies attached"
)
def list_attached(request: HuiyinRequest, number: str) -> list[Attachment]:
    return list(seen(request, number).attachments.select_related("policy", "by"))


@router.post(
    "/complaints/{number}/policies", response={201: AttachmentOut}, summary="Attach (附加时限依据)"
)
def attach(request: HuiyinRequest, number: str, data: AttachmentIn) -> Status[Attachment]:
    """The earliest limit counts, and each clock says whose it is."""
    return Status(201, actions.attach(seen(request, number), by=request.user, **data.dict()))


@router.delete(
    "/complaints/{number}/policies/{code}", response={204: None}, summary="Detach (取消时限依据)"
)
def detach(request: HuiyinRequest, number: str, code: str) -> Status[None]:
    actions.detach(seen(request, number), by=request.user, policy=code)
    return Status(204, None)
