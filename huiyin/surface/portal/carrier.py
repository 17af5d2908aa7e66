"""The customer's own page as a way of answering (`settings.CARRIERS`): nothing leaves the house,
but a reply waits for its moment all the same, so it can be taken back and be said later. Until then
his page does not show it (`Message.objects.public`)."""

from __future__ import annotations

from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.rules import LARGEST_FILE
from huiyin.journey.conversation.ways import Way

MOST_FILES = 20


def way(complaint: Complaint) -> Way:
    return Way(
        Channel.PORTAL,
        str(Channel.PORTAL.label),
        _("客户在查询页看到，可带附件"),
        most_bytes=MOST_FILES * LARGEST_FILE,
        waits=True,
    )


def post(letter: Letter, body: str) -> None:
    """It is there: from the moment it left, his page shows it."""
