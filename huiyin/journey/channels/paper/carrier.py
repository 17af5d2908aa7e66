"""A letter as a way of answering (`settings.CARRIERS`): the worker makes the paper; it has left the
house when somebody says that it went to the post."""

from __future__ import annotations

from huiyin.ground.privacy.rules import masked
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.paper.actions.posting import addressee_of, lay_out
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import NoWayOut
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import Way

MOST = 12_000  # characters: some eight pages
MOST_BYTES = 50 * 1024 * 1024  # of enclosures, printed beside it


def way(complaint: Complaint) -> Way:
    label = str(Channel.LETTER.label)
    address = addressee_of(complaint).address
    if not address:
        return Way(Channel.LETTER, label, _("没有通信地址，只作记录；补充地址后可打印寄出"))
    told = _("打印成信寄到 %(address)s，登记寄出后才算送出") % {
        "address": masked("postal", address)
    }
    recipient = " ".join(address.split())[:254]
    return Way(
        Channel.LETTER,
        label,
        told,
        recipient=recipient,
        most=MOST,
        most_bytes=MOST_BYTES,
        by_hand=True,
    )


def post(letter: Letter, body: str) -> None:
    """It waits to be printed: until a person posted it, nothing carries it out."""
    lay_out(letter, body)
    raise NoWayOut
