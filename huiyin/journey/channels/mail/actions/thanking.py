"""Whether an automatic acknowledgement may go to who wrote by mail."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.journey.channels.mail.words import Nature
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter

PURPOSE = "received"  # of the acknowledgement


@transaction.atomic
def may_be_thanked(complaint: Complaint) -> bool:
    """Never an automatic mail, and one sender so many times a day: a loop of two machines that mark
    nothing ends at the first answer (RFC 3834), and a forged sender gets one mail, not a thousand
    (V57, V58)."""
    if complaint.mails.exclude(nature__in=("", Nature.ORDINARY)).exists():
        return False
    Customer.objects.select_for_update(no_key=True).get(pk=complaint.customer_id)
    since = moment.now() - timedelta(days=1)
    address = complaint.customer.contact("email")
    told = Letter.objects.filter(recipient=address, purpose=PURPOSE, created_at__gt=since)
    return told.count() < settings.MAIL_ANSWERS
