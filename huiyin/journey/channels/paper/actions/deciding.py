"""A person decides about a letter: a new complaint, one more word in an old one, nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, keep_address
from huiyin.ground.customers.rules import folded, same_name
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.paper.actions.arranging import held, settled
from huiyin.journey.channels.paper.actions.bundling import as_upload, bundled, originals
from huiyin.journey.channels.paper.actions.keeping import arrival
from huiyin.journey.channels.paper.models import Page, Piece
from huiyin.journey.channels.paper.rules import finding, media
from huiyin.journey.channels.paper.showing import proposed
from huiyin.journey.channels.paper.words import Found, PieceState
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import Description, said
from huiyin.journey.conversation.models import Message
from huiyin.journey.conversation.permissions import can_take_down
from huiyin.journey.conversation.words import EvidenceKind, PrivacyLevel, Source
from huiyin.journey.intake import actions as intake
from huiyin.journey.intake.actions import Circumstances
from huiyin.journey.intake.words import Via

OPENS = time(9, 0)  # the post of an earlier day was on the desk by then

NEXT_NUMBER = """
INSERT INTO paper_year (year, last) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last = paper_year.last + 1 RETURNING last
"""


@dataclass(frozen=True)
class Said:
    """What a person settled about a letter, after what was proposed to him."""

    text: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    order_no: str = ""
    amount_fen: int | None = None
    dated_on: date | None = None
    wanted: str = ""
    received_on: date | None = None
    postmarked_on: date | None = None


@transaction.atomic
def register(piece: Piece, *, by: User, given: Said) -> Complaint:
    """It is a complaint: registered with the day it arrived, its pages as evidence."""
    kept = held(piece, by=by)
    settled(kept)
    received_on = _days(kept, given)
    complaint = intake.register_once(
        by=by,
        channel=Channel.LETTER,
        contact=Contact(given.name, given.phone, given.email, given.address),
        text=given.text,
        wanted=given.wanted,
        order_no=given.order_no,
        received_at=_received_at(received_on),
        idempotency_key=f"paper:{kept.pk}",
        caller="paper",
        via=Via.PAPER,
        around=Circumstances(
            amount_fen=given.amount_fen, reply_by="letter" if given.address else ""
        ),
    ).complaint
    _know_address(complaint, given)
    message = complaint.messages.order_by("pk").first()
    _settle(kept, PieceState.REGISTERED, complaint, message, by=by, given=given)
    piece.refresh_from_db()
    return complaint


@transaction.atomic
def attach(piece: Piece, complaint: Complaint, *, by: User, given: Said) -> Message:
    """It belongs to a complaint that `by` sees, and chose: a number in a letter opens nothing."""
    kept = held(piece, by=by)
    settled(kept)
    seen = Complaint.objects.visible_to(by).filter(pk=complaint.pk).first()
    if seen is None:
        raise Refused(_("没有这条投诉，或您看不到它"))
    can_take_down.require(by, seen)
    _days(kept, given)
    message = intake.contacted_again(seen, by=by, text=given.text, channel=Channel.LETTER)
    _know_address(seen, given)
    _settle(kept, PieceState.ATTACHED, seen, message, by=by, given=given)
    piece.refresh_from_db()
    return message


@transaction.atomic
def dismiss(piece: Piece, *, by: User, reason: str) -> None:
    """Nothing follows from it; it stays kept."""
    kept = held(piece, by=by)
    missing = _("请写明不处理的理由，2 到 300 字")
    kept.reason = said(reason, name="reason", most=300, missing=missing)
    kept.state, kept.decided_by, kept.decided_at = PieceState.DISMISSED, by, moment.now()
    kept.save(update_fields=["reason", "state", "decided_by", "decided_at"])
    piece.refresh_from_db()


def _know_address(complaint: Complaint, given: Said) -> None:
    """Where letters to this customer go from now on, if it is surely his: he signed with the name
    that we know, or nobody else's complaints are touched. A telephone number in a letter proves
    nothing: otherwise the address is used for this complaint alone (V62)."""
    customer = complaint.customer
    others = Complaint.objects.filter(customer=customer).exclude(pk=complaint.pk)
    if same_name(customer.name, given.name) or not others.exists():
        keep_address(customer, given.address)


def _days(piece: Piece, given: Said) -> date:
    """The days are possible, one with the other."""
    received_on = piece.received_on
    if given.received_on not in (None, piece.received_on):
        received_on = arrival(given.received_on)
    for name, day, sentence in (
        ("postmarked_on", given.postmarked_on, _("邮戳日期晚于收到日期，请检查")),
        ("dated_on", given.dated_on, _("写信日期晚于收到日期，请检查")),
    ):
        if day is not None and day > received_on:
            raise Invalid(sentence, **{name: sentence})
    return received_on


def _received_at(day: date) -> datetime:
    """Now, if it came today; of an earlier day the hour at which its post was opened."""
    now = moment.now()
    if day == timezone.localdate(now):
        return now
    return timezone.make_aware(datetime.combine(day, OPENS))


def _settle(
    piece: Piece,
    state: PieceState,
    complaint: Complaint,
    message: Message | None,
    *,
    by: User,
    given: Said,
) -> None:
    pages = list(piece.pages.kept().select_related("scan"))
    piece.decisions = _decisions(piece, pages, given)
    piece.received_on = _days(piece, given)
    piece.postmarked_on, piece.text = given.postmarked_on, given.text
    piece.sender, piece.address = folded(given.name)[:80], given.address.strip()[:200]
    piece.number = _numbered(piece.received_on.year)
    piece.state, piece.complaint, piece.message = state, complaint, message
    piece.decided_by, piece.decided_at = by, moment.now()
    piece.save()
    note = _("%(number)s，%(pages)s 页") % {"number": piece.number, "pages": len(pages)}
    record(What.PAPER_REGISTERED, complaint, by=by, piece=piece.pk, number=piece.number, note=note)
    _bring(piece, pages, complaint, message, by=by)


def _numbered(year: int) -> str:
    """The next of that year: its row stays locked until this commits, so none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [year])
        return media.written_number(year, cursor.fetchone()[0])


