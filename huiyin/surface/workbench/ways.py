"""By which ways an answer can go, and what each allows."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.ground.privacy.rules import masked_email
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.rules import LONGEST_TEXT


@dataclass(frozen=True)
class Way:
    value: str
    label: str
    told: str  # what happens with the words
    closed: str = ""  # why it cannot be chosen
    most: int = LONGEST_TEXT

    @property
    def is_mail(self) -> bool:
        return self.value == Channel.EMAIL


def ways_of(complaint: Complaint) -> list[Way]:
    """The way the customer came by first; by mail only where there is an address."""
    values = [one for one in Channel if one not in (Channel.IMPORT, Channel.API)]
    values.sort(key=lambda one: one != complaint.channel)
    return [_way(one, complaint) for one in values]


def _way(channel: Channel, complaint: Complaint) -> Way:
    label = str(channel.label)
    if channel == Channel.EMAIL:
        address = complaint.customer.contact("email")
        if not address:
            return Way(channel, label, "", closed=_("没有邮箱"))
        told = _("发到 %(address)s，附件共 20 MB 以内") % {"address": masked_email(address)}
        return Way(channel, label, told)
    if channel == Channel.PORTAL:
        return Way(channel, label, _("客户在查询页看到，可带附件"))
    return Way(channel, label, _("只作记录，请另行告诉客户"))
