"""Writing one line: the chat's row is held, so that ids grow in the order of commits."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.chat import live
from huiyin.journey.channels.chat.models import Chat, ChatFile, Line
from huiyin.journey.channels.chat.rules import LONGEST_LINE, MOST_LINES
from huiyin.journey.channels.chat.words import By
from huiyin.journey.conversation import rules as conversation


def held(chat: Chat) -> Chat:
    """The chat as it is now; nobody else writes into it until commit."""
    rows = Chat.objects.select_for_update(no_key=True, of=("self",)).select_related("site")
    return rows.get(pk=chat.pk)


def still_on(chat: Chat) -> None:
    if not chat.is_live:
        raise Refused(_("这次会话已经结束，请重新开始一次会话"))


def checked(text: str) -> str:
    text = conversation.written(text)
    if not text:
        raise Invalid(_("内容不能为空，请写下要说的话"), text=_("请填写内容"))
    if len(text) > LONGEST_LINE:
        sentence = _("一条最多 %(most)s 字，请分成几条") % {"most": LONGEST_LINE}
        raise Invalid(sentence, text=sentence)
    return text


def said_before(chat: Chat, client: uuid.UUID) -> Line | None:
    """The line of this client's id: what is sent again is one line."""
    return chat.lines.select_related("file").filter(client=client).first()


def write(
    chat: Chat,
    kind: str,
    text: str,
    *,
    by: User | None = None,
    client: uuid.UUID | None = None,
    file: ChatFile | None = None,
    **also: Any,
) -> Line:
    """One line, and `also` fields of the chat, whose row the caller holds."""
    now = moment.now()
    if kind == By.VISITOR and chat.lines.count() >= MOST_LINES:
        raise Refused(_("这次会话太长了，请结束后重新开始，或改用投诉登记页"))
    line = Line.objects.create(
        chat=chat,
        kind=kind,
        text=text,
        by=by,
        at=now,
        client=client or uuid.uuid4(),
        file=file,
    )
    fields = {"last_line": line.pk, "last_line_at": now, **also}
    Chat.objects.filter(pk=chat.pk).update(**fields)
    for name, value in fields.items():
        setattr(chat, name, value)
    live.tell(chat, "line", line.pk)
    if kind == By.VISITOR:
        live.ring(chat)
    return line


def tell_all(chat: Chat, sentence: str, *, by: User | None = None, **facts: str) -> Line:
    """What happened, for both sides, in the visitor's language. `sentence` is a msgid."""
    with translation.override(chat.language):
        return write(chat, By.SYSTEM, _(sentence) % facts, by=by)
