"""The customer taken out of every text that a department or an outsider reads."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huiyin.ground.privacy.rules import masked_name, masked_text
from huiyin.journey.complaint.models import Complaint


class Mask:
    """What this complaint's customer is called and reached by, masked however it is written."""

    def __init__(self, complaint: Complaint) -> None:
        customer = complaint.customer
        self.name = masked_name(customer.name) or _("客户")
        self.names = [customer.name]
        self.points = [point.value for point in customer.contact_points.all()]
        self.keep = [complaint.order_no, complaint.number]

    def __call__(self, text: str) -> str:
        return masked_text(text, names=self.names, points=self.points, keep=self.keep)
