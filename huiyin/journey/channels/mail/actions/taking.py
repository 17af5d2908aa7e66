"""What a mail comes to: a new complaint, one more word in an old one, a line in a story.

All inside of the caller's transaction, in which the mail's row is held.
"""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import prefetch_related_objects

from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.customers.models import Customer
from huiyin.ground.customers.rules import normalise_email, normalise_phone
from huiyin.ground.customers.words import ContactKind
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions.showing import folded_of
from huiyin.journey.channels.mail.models import Mail, Part, signs
from huiyin.journey.channels.mail.reading import File, Read
from huiyin.journey.channels.mail.rules import writing
from huiyin.journey.channels.mail.rules.signing import signed_by
from huiyin.journey.channels.mail.words import MailState, Outcome
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.answers import Answer, asker_of
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.words import Source
from huiyin.journey.intake import actions as intake
from huiyin.journey.intake.words import Via


def register(mail: Mail, read: Read, files: dict[int, bytes], *, whole: bool = True) -> Complaint:
    """A new complaint of its sender; asked again, the one that it became (`mail:<pk>`)."""
    said = writing.new_words(read, signs())
    text = writing.complaint_text(read, said.new) if whole else writing.unread_text(read)
    contact = _contact(read, said.signature)
    done = intake.register_once(
        by=User.objects.system(),
        channel=Channel.EMAIL,
        contact=contact,
        # Whose it is says the address it came from, never a number that stands in a signature.
        customer=_sender(contact),
        text=text,
        received_at=mail.received_at,
        idempotency_key=f"mail:{mail.pk}",
        caller="mail",
        via=Via.MAIL,
    )
    message = done.complaint.messages.order_by("pk").first()
    _settle(mail, Outcome.NEW, done.complaint, message)
    keep_parts(mail, read, files, done.complaint, message)
    return done.complaint


def _contact(read: Read, signature: str) -> Contact:
    """As he gives himself: the address it came from; what only the signature says with it, for a
    person to look at."""
    name, phone = signed_by(signature, signs())
    return Contact(
        name=(read.sender.name or name)[:80],
        phone=phone if normalise_phone(phone) else "",
        email=normalise_email(read.sender.address),
    )


def _sender(contact: Contact) -> Customer | None:
    """Whoever has this address; a new one where nobody has. Nothing is added to who is there."""
    if not contact.email:
        return None
    customer = Customer.objects.reached_by(ContactKind.EMAIL, contact.email).first()
    customer = customer or find_or_create(replace(contact, phone=""))
    prefetch_related_objects([customer], "contact_points")
    return customer


def thread(mail: Mail, read: Read, files: dict[int, bytes], complaint: Complaint) -> None:
    """One more word of the customer in a complaint that is open to him."""
    words = writing.new_words(read, signs()).new
    message = conversation.customer_wrote(
        complaint,
        by=User.objects.system(),
        text=writing.message_text(read, words),
        channel=Channel.EMAIL,
    )
    _settle(mail, Outcome.THREADED, complaint, message)
    keep_parts(mail, read, files, complaint, message)


def answer(mail: Mail, read: Read, files: dict[int, bytes], letter: Letter) -> bool:
    """What our letter was about goes on and takes it; False when it does not."""
    asker = asker_of(letter)
    words = writing.new_words(read, signs()).new
    said = Answer(
        key=f"mail:{mail.pk}",
        text=writing.message_text(read, words),
        sender=read.sender.address,
        files=[(one.name, files[one.place]) for one in read.files if one.place in files],
    )
    if asker is None or not asker.take(letter, said):
        return False
    _settle(mail, Outcome.THREADED, asker.complaint_of(letter), None)
    mail.reason = _("回复了客服在会话里说的话，已进入这次会话")
    keep_parts(mail, read, files)
    return True


def _settle(mail: Mail, outcome: str, complaint: Complaint | None, message: Message | None) -> None:
    mail.outcome, mail.complaint, mail.message = outcome, complaint, message
    mail.folds = bool(folded_of(mail)) if message is not None else None
    mail.state = MailState.HANDLED
    if (
        mail.suspected_id is not None
        and complaint is not None
        and mail.suspected_id == complaint.pk
    ):
        mail.suspected = None


def keep_parts(
    mail: Mail,
    read: Read,
    files: dict[int, bytes],
    complaint: Complaint | None = None,
    message: Message | None = None,
) -> None:
    """A row for each file; of a complaint's mail the file itself, or why it was not taken."""
    mail.parts.all().delete()
    for file in read.files:
        part = Part(
            mail=mail,
            place=file.place,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            content_id=file.content_id,
            inside=file.inside,
        )
        if complaint is not None:
            _as_evidence(part, file, files, complaint, message)
        part.save()


def _as_evidence(
    part: Part,
    file: File,
    files: dict[int, bytes],
    complaint: Complaint,
    message: Message | None,
) -> None:
    if not writing.is_evidence(file.size, file.media_type, inline=file.inline):
        return
    if file.place not in files:
        part.refusal = _("附件太多，这个文件留在原邮件里")
        return
    try:
        with transaction.atomic():
            part.evidence = conversation.keep_evidence(
                complaint,
                by=User.objects.system(),
                upload=SimpleUploadedFile(
                    writing.evidence_name(file.name, file.media_type), files[file.place]
                ),
                message=message,
                internal=False,
                inert=True,
                described=conversation.Description(source=Source.CUSTOMER),
            )
    except Refused as refusal:
        part.refusal = refusal.sentence


def wanted_places(read: Read) -> list[int]:
    """Which files are fetched out of the raw mail: the first so many that can be evidence."""
    worthy = [
        file.place
        for file in read.files
        if writing.is_evidence(file.size, file.media_type, inline=file.inline)
    ]
    return worthy[: settings.MAIL_MOST_FILES]