def _decisions(piece: Piece, pages: list[Page], given: Said) -> dict[str, Any]:
    """What was proposed and what a person made of it."""
    found = {one.kind: one.value for one in proposed(piece, pages) if one.kind != Found.NUMBER}
    return finding.verdicts(found, typed_of(given))


def typed_of(given: Said) -> dict[str, str]:
    fen = given.amount_fen
    amount = "" if fen is None else f"{fen / 100:.2f}".removesuffix(".00")
    return {
        Found.NAME: given.name,
        Found.PHONE: given.phone,
        Found.EMAIL: given.email,
        Found.ADDRESS: given.address,
        Found.ORDER: given.order_no,
        Found.AMOUNT: amount,
        Found.DATED: given.dated_on.isoformat() if given.dated_on else "",
        Found.WANTED: given.wanted,
    }


def _bring(
    piece: Piece, pages: list[Page], complaint: Complaint, message: Message | None, *, by: User
) -> None:
    """The letter as evidence: its pages as one PDF, the files as they came, what was read."""
    uploads = []
    if pages:
        name = f"{piece.number}.pdf"
        uploads.append(SimpleUploadedFile(name, bundled(pages, piece.number)))
    uploads += [as_upload(scan) for scan in originals(piece, pages)]
    if text := "\n\n".join(page.text for page in pages if page.lines):
        uploads.append(SimpleUploadedFile(f"{piece.number}_{_('识别文字')}.txt", text.encode()))
    about = frozen(gettext_lazy("来信 %(number)s")) % {"number": piece.number}
    for upload in uploads:
        conversation.keep_evidence(
            complaint,
            by=by,
            upload=upload,
            message=message,
            internal=False,
            described=Description(
                kind=EvidenceKind.OTHER,
                about=about,
                source=Source.CUSTOMER,
                privacy=PrivacyLevel.PERSONAL,
            ),
        )
