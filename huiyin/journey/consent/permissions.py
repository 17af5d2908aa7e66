"""Who may ask the customer for his yes, write it down, and take it back for him."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.permissions import can_handle


@permission(_("只有处理人和本组主管可以请客户确认、登记客户确认"))
def can_ask(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint)
