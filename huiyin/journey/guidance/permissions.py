"""Who may quote, and say whether it helped."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.permissions import can_note, can_reply


@permission(_("只有参与这条投诉的人可以引用知识"))
def can_quote(user: User, complaint: Complaint) -> bool:
    return can_reply(user, complaint) or can_note(user, complaint)
