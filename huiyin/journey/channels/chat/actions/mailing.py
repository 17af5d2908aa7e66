"""What goes to a visitor by mail: what was said after he had gone, and the copy he asked for."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.customers.rules import normalise_email
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.chat import rules
from huiyin.journey.channels.chat.actions.lines import held
from huiyin.journey.channels.chat.actions.transcript import transcript
from huiyin.journey.channels.chat.models import Chat, Line, Mailed
from huiyin.journey.channels.chat.words import By
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import post_letter
from huiyin.journey.conversation.rules import LONGEST_TEXT

GONE_AFTER = timedelta(minutes=2)  # so long has his page not been heard of
SAID_FOR = timedelta(seconds=30)  # so long nothing more was said: several lines are one mail
LOOKED_BACK = timedelta(days=1)
MOST_A_RUN = 200


def mail_unseen() -> int:
    """Whoever has gone gets by mail what we said to him since, once, if he left an address. What
    he answers to it goes on in the chat, else where that has gone (`asker.py`)."""
    now = moment.now()
    unseen = Chat.objects.exclude(email="").filter(
        last_line__gt=F("visitor_seen"),
        last_line_at__range=(now - LOOKED_BACK, now - SAID_FOR),
        visitor_here_at__lt=now - GONE_AFTER,
    )
    waiting = unseen.filter(last_line__gt=F("mailed_line")).exclude(answered_at=None)
    chats = list(waiting.order_by("last_line_at")[:MOST_A_RUN])
    return sum(_mail(chat) for chat in chats)


@transaction.atomic
def _mail(chat: Chat) -> bool:
    kept = held(chat)
    since = max(kept.visitor_seen, kept.mailed_line)
    said = kept.lines.filter(kind=By.AGENT, pk__gt=since).select_related("by", "file")
    words = [_of(line) for line in said.order_by("pk")]
    Chat.objects.filter(pk=kept.pk).update(mailed_line=kept.last_line)
    address = normalise_email(kept.email)
    if not words or not address:
        return False
    with translation.override(kept.language):
        last = (
            _("会话还在进行，回到原来的网页就可以继续：%(page)s") % {"page": kept.page["url"]}
            if kept.is_live and kept.page["url"]
            else _("会话已结束。如需继续，请再次打开在线客服。")
        )
        intro = _("您离开在线会话后，客服对您说：")
        _post(kept, "chat", address, _("在线客服的回复"), "\n\n".join([intro, *words, last]))
    return True


def _of(line: Line) -> str:
    name = line.by.name if line.by is not None else ""
    return f"{name}：{line.text or (line.file.name if line.file else '')}"


@transaction.atomic
def send_copy(chat: Chat, *, email: str = "") -> None:
    """The transcript to the visitor, once, to the address he gave before or gives now. Only of a
    chat that somebody of ours has served: else anybody could send words of his own to strangers
    by us."""
    kept = held(chat)
    if kept.answered_at is None:
        raise Refused(_("客服应答过的会话才能发送副本"))
    address = normalise_email(kept.email or rules.one_line(email, 254))
    if not address:
        sentence = _("邮箱地址看起来不对，请检查，例如 name@example.com")
        raise Invalid(sentence, email=sentence)
    if not Chat.objects.filter(pk=kept.pk, copied_at=None).update(copied_at=moment.now()):
        raise Refused(_("会话内容已经发过一次了，请查看邮箱"))
    with translation.override(kept.language):
        _post(kept, "chat_copy", address, _("在线会话的内容"), transcript(kept)[:LONGEST_TEXT])


def _post(chat: Chat, purpose: str, address: str, subject: str, body: str) -> None:
    """Kept with the chat it is about: he may answer it."""
    name = settings.ORGANISATION
    letter = post_letter(
        chat.complaint,
        event=None,
        purpose=purpose,
        channel=Channel.EMAIL,
        recipient=address,
        subject=f"{subject} · {name}",
        body=f"{body}\n\n{name}",
    )
    assert letter is not None, "no event, so none can be there already"
    Mailed.objects.create(letter=letter, chat=chat)
