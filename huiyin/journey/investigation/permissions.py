"""Who may find."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.permissions import can_handle


@permission(_("只有处理人和本组主管可以填写核实结论"))
def can_find(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint)
