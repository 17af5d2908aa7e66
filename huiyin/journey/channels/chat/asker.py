"""What a visitor writes in answer to a mail of ours goes on in his chat (`settings.ASKERS`)."""

from __future__ import annotations

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked_email
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.chat.actions.danger import heed
from huiyin.journey.channels.chat.actions.ending import goes_with
from huiyin.journey.channels.chat.actions.lines import held, said_before, write
from huiyin.journey.channels.chat.actions.talking import put_file, seen
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.rules import LONGEST_LINE, MOST_LINES
from huiyin.journey.channels.chat.words import By
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.answers import Answer
from huiyin.journey.conversation.models import Letter

# Of an answer, always the same, so that one that is taken twice is one line.
ANSWERS = uuid.UUID("0c0f5b0a-6f0e-4c2e-8d43-2f1c6c0d7a95")


def _chat_of(letter: Letter) -> Chat | None:
    return Chat.objects.filter(mailed__letter=letter).select_related("complaint").first()


def goes_on(letter: Letter) -> bool:
    chat = _chat_of(letter)
    return chat is not None and chat.is_live


def complaint_of(letter: Letter) -> Complaint | None:
    chat = _chat_of(letter)
    return chat.complaint if chat is not None else None


def language_of(letter: Letter) -> str:
    chat = _chat_of(letter)
    return chat.language if chat is not None else ""


def became(letter: Letter, complaint: Complaint) -> None:
    if (chat := _chat_of(letter)) is not None:
        goes_with(chat, complaint)


@transaction.atomic
def take(letter: Letter, answer: Answer) -> bool:
    """His words as lines of his, in their order, and his files; he has read what we wrote."""
    chat = _chat_of(letter)
    if chat is None:
        return False
    kept = held(chat)
    pieces = [
        answer.text[at : at + LONGEST_LINE] for at in range(0, len(answer.text), LONGEST_LINE)
    ]
    ahead = kept.lines.filter(kind=By.VISITOR).count() + len(pieces) + len(answer.files)
    if not kept.is_live or ahead > MOST_LINES:
        return False
    _told(kept, answer.sender)
    for at, piece in enumerate(pieces):
        client = uuid.uuid5(ANSWERS, f"{answer.key}:{at}")
        if said_before(kept, client) is None:
            write(kept, By.VISITOR, piece, client=client, visitor_line_at=moment.now())
    heed(kept)
    for at, (name, data) in enumerate(answer.files):
        _file(kept, name, data, uuid.uuid5(ANSWERS, f"{answer.key}:file:{at}"))
    seen(kept, line=kept.mailed_line)
    return True


def _told(chat: Chat, sender: str) -> None:
    """Once, for whoever serves him: he is not on the page any more. His page is not heard of by
    this, so what is said to him goes by mail again."""
    client = uuid.uuid5(ANSWERS, str(chat.uid))
    if said_before(chat, client) is None:
        words = _("访客已离开网页，改用邮箱 %(address)s 回复；您的回答也会发到他的邮箱")
        told = words % {"address": masked_email(sender)}
        write(chat, By.WHISPER, told, by=User.objects.system(), client=client)


def _file(chat: Chat, name: str, data: bytes, client: uuid.UUID) -> None:
    """A line of its own; of one that a chat does not take, that it came and why."""
    if said_before(chat, client) is not None:
        return
    try:
        with transaction.atomic():
            file = put_file(chat, upload=SimpleUploadedFile(name, data), client=client)
    except Refused as refusal:
        words = _("邮件里的文件没有收下：%(why)s") % {"why": refusal.sentence}
        write(chat, By.WHISPER, words, by=User.objects.system(), client=client)
    else:
        write(chat, By.VISITOR, "", client=client, file=file, visitor_line_at=moment.now())
