"""Taking a complaint in: one act, whatever the door, and the same thing twice is one complaint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create, keep_address, points_of
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import joined
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Severity, Status, What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Message
from huiyin.journey.conversation.words import Source
from huiyin.journey.intake import rules
from huiyin.journey.intake.models import Answer, Field, Intake, Receipt
from huiyin.journey.intake.permissions import can_register
from huiyin.journey.intake.words import ReplyBy, Via

# How far back earlier complaints of a person count as repeats (K15: 30 days).
REPEAT_WINDOW = timedelta(days=30)
OLDEST_DAY = date(1990, 1, 1)
CATEGORY_CODE = re.compile(r"[A-Z]{2,3}(\.\d{1,2}){0,2}")
HOME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Circumstances:
    """What else was said and told at the door. `amount_fen` in fen; `reply_by` of ReplyBy."""

    concerning: str = ""
    place: str = ""
    amount_fen: int | None = None
    expected: str = ""
    reply_by: str = ""
    privacy_version: str = ""
    recording_told: bool = False


@dataclass(frozen=True)
class Registration:
    """`was_there` tells that this very thing had been sent before and nothing new was made."""

    complaint: Complaint
    was_there: bool = False


def register(**said: Any) -> Complaint:
    """`register_once` for those who do not care whether it is a replay."""
    return register_once(**said).complaint


@transaction.atomic
def register_once(
    *,
    by: User,
    channel: str,
    contact: Contact,
    text: str,
    wanted: str = "",
    order_no: str = "",
    happened_on: date | None = None,
    category: str = "",
    severity: int | None = None,
    fields: Mapping[str, Any] | None = None,
    received_at: datetime | None = None,
    idempotency_key: str = "",
    caller: str = "",
    via: str = Via.STAFF,
    around: Circumstances = Circumstances(),
    files: Mapping[str, UploadedFile[Any]] | None = None,
    customer: Customer | None = None,
) -> Registration:
    """Take a complaint in. Raises Invalid with a sentence for each field that cannot be taken.

    `category` and `severity` are what a person of ours settled; empty ones are found by triage.
    `fields` are answers by field key; `files` by the key under which a file field names them.
    `idempotency_key` with the same content again gives the complaint of the first time, with other
    content Invalid; keys belong to `caller`, by default the user. `customer`: who it is, where the
    channel knows that by itself (an account that wrote before).
    """
    can_register.require(by, None)
    said = _Said(
        channel=channel,
        contact=contact,
        text=text,
        wanted=wanted,
        order_no=order_no,
        happened_on=happened_on,
        category=category,
        severity=severity,
        fields=dict(fields or {}),
        around=around,
        files=tuple((key, file.name or "", file.size or 0) for key, file in (files or {}).items()),
    )
    receipt, first = _receipt(caller or f"user:{by.pk}", idempotency_key, said)
    if first is not None:
        return Registration(first, was_there=True)
    received_at = received_at or moment.now()
    answers = said.check(received_at, require=via in rules.ASKED_FOR_ALL)

    began = timezone.now()
    if customer is None:
        customer = _customer(said.contact, vouched=rules.is_vouched(via))
    if rules.is_vouched(via):
        keep_address(customer, said.contact.address)
    complaint = Complaint.begin(
        customer=customer,
        text=said.text,
        subject=rules.subject_from(said.text),
        wanted=said.wanted,
        channel=said.channel,
        order_no=said.order_no,
        happened_on=happened_on,
        received_at=received_at,
        received_by=None if by.is_system else by,
        category=category,
        category_confirmed=bool(category),
        severity=severity,
        # Who was made a moment ago has no past to count.
        contact_count=1 + (0 if customer.created_at > began else _earlier(customer, received_at)),
    )
    complaint.move_to(Status.REG)
    _write(complaint, said, by=by, via=via, receipt=receipt, answers=answers, files=files or {})
    record(
        What.RECEIVED,
        complaint,
        by=by,
        channel=said.channel,
        via=str(via),
        contact_count=complaint.contact_count,
    )
    complaint.arrive()
    return Registration(complaint)


@dataclass
class _Said:
    """One report as it was given; `check` cleans it in place."""

    channel: str
    contact: Contact
    text: str
    wanted: str
    order_no: str
    happened_on: date | None
    category: str
    severity: int | None
    fields: dict[str, Any]
    around: Circumstances
    files: tuple[tuple[str, str, int], ...] = ()
    faults: dict[str, str] = field(default_factory=dict)

    def check(self, received_at: datetime, *, require: bool) -> dict[Field, Any]:
        """Clean every part; raises Invalid with all faults at once. Returns answers by field."""
        self.text = self._line("text", self.text, rules.LONGEST_TEXT)
        self.wanted = self._line("wanted", self.wanted, 500)
        self.order_no = self._line("order_no", self.order_no, 64)
        if not self.text and "text" not in self.faults:
            self.faults["text"] = _("请写下发生了什么")
        contact = self.contact
        self.contact = Contact(
            name=self._line("name", contact.name, 80),
            phone=self._line("phone", contact.phone, 40),
            email=self._line("email", contact.email, 254),
            address=self._line("address", contact.address, 200),
        )
        around = self.around
        self.around = Circumstances(
            concerning=self._line("concerning", around.concerning, 120),
            place=self._line("place", around.place, 120),
            amount_fen=around.amount_fen,
            expected=self._line("expected", around.expected, 60),
            reply_by=around.reply_by if around.reply_by in ReplyBy.values else "",
            privacy_version=around.privacy_version[:20],
            recording_told=around.recording_told,
        )
        self._check_choices(received_at)
        answers = self._answers(require=require)
        try:
            points_of(self.contact)
        except Invalid as fault:
            self.faults.update({name: str(s) for name, s in fault.fields.items()})
        if self.faults:
            raise Invalid(_summary(self.faults), **self.faults)
        return answers

    def _line(self, name: str, text: str, longest: int) -> str:
        if fault := rules.text_fault(text, longest=longest):
            self.faults[name] = fault
            return ""
        return rules.cleaned(text)

    def _check_choices(self, received_at: datetime) -> None:
        if self.channel not in Channel.values:
            self.faults["channel"] = _("没有这种渠道，请从列出的渠道中选择")
        if self.category and not CATEGORY_CODE.fullmatch(self.category):
            self.faults["category"] = _("没有这个类别，请重新选择")
        if self.severity is not None and self.severity not in Severity.values:
            self.faults["severity"] = _("严重程度应为 1 到 4")
        day = self.happened_on
        if day and day > received_at.astimezone(HOME).date():
            self.faults["happened_on"] = _("发生日期在将来，请检查")
        elif day and day < OLDEST_DAY:
            self.faults["happened_on"] = _("发生日期太早，请检查年份")

    def _answers(self, *, require: bool) -> dict[Field, Any]:
        if not self.fields and not (require and self.category):
            return {}
        live = {field.key: field for field in Field.objects.live()}
        facts = {
            "category": self.category,
            "channel": self.channel,
            "order_no": self.order_no,
            "wanted": self.wanted,
            "happened_on": self.happened_on.isoformat() if self.happened_on else "",
        }
        specs = [field.spec for field in live.values()]
        clean, faults = rules.validate(specs, self.fields, facts, require=require)
        self.faults.update({f"fields.{key}": sentence for key, sentence in faults.items()})
        return {live[key]: value for key, value in clean.items()}

    def body(self) -> dict[str, Any]:
        """What makes two sendings the same."""
        return asdict(self)


def _summary(faults: Mapping[str, str]) -> str:
    sentences = list(dict.fromkeys(faults.values()))
    if len(sentences) == 1:
        return sentences[0]
    return _("有 %(count)s 处需要修改：%(sentences)s") % {
        "count": len(faults),
        "sentences": joined(sentences[:5]),
    }


# One statement, so that of two sendings at once the second waits for the first and then finds it.
KEEP_RECEIPT = """
INSERT INTO intake_receipt (caller, key, body_hash, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (caller, key) DO NOTHING RETURNING id
"""


def _receipt(caller: str, key: str, said: _Said) -> tuple[int | None, Complaint | None]:
    """(receipt's id, None) the first time; (None, the complaint) when it was sent before."""
    if not key:
        return None, None
    if fault := rules.key_fault(key):
        raise Invalid(fault, **{"Idempotency-Key": fault})
    digest = rules.body_hash(said.body())
    if made := _keep_receipt(caller, key, digest):
        return made, None
    before = Receipt.objects.select_related("intake__complaint__customer").get(
        caller=caller[:80], key=key
    )
    complaint = before.intake.complaint
    if before.body_hash != digest:
        raise _another(complaint)
    return None, complaint


def _keep_receipt(caller: str, key: str, digest: str) -> int | None:
    """Its id the first time, None when this caller has sent this key before."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP_RECEIPT, [caller[:80], key, digest, moment.now()])
        made = cursor.fetchone()
    return made[0] if made else None


def _another(complaint: Complaint) -> Invalid:
    sentence = _("同一个提交凭证已登记过另一份内容（%(number)s），请刷新页面后重新登记") % {
        "number": complaint.number
    }
    return Invalid(sentence, **{"Idempotency-Key": sentence})


def _customer(contact: Contact, *, vouched: bool) -> Customer:
    """Whose complaint it is.

    Whoever types a number himself has not shown that it is his: nothing that he adds reaches
    the record of its owner, else letters to her would go to his address (V62).
    """
    customer = None if vouched else _owner(contact)
    customer = customer or find_or_create(contact)
    prefetch_related_objects([customer], "contact_points")
    return customer


def _owner(contact: Contact) -> Customer | None:
    for kind, value, _shown in points_of(contact):
        owner = Customer.objects.reached_by(kind, value).first()
        if owner:
            return owner
    return None


def _earlier(customer: Customer, received_at: datetime) -> int:
    return Complaint.objects.filter(
        customer=customer, received_at__gt=received_at - REPEAT_WINDOW, received_at__lte=received_at
    ).count()


def _write(
    complaint: Complaint,
    said: _Said,
    *,
    by: User,
    via: str,
    receipt: int | None,
    answers: Mapping[Field, Any],
    files: Mapping[str, UploadedFile[Any]],
) -> None:
    Intake.objects.create(
        complaint=complaint,
        via=via,
        contact=asdict(said.contact),
        receipt_id=receipt,
        **asdict(said.around),
    )
    message = conversation.first_message(complaint, by=by)
    kept = _keep_files(complaint, files, by=by, message=message, via=via)
    if answers:
        Answer.objects.bulk_create(
            Answer(complaint=complaint, field=field, value=_with_files(field, value, kept))
            for field, value in answers.items()
        )


def _keep_files(
    complaint: Complaint,
    files: Mapping[str, UploadedFile[Any]],
    *,
    by: User,
    message: Message,
    via: str,
) -> dict[str, str]:
    """Evidence's uuid by the key of the file."""
    source = Source.STAFF if rules.is_vouched(via) else Source.CUSTOMER
    return {
        key: str(
            conversation.add_evidence(
                complaint, by=by, upload=upload, message=message, source=source
            ).uuid
        )
        for key, upload in files.items()
    }


def _with_files(field: Field, value: Any, kept: Mapping[str, str]) -> Any:
    """A file field's answer names evidence, of this complaint only."""
    if field.type != "file":
        return value
    return [kept[key] for key in value if key in kept]


@transaction.atomic
def contacted_again(
    complaint: Complaint,
    *,
    by: User,
    text: str,
    channel: str,
    files: Mapping[str, UploadedFile[Any]] | None = None,
    idempotency_key: str = "",
) -> Message:
    """Keep another call about an open complaint with it, instead of registering a second one.
    `idempotency_key`: of the page; sent again with it, nothing is added."""
    kept = [(key, file.name, file.size) for key, file in (files or {}).items()]
    told = {"complaint": complaint.pk, "text": text, "channel": channel, "files": kept}
    if idempotency_key and _was_told(complaint, by, idempotency_key, rules.body_hash(told)):
        return complaint.messages.filter(by=by, channel=channel).latest("pk")
    message = conversation.customer_wrote(complaint, by=by, text=text, channel=channel)
    for upload in (files or {}).values():
        conversation.add_evidence(complaint, by=by, upload=upload, message=message)
    seen = complaint.contact_count
    complaint.carry(seen={"contact_count": seen}, contact_count=seen + 1)
    return message


def _was_told(complaint: Complaint, by: User, key: str, digest: str) -> bool:
    """Whether this very thing has been kept before; of another one under its key it is refused."""
    caller = f"user:{by.pk}"
    if _keep_receipt(caller, key, digest):
        return False
    if Receipt.objects.get(caller=caller, key=key).body_hash != digest:
        raise _another(complaint)
    return True
