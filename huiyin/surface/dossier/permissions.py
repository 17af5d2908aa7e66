"""Who may print a complaint, and who may have the customer's data in it unmasked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint


@permission(_("只有能看到这件投诉的同事可以打印"))
def can_print(user: User, complaint: Complaint) -> bool:
    return Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists()
