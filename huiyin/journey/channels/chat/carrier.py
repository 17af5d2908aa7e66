"""Chat as a way of answering (`settings.CARRIERS`): into the chat that goes on, else it is shut."""

from __future__ import annotations

import uuid

from django.db import transaction

from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.chat.actions.lines import held, still_on, write
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.rules import LONGEST_LINE
from huiyin.journey.channels.chat.words import By
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import Undelivered
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import Way

# Of a letter, always the same, so that one that is carried twice is one line.
LETTERS = uuid.UUID("5b6f1f0e-2a2e-4f3a-9c57-6a6f0c5d8e11")


def way(complaint: Complaint) -> Way:
    label = str(Channel.CHAT.label)
    chat = _going_on(complaint)
    if chat is None:
        return Way(
            Channel.CHAT,
            label,
            closed=_("没有进行中的会话"),
            refusal=_("这件投诉没有进行中的在线会话，请改用其他方式回复"),
        )
    told = _("进入与 %(name)s 的在线会话") % {"name": chat.shown_name}
    return Way(Channel.CHAT, label, told, recipient=str(chat.uid), most=LONGEST_LINE)


def _going_on(complaint: Complaint) -> Chat | None:
    return Chat.objects.live().filter(complaint=complaint).order_by("-pk").first()


@transaction.atomic
def post(letter: Letter, body: str) -> None:
    """Into the chat it was written for. Raises Undelivered when that has ended meanwhile."""
    chat = Chat.objects.filter(uid=letter.recipient).first()
    if chat is None:
        raise Undelivered(_("会话已结束，请改用其他方式回复"), final=True)
    kept = held(chat)
    client = uuid.uuid5(LETTERS, str(letter.pk))
    if kept.lines.filter(client=client).exists():
        return
    try:
        still_on(kept)
    except Refused as ended:
        raise Undelivered(_("会话已结束，请改用其他方式回复"), final=True) from ended
    by = letter.message.by if letter.message is not None else None
    line = write(kept, By.AGENT, body[:LONGEST_LINE], by=by, client=client)
    Chat.objects.filter(pk=kept.pk, answered_at=None).update(answered_at=line.at)
    Letter.objects.filter(pk=letter.pk).update(outer_id=f"line:{line.pk}")
