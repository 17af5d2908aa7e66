"""Mails for programs: what waits for a person, what he decides, how a mail looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from huiyin.ground.privacy.rules import masked_email
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail import lists
from huiyin.journey.channels.mail.actions import deciding, reviewing, showing
from huiyin.journey.channels.mail.models import Mail, Part
from huiyin.journey.channels.mail.permissions import can_review_mail
from huiyin.journey.channels.mail.views.showing import inert
from huiyin.journey.channels.mail.words import MailState
from huiyin.journey.complaint.api import seen
from huiyin.journey.complaint.models import Complaint

router = Router()


class MailOut(Schema):
    id: int
    subject: str
    sender: str = Field(description="masked")
    received_at: datetime
    state: str
    nature: str
    outcome: str
    reason: str
    complaint: str | None = Field(description="its number, where the caller sees it")
    mailbox: str | None

    @staticmethod
    def resolve_sender(mail: Mail) -> str:
        return masked_email(mail.sender)

    @staticmethod
    def resolve_mailbox(mail: Mail) -> str | None:
        return mail.mailbox.address if mail.mailbox else None

    @staticmethod
    def resolve_complaint(mail: Mail) -> str | None:
        return mail.complaint.number if mail.complaint else None


class FileOut(Schema):
    place: int
    name: str
    media_type: str
    size: int
    inside: str = Field(description="the name of the mail within this mail that it came in")
    evidence: UUID | None = Field(description="as which it is kept")
    refusal: str = Field(description="why it is none")

    @staticmethod
    def resolve_evidence(part: Part) -> UUID | None:
        return part.evidence.uuid if part.evidence else None


class MailWhole(MailOut):
    text: str
    images_shown: bool
    signed: str = Field(description="smime, pgp or their _cipher: what protects it; never verified")
    doubts: list[str] = Field(description="codes of what was odd about it")
    files: list[FileOut]

    @staticmethod
    def resolve_doubts(mail: Mail) -> list[str]:
        return list(mail.facts.get("doubts", ()))

    @staticmethod
    def resolve_files(mail: Mail) -> list[Part]:
        return list(mail.parts.select_related("evidence"))


class MailPage(Schema):
    items: list[MailOut]
    before: int | None = Field(description="go on with this")


class MailsIn(Schema):
    view: Literal["held", "named", "kept", "automatic", "settled"] = "held"
    q: str = ""
    nature: str = ""
    box: int | None = None
    before: int | None = None


class NumberIn(Schema):
    number: str = Field(max_length=20)


class ReasonIn(Schema):
    reason: str = Field("", max_length=300)


class DismissIn(ReasonIn):
    mails: list[int] = Field(max_length=200)


class DismissedOut(Schema):
    done: int
    missed: int


class NatureIn(Schema):
    nature: str = Field("related", max_length=20, description="as of links of complaints")


class NumberOut(Schema):
    number: str


@router.get("/mails", response=MailPage, summary="Mails to be looked at")
def list_mails(request: HuiyinRequest, wanted: Query[MailsIn]) -> dict[str, Any]:
    """Held or unreadable; naming an earlier complaint without proof; to be read; set aside as
    automatic or received twice; decided. Newest first."""
    can_review_mail.require(request.user, None)
    typed = {name: str(value) for name, value in wanted.dict().items() if value is not None}
    items, before = lists.page(lists.read(typed), request.user)
    return {"items": items, "before": before}


def _mail(request: HuiyinRequest, pk: int) -> Mail:
    found = showing.mails_of(request.user).select_related("mailbox", "complaint", "message")
    return get_object_or_404(found, pk=pk)


def _held(request: HuiyinRequest, pk: int) -> Mail:
    can_review_mail.require(request.user, None)
    return _mail(request, pk)


@router.post("/mails/dismiss", response=DismissedOut, summary="Nothing follows, of many")
def dismiss_many(request: HuiyinRequest, data: DismissIn) -> dict[str, int]:
    """One reason for all; `missed`: absent, or decided by somebody else meanwhile."""
    done, missed = deciding.dismiss_many(data.mails, by=request.user, reason=data.reason)
    return {"done": done, "missed": missed}


@router.get("/mails/{mail}", response=MailWhole, summary="A mail")
def read_mail(request: HuiyinRequest, mail: int) -> Mail:
    """Everything that was written in it, quotes and all. Its HTML: `/mails/{mail}/html`."""
    return _mail(request, mail)


@router.get("/mails/{mail}/html", summary="A mail as HTML, cleaned")
def read_html(request: HuiyinRequest, mail: int) -> HttpResponse:
    """A document without script or request of its own; remote images once they were asked for."""
    answer = HttpResponse(showing.document(_mail(request, mail)))
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src data:"
    return answer


@router.post("/mails/{mail}/images", response=MailWhole, summary="Fetch its remote images")
def fetch_images(request: HuiyinRequest, mail: int) -> Mail:
    found = _mail(request, mail)
    showing.show_images(found, by=request.user)
    return found


@router.post("/mails/{mail}/original", summary="The mail byte for byte")
def take_original(request: HuiyinRequest, mail: int, data: ReasonIn) -> HttpResponse:
    """With a reason, which is kept among the exports."""
    raw = showing.take_original(_mail(request, mail), by=request.user, reason=data.reason)
    return inert(raw, f"mail-{mail}.eml")


@router.post("/mails/{mail}/files/{place}", summary="A file of a mail, as it came")
def take_file(request: HuiyinRequest, mail: int, place: int) -> HttpResponse:
    """Also one that became no evidence; on record. Whoever gets it sees that it does no harm."""
    files = _mail(request, mail).parts.select_related("mail", "evidence")
    part = get_object_or_404(files, place=place)
    return inert(showing.take_file(part, by=request.user), part.name)


@router.post("/mails/{mail}/register", response=NumberOut, summary="Register as a new complaint")
def register_mail(request: HuiyinRequest, mail: int) -> Complaint:
    return deciding.register(_held(request, mail), by=request.user)


@router.post("/mails/{mail}/thread", response=NumberOut, summary="Put to a complaint")
def thread_mail(request: HuiyinRequest, mail: int, data: NumberIn) -> Complaint:
    held = _held(request, mail)
    complaint = seen(request, data.number)
    deciding.thread(held, complaint, by=request.user)
    return complaint


@router.post("/mails/{mail}/link", response=MailWhole, summary="Link it to what it names")
def link_mail(request: HuiyinRequest, mail: int, data: NatureIn) -> Mail:
    """The complaint that it became and the one that it names, undone as every link is."""
    reviewing.link(_held(request, mail), by=request.user, nature=data.nature)
    return _mail(request, mail)


@router.post("/mails/{mail}/merge", response=MailWhole, summary="Merge it into what it names")
def merge_mail(request: HuiyinRequest, mail: int) -> Mail:
    """The complaint that it became goes with the one that it names, undone as every merge is."""
    reviewing.merge(_held(request, mail), by=request.user)
    return _mail(request, mail)


@router.post("/mails/{mail}/dismiss", response=MailWhole, summary="Nothing follows")
def dismiss_mail(request: HuiyinRequest, mail: int, data: ReasonIn) -> Mail:
    """With a reason; of a new complaint that names an earlier one: somebody has looked."""
    held = _held(request, mail)
    if held.state in (MailState.HELD, MailState.FAILED):
        deciding.dismiss(held, by=request.user, reason=data.reason)
    else:
        reviewing.let_stand(held, by=request.user)
    return _mail(request, mail)


@router.post("/mails/{mail}/again", response=MailWhole, summary="Read it again")
def read_again(request: HuiyinRequest, mail: int) -> Mail:
    held = _held(request, mail)
    deciding.read_again(held, by=request.user)
    return held
