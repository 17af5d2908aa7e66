"""Mail as a way of answering: what it allows, and who carries it (`settings.CARRIERS`)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huiyin.ground.privacy.rules import masked_email
from huiyin.journey.channels.mail.actions.composing import LARGEST
from huiyin.journey.channels.mail.actions.sending import post
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.ways import Way

__all__ = ["post", "way"]


def way(complaint: Complaint) -> Way:
    label = str(Channel.EMAIL.label)
    address = complaint.customer.contact("email")
    if not address:
        return Way(
            Channel.EMAIL,
            label,
            closed=_("没有邮箱"),
            refusal=_("这位客户没有留下邮箱，请改用其他方式回复，或先补充邮箱"),
        )
    told = _("发到 %(address)s，附件共 20 MB 以内") % {"address": masked_email(address)}
    return Way(Channel.EMAIL, label, told, recipient=address, most_bytes=LARGEST)
