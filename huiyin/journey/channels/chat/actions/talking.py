"""Lines of both sides, whispers, files, and what is not kept: who types, who has seen what."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.chat import live, rules
from huiyin.journey.channels.chat.actions.danger import heed
from huiyin.journey.channels.chat.actions.lines import checked, held, said_before, still_on, write
from huiyin.journey.channels.chat.models import Chat, ChatFile, Line
from huiyin.journey.channels.chat.permissions import can_answer, can_whisper
from huiyin.journey.channels.chat.texts import too_large
from huiyin.journey.channels.chat.words import By, ChatState
from huiyin.journey.conversation import rules as conversation
from huiyin.journey.conversation.actions import refusal_of_file
from huiyin.journey.conversation.actions.evidence import store_bytes

HERE_AGAIN_AFTER = timedelta(seconds=20)


@transaction.atomic
def say(chat: Chat, *, text: str = "", client: uuid.UUID, file: ChatFile | None = None) -> Line:
    """The visitor says something. The same `client` again is the same line."""
    kept = held(chat)
    if (before := said_before(kept, client)) is not None:
        return before
    still_on(kept)
    words = _words(kept, text, file)
    now = moment.now()
    line = write(
        kept,
        By.VISITOR,
        words,
        client=client,
        file=file,
        visitor_line_at=now,
        visitor_here_at=now,
    )
    heed(kept)
    return line


@transaction.atomic
def answer(
    chat: Chat, *, by: User, text: str = "", client: uuid.UUID, file: ChatFile | None = None
) -> Line:
    """Whoever serves him answers; the first answer stops the clock."""
    kept = held(chat)
    can_answer.require(by, kept)
    if (before := said_before(kept, client)) is not None:
        return before
    _goes_on(kept)
    words = _words(kept, text, file)
    line = write(kept, By.AGENT, words, by=by, client=client, file=file)
    if kept.answered_at is None:
        Chat.objects.filter(pk=kept.pk).update(answered_at=line.at)
        kept.answered_at = line.at
    seen(kept, line=line.pk, by=by)
    chat.answered_at = kept.answered_at
    return line


@transaction.atomic
def whisper(chat: Chat, *, by: User, text: str, client: uuid.UUID) -> Line:
    """Among ourselves, in the middle of the chat: the visitor never gets it."""
    kept = held(chat)
    can_whisper.require(by, kept)
    if (before := said_before(kept, client)) is not None:
        return before
    still_on(kept)
    return write(kept, By.WHISPER, checked(text), by=by, client=client)


def _goes_on(chat: Chat) -> None:
    if chat.state == ChatState.WAITING:
        raise Refused(_("请先接入这位访客"))
    still_on(chat)


def _words(chat: Chat, text: str, file: ChatFile | None) -> str:
    if file is None:
        return checked(text)
    if file.chat_id != chat.pk or Line.objects.filter(file=file).exists():
        raise Invalid(_("这个文件不属于这次会话，或已经发过，请重新上传"))
    return conversation.written(text)[: rules.LONGEST_LINE]


def seen(chat: Chat, *, line: int, by: User | None = None) -> bool:
    """Up to this line this side has read; never backwards. Without `by` it is the visitor."""
    if by is not None and not can_answer(by, chat):
        return False
    name = "visitor_seen" if by is None else "agent_seen"
    line = min(line, Chat.objects.values_list("last_line", flat=True).get(pk=chat.pk))
    behind = Chat.objects.filter(pk=chat.pk, **{f"{name}__lt": line})
    if not behind.update(**{name: line}):
        return False
    setattr(chat, name, line)
    live.tell(chat, "seen", line, side=By.VISITOR if by is None else By.AGENT)
    return True


def typing(chat: Chat, *, by: User | None = None) -> None:
    """Told, never kept."""
    if chat.is_live and (by is None or can_answer(by, chat)):
        live.tell(chat, "typing", side=By.VISITOR if by is None else By.AGENT)


def here(chat: Chat) -> None:
    """The visitor's page was heard of."""
    now = moment.now()
    Chat.objects.filter(pk=chat.pk, visitor_here_at__lt=now - HERE_AGAIN_AFTER).update(
        visitor_here_at=now
    )


@transaction.atomic
def went(chat: Chat, *, url: str, title: str, origin: str) -> bool:
    """He is on another page of the site now; whether that was news. Kept while the chat goes on."""
    kept = held(chat)
    if not (kept.is_live and kept.site.follows_pages):
        return False
    step: rules.Step = {
        "url": rules.page_address(url, origin),
        "title": rules.one_line(title, 200),
        "at": moment.now().isoformat(),
    }
    trail = rules.walked(kept.trail, step, began=kept.page_url)
    if trail == kept.trail:
        return False
    Chat.objects.filter(pk=kept.pk).update(trail=trail)
    live.tell(kept, "page")
    return True


@transaction.atomic
def put_file(
    chat: Chat, *, upload: UploadedFile[Any], client: uuid.UUID, by: User | None = None
) -> ChatFile:
    """Keep a file of either side; `say` or `answer` with it makes it a line. The same `client`
    again is the same file."""
    kept = held(chat)
    if by is not None:
        can_answer.require(by, kept)
    if (before := kept.files.filter(client=client).first()) is not None:
        return before
    still_on(kept)
    if by is None and not kept.site.files_allowed:
        raise Refused(_("这里不能发送文件"))
    if kept.files.filter(by=by).count() >= rules.MOST_FILES:
        raise Refused(_("一次会话最多发送 %(most)s 个文件") % {"most": rules.MOST_FILES})
    name, media_type = _judged(upload)
    path, digest = store_bytes(upload)
    return ChatFile.objects.create(
        chat=kept,
        client=client,
        name=name,
        media_type=media_type,
        size=upload.size or 0,
        sha256=digest,
        path=path,
        by=by,
        at=moment.now(),
    )


def _judged(upload: UploadedFile[Any]) -> tuple[str, str]:
    """(name, type) as it will be served; Invalid with a sentence that names the file."""
    name = conversation.safe_name(upload.name or "")
    if (upload.size or 0) > rules.LARGEST_FILE:
        sentence = too_large(name)
        raise Invalid(sentence, file=sentence)
    head = upload.read(conversation.HEAD)
    upload.seek(0)
    verdict = conversation.judge_file(name, upload.size or 0, head)
    if verdict.refusal:
        sentence = refusal_of_file(name, verdict.refusal)
        raise Invalid(sentence, file=sentence)
    return name, verdict.media_type
