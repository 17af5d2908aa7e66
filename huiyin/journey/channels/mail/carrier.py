"""Mail as a way of answering: what it allows, and who carries it (`settings.CARRIERS`)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from huiyin.ground.customers.models import ContactPoint
from huiyin.ground.customers.rules import normalise_email
from huiyin.ground.customers.words import ContactKind
from huiyin.ground.privacy.rules import masked_email
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions.composing import LARGEST
from huiyin.journey.channels.mail.actions.sending import mailboxes_of, post
from huiyin.journey.channels.mail.models import Mail, Sending
from huiyin.journey.channels.mail.words import Delivery
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import Way

__all__ = ["came_back", "lanes", "other_points", "post", "way"]

NOT_REACHED = (Delivery.RETURNED, Delivery.DELAYED)


def way(complaint: Complaint) -> Way:
    """To the address of his that he wrote from last, else to the first he gave."""
    label = str(Channel.EMAIL.label)
    address = _address_of(complaint)
    if not address:
        return Way(
            Channel.EMAIL,
            label,
            closed=_("没有邮箱"),
            refusal=_("这位客户没有留下邮箱，请改用其他方式回复，或先补充邮箱"),
        )
    told = _("发到 %(address)s，附件共 20 MB 以内") % {"address": masked_email(address)}
    return Way(Channel.EMAIL, label, told, recipient=address, most_bytes=LARGEST)


def _address_of(complaint: Complaint) -> str:
    first = complaint.customer.contact("email")
    if complaint.channel != Channel.EMAIL:
        return first
    own = {
        point.value for point in complaint.customer.contact_points.all() if point.kind == "email"
    }
    if len(own) < 2:
        return first
    # Only an address that is his: whoever was forwarded a letter of ours may have answered it.
    came = Mail.objects.filter(complaint=complaint).order_by("-pk").values_list("sender", flat=True)
    return next((one for one in map(normalise_email, came[:20]) if one in own), first)


def lanes(letters: Sequence[Letter]) -> list[str]:
    """The mailbox by which each leaves."""
    return [str(box.pk) if box is not None else "" for box in mailboxes_of(letters)]


def came_back(letter: Letter) -> bool:
    return Sending.objects.filter(letter=letter, state__in=NOT_REACHED).exists()


def other_points(letter: Letter) -> QuerySet[ContactPoint]:
    """The customer's own addresses, the last one given first."""
    points = ContactPoint.objects.filter(kind=ContactKind.EMAIL)
    return points.filter(customer__complaints=letter.complaint_id).order_by("-pk")
