"""How a chat ends, and what it becomes: the transcript is the record."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.chat import live
from huiyin.journey.channels.chat.actions.identifying import door
from huiyin.journey.channels.chat.actions.lines import held, still_on, tell_all
from huiyin.journey.channels.chat.actions.transcript import files_of, transcript, words_of
from huiyin.journey.channels.chat.models import Chat, Line
from huiyin.journey.channels.chat.permissions import can_end
from huiyin.journey.channels.chat.rules import LONGEST_SUMMARY
from huiyin.journey.channels.chat.words import By, ChatState, Ender, Outcome
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions.writing import not_sealed
from huiyin.journey.conversation.models import Message
from huiyin.journey.conversation.words import EvidenceKind, Source
from huiyin.journey.intake import actions as intake


@transaction.atomic
def end(
    chat: Chat,
    *,
    by: User,
    outcome: str,
    summary: str,
    complaint: Complaint | None = None,
    category: str = "",
    severity: int | None = None,
) -> Complaint | None:
    """End it with a summary, or sum up one that the visitor has ended: once. It becomes a new
    complaint, goes into an existing one (`complaint`, else the one it is attached to), or into
    none when it was a question only. `category` and `severity`: what the person settled."""
    kept = held(chat)
    can_end.require(by, kept)
    if kept.outcome:
        raise Refused(_("这次会话已经写过小结，请刷新查看"))
    missing = _("请写小结：客户说了什么、答应了什么")
    summary = conversation.said(summary, name="summary", most=LONGEST_SUMMARY, missing=missing)
    if outcome not in Outcome.values:
        raise Invalid(_("请选择这次会话的结果"), outcome=_("请选择"))
    if kept.is_live:
        _over(kept, Ender.AGENT, by=by)
    if kept.complaint is not None and complaint is None:
        outcome, complaint = Outcome.EXISTING, kept.complaint
    result: Complaint | None = None
    if outcome == Outcome.COMPLAINT:
        result = _registered(kept, by=by, summary=summary, category=category, severity=severity)
    elif outcome == Outcome.EXISTING:
        result = _goes_into(kept, complaint, by=by)
    _settle(kept, outcome=outcome, summary=summary, complaint=result)
    if result is not None:
        _on_record(kept, result, by=by)
    _mirror(chat, kept)
    return result


@transaction.atomic
def end_by_visitor(chat: Chat) -> None:
    """The visitor goes. If nobody has answered him and he has said something, his words become a
    complaint, else whoever served him sums up."""
    kept = held(chat)
    still_on(kept)
    unread = _unread(kept)
    _end_without_us(kept, Ender.MESSAGE if unread else Ender.VISITOR, unread=unread)
    _mirror(chat, kept)


@transaction.atomic
def end_by_time(chat: Chat, *, reason: str = "") -> bool:
    """He has not been heard of for long, or the desk closes: what he said and nobody read becomes
    a complaint. Whether it was still on."""
    kept = held(chat)
    if not kept.is_live:
        return False
    _end_without_us(kept, Ender.TIME, unread=_unread(kept), reason=reason)
    _mirror(chat, kept)
    return True


def _unread(chat: Chat) -> bool:
    """He has said something and nobody has it now: no answer to it, or nobody who would sum up.
    That somebody was given him is no answer. What is attached to a complaint goes there."""
    nobody = chat.answered_at is None or chat.agent_id is None
    return nobody and chat.complaint_id is None and _has_said(chat)


def _has_said(chat: Chat) -> bool:
    return chat.lines.filter(kind=By.VISITOR).exists()


@transaction.atomic
def sum_up_unsummed(chat: Chat) -> bool:
    """Whoever served him never wrote what came of it: it goes on record without him, so that
    nothing a customer said stays nowhere. Whether it still had to be done."""
    kept = held(chat)
    if kept.is_live or kept.outcome:
        return False
    system, complaint, outcome = User.objects.system(), kept.complaint, Outcome.EXISTING
    if complaint is None and _has_said(kept):
        outcome = Outcome.COMPLAINT
        complaint = _registered(kept, by=system, summary="", category="", severity=None)
    elif complaint is None:
        outcome = Outcome.NONE
    with translation.override("zh-hans"):
        _settle(kept, outcome=outcome, summary=_("未小结"), complaint=complaint)
    if complaint is not None:
        _on_record(kept, complaint, by=system)
    _mirror(chat, kept)
    live.tell(kept, "state")
    return True


def _end_without_us(chat: Chat, ender: Ender, *, unread: bool, reason: str = "") -> None:
    system = User.objects.system()
    _over(chat, ender, by=None, reason=reason)
    if unread:
        complaint = _registered(chat, by=system, summary="", category="", severity=None)
        _settle(chat, outcome=Outcome.COMPLAINT, summary="", complaint=complaint)
        _on_record(chat, complaint, by=system)
    elif chat.complaint is not None:
        complaint = _goes_into(chat, chat.complaint, by=system)
        _settle(chat, outcome=Outcome.EXISTING, summary="", complaint=complaint)
        _on_record(chat, complaint, by=system)
    elif chat.agent_id is None:  # nobody spoke: there is nothing to sum up
        _settle(chat, outcome=Outcome.NONE, summary="", complaint=None)


@transaction.atomic
def attach_to(chat: Chat, *, by: User, complaint: Complaint) -> None:
    """It is about this complaint: while it goes on, answers by chat reach him here; when it ends
    the transcript goes there."""
    kept = held(chat)
    can_end.require(by, kept)
    if kept.outcome:
        raise Refused(_("这次会话已经写过小结，请刷新查看"))
    _sees(by, complaint)
    not_sealed(complaint)
    _settle(kept, complaint=complaint)
    _mirror(chat, kept)
    live.tell(kept, "state")


@transaction.atomic
def goes_with(chat: Chat, complaint: Complaint) -> None:
    """What he wrote after it became this complaint: the chat is on record there too, summed up or
    not, unless it belongs to another."""
    kept = held(chat)
    if kept.is_live or kept.complaint is not None:
        return
    _settle(kept, outcome=Outcome.COMPLAINT, complaint=complaint)
    _on_record(kept, complaint, by=User.objects.system())
    _mirror(chat, kept)
    live.tell(kept, "state")


@transaction.atomic
def rate(chat: Chat, *, stars: int, words: str = "") -> None:
    """How the visitor found it: one to five, once it is over; he may think better of it."""
    if stars not in range(1, 6):
        raise Invalid(_("请选择 1 到 5 星"), stars=_("请选择"))
    words = conversation.said(words, name="words", most=300)
    ended = Chat.objects.filter(pk=chat.pk, state=ChatState.ENDED)
    if not ended.exclude(agent=None).update(rating=stars, rating_words=words):
        raise Refused(_("会话结束后才能评价"))


def _over(chat: Chat, ender: Ender, *, by: User | None, reason: str = "") -> None:
    """The one place where a chat ends; the caller holds its row."""
    sentences = {
        Ender.AGENT: gettext_noop("客服已结束会话"),
        Ender.VISITOR: gettext_noop("您已结束会话"),
        Ender.TIME: gettext_noop("很久没有回应，会话已结束"),
        Ender.MESSAGE: gettext_noop("已转为留言，我们会尽快回复您"),
    }
    tell_all(chat, sentences[ender], by=by)
    _settle(
        chat,
        state=ChatState.ENDED,
        ended_at=moment.now(),
        ended_by=ender,
        end_reason=reason[:300],
        address=None,
    )
    live.tell(chat, "state")


def _settle(chat: Chat, **fields: Any) -> None:
    Chat.objects.filter(pk=chat.pk).update(**fields)
    for name, value in fields.items():
        setattr(chat, name, value)


def _mirror(chat: Chat, kept: Chat) -> None:
    for name in ("state", "ended_at", "ended_by", "outcome", "summary", "complaint", "last_line"):
        setattr(chat, name, getattr(kept, name))


def _registered(
    chat: Chat, *, by: User, summary: str, category: str, severity: int | None
) -> Complaint:
    """A new complaint of whom the visitor says he is: nobody has vouched for that (V62), unless his
    site has signed it."""
    stands = {"name": chat.name, "phone": chat.phone, "email": chat.email}
    via, customer = door(chat.identity, **stands)
    with translation.override("zh-hans"):
        return intake.register_once(
            by=by,
            channel=Channel.CHAT,
            contact=Contact(**stands),
            text=words_of(chat) or summary or _("访客只发了文件，没有写字"),
            order_no=chat.order_no,
            category=category,
            severity=severity,
            received_at=chat.asked_at,
            idempotency_key=f"chat:{chat.uid}",
            caller="chat",
            via=via,
            customer=customer,
            around=intake.Circumstances(privacy_version=chat.privacy_version),
        ).complaint


def _goes_into(chat: Chat, complaint: Complaint | None, *, by: User) -> Complaint:
    if complaint is None:
        raise Invalid(_("请选择归入哪件投诉"), complaint=_("请选择"))
    if not by.is_system:
        _sees(by, complaint)
    return complaint


def _sees(by: User, complaint: Complaint) -> None:
    if not Complaint.objects.visible_to(by).filter(pk=complaint.pk).exists():
        raise Invalid(_("没有找到这件投诉，请检查编号"), complaint=_("没有找到"))


def _on_record(chat: Chat, complaint: Complaint, *, by: User) -> None:
    """His words in the conversation, the whole transcript and every file as evidence, and a line
    of the story that leads to the transcript."""
    message = _said_in(chat, complaint, by=by)
    began = f"{timezone.localtime(chat.asked_at):%Y%m%d-%H%M}"
    with translation.override("zh-hans"):
        text = transcript(chat)
        name = f"{_('在线会话')}-{began}.txt"
    _keep(complaint, name, text.encode(), by=by, message=message, kind=EvidenceKind.CHAT)
    for file in files_of(chat):
        source = Source.CUSTOMER if file.by_id is None else Source.STAFF
        data = file.data()
        _keep(complaint, file.name, data, by=by, message=message, kind="", source=source)
    record(
        What.CHATTED,
        complaint,
        by=by,
        **chat.facts,
        lines=Line.objects.filter(chat=chat).exclude(kind=By.SYSTEM).count(),
        words=chat.summary,
        ended=frozen(Ender(chat.ended_by).label),
    )


def _said_in(chat: Chat, complaint: Complaint, *, by: User) -> Message | None:
    """In a complaint of its own they are its first message; in another one they are added."""
    if chat.outcome == Outcome.EXISTING and (words := words_of(chat)):
        return conversation.customer_wrote(complaint, by=by, text=words, channel=Channel.CHAT)
    return complaint.messages.order_by("pk").first()


def _keep(
    complaint: Complaint,
    name: str,
    data: bytes,
    *,
    by: User,
    message: Message | None,
    kind: str,
    source: str = Source.CUSTOMER,
) -> None:
    conversation.keep_evidence(
        complaint,
        by=by,
        upload=SimpleUploadedFile(name, data),
        described=conversation.Description(kind=kind, source=source),
        message=message,
        internal=False,
    )
