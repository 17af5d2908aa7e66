"""How a chat begins: somebody asks, or leaves a message because nobody is there."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, points_of
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User, hashed
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.worktime.models import calendar
from huiyin.journey.channels.chat import identity, live, rules
from huiyin.journey.channels.chat.actions.danger import heed
from huiyin.journey.channels.chat.actions.distributing import distribute, served_by
from huiyin.journey.channels.chat.actions.identifying import answers, door, vouched
from huiyin.journey.channels.chat.actions.lines import checked, held, write
from huiyin.journey.channels.chat.actions.waking import wake
from huiyin.journey.channels.chat.models import Chat, Site
from huiyin.journey.channels.chat.words import Ask, By, ChatState
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.intake import actions as intake
from huiyin.journey.triage.models import Category

# 256 random bits, as the browser of the visitor writes them.
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
PLAIN = {
    Ask.NAME: ("name", 80),
    Ask.PHONE: ("phone", 40),
    Ask.EMAIL: ("email", 254),
    Ask.ORDER: ("order_no", 64),
    Ask.CATEGORY: ("category", 20),
}

# What a site can vouch for → field of the row.
FIELDS = {"name": "name", "phone": "phone", "email": "email", "order": "order_no"}


@dataclass(frozen=True)
class Asked:
    """What came with the wish to talk. `answers`: by the key of the question."""

    answers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    client: uuid.UUID | None = None  # of the text, so that what is sent again is one line
    page_url: str = ""
    page_title: str = ""
    language: str = "zh-hans"
    privacy_version: str = ""
    origin: str = ""
    at_home: bool = False  # a page of our own: where the widget is tried
    address: str | None = None
    user_agent: str = ""
    identity: object = None  # who is signed in at the site, as it says; proven or not


@dataclass(frozen=True)
class Begun:
    """`was_there`: the same visitor asked again, because he did not hear the answer."""

    chat: Chat
    was_there: bool = False


def by_token(site: Site, token: str) -> Chat | None:
    """The chat that this visitor's token opens; none, whatever is wrong with it."""
    if not TOKEN.fullmatch(token):
        return None
    chats = Chat.objects.select_related("site", "agent")
    return chats.filter(token_hash=hashed(token), site=site).first()


def is_open(site: Site, now: datetime | None = None) -> bool:
    """Whether people are there, by the calendar of the site."""
    now = now or moment.now()
    return any(begins <= now for begins, _ends in _next_span(site, now))


def opens_at(site: Site, now: datetime | None = None) -> datetime | None:
    """When they are there next; None while they are, and when the calendar has no such time."""
    now = now or moment.now()
    return next((begins for begins, _ends in _next_span(site, now) if begins > now), None)


def _next_span(site: Site, now: datetime) -> list[tuple[datetime, datetime]]:
    """The one that goes on, else the next one; none in a calendar without work time."""
    return list(islice(calendar(site.calendar_code).open_spans(now), 1))


def place_of(chat: Chat) -> int | None:
    """How many are before him; None: he waits, and nobody sits there who would serve him."""
    if chat.state == ChatState.WAITING and not served_by()(chat.team_id):
        return None
    return ahead_of(chat)


def ahead_of(chat: Chat) -> int:
    """How many of the same team's queue are served before this one."""
    if chat.state != ChatState.WAITING:
        return 0
    before = Q(in_danger=chat.in_danger, waits_since__lt=chat.waits_since)
    if not chat.in_danger:
        before |= Q(in_danger=True)
    return Chat.objects.waiting().filter(before, team=chat.team_id).order_by().count()


def begin(site: Site, *, token: str, asked: Asked) -> Begun:
    """A visitor wants to talk: he waits from now on. His browser made the token; the same token
    again is the same chat. Raises Invalid for each answer that is missing or wrong."""
    _may_be_here(site, asked, token)
    if (known := by_token(site, token)) is not None:
        return Begun(known, was_there=True)
    if not is_open(site):
        raise Refused(_("现在不是服务时间，请留言，我们上班后回复您"))
    fields = _checked(site, asked, vouched(site, asked.identity))
    try:
        with transaction.atomic():
            chat = _made(site, token, asked, fields)
    except IntegrityError:  # the same one, twice at once
        first = by_token(site, token)
        if first is None:
            raise
        return Begun(first, was_there=True)
    if distribute():
        chat.refresh_from_db(fields=["state", "agent", "accepted_at", "last_line", "last_line_at"])
    wake()
    return Begun(chat)


def _made(site: Site, token: str, asked: Asked, fields: Mapping[str, object]) -> Chat:
    now = moment.now()
    customer = _who(fields)
    chat = Chat.objects.create(
        site=site,
        token_hash=hashed(token),
        team=site.team,
        customer=customer,
        earlier=Chat.objects.filter(customer=customer).count() if customer else 0,
        asked_at=now,
        waits_since=now,
        first_due_at=site.first_due(now),
        last_line_at=now,
        visitor_line_at=now,
        visitor_here_at=now,
        **fields,
    )
    live.tell(chat, "state")
    if asked.text.strip():
        kept = held(chat)
        write(kept, By.VISITOR, checked(asked.text), client=asked.client)
        heed(kept)
        chat.refresh_from_db(fields=["last_line", "last_line_at", "in_danger", "danger_words"])
    return chat


def _who(fields: Mapping[str, Any]) -> Customer | None:
    """Whom the site vouches for, else whose the points are that he typed."""
    stands = {name: str(fields.get(name, "")) for name in ("phone", "email")}
    proven = identity.proven(fields["identity"], **stands)
    return owner_of(**(proven or stands))


def _may_be_here(site: Site, asked: Asked, token: str) -> None:
    if not site.enabled or not (asked.at_home or site.takes(asked.origin)):
        raise NotPermitted(_("这个网站没有开通在线聊天"))
    if not TOKEN.fullmatch(token):
        raise Invalid(_("会话凭证不对，请刷新页面后重试"))


def _checked(site: Site, asked: Asked, known: dict[str, str]) -> dict[str, object]:
    """Fields of the row; every fault at once. `known`: what the site vouches for, which he is not
    asked again and cannot change."""
    asked = replace(asked, answers={**asked.answers, **answers(site, known)})
    faults: dict[str, str] = {}
    version, _text = site.notice(asked.language, moment.now())
    if version and asked.privacy_version != version:
        faults["privacy"] = _("请先阅读并同意隐私告知")
    fields: dict[str, object] = {}
    before: dict[str, str] = {}
    for one in site.fields.all():
        name, most = PLAIN.get(Ask(one.ask), ("", rules.LONGEST_ANSWER))
        said = rules.one_line(asked.answers.get(one.key, ""), most)
        if one.ask == Ask.CATEGORY and said and said not in Category.objects.names([said]):
            faults[one.key] = _("没有这个类别，请重新选择")
        elif not said and one.required:
            faults[one.key] = _("请填写“%(label)s”") % {"label": one.label(asked.language)}
        if name:
            fields[name] = said
        if said and one.ask != Ask.CATEGORY:
            before[one.label("zh")] = said
    fields |= {FIELDS[name]: said for name, said in known.items() if name in FIELDS}
    contact = Contact(phone=str(fields.get("phone", "")), email=str(fields.get("email", "")))
    faults |= _contact_faults(contact)
    if faults:
        raise Invalid("；".join(dict.fromkeys(faults.values())), **faults)
    language = "en" if rules.is_english(asked.language) else "zh-hans"
    return {
        **fields,
        "before": before,
        "privacy_version": version,
        "identity": known,
        "page_url": rules.page_address(known.get("page"))
        or rules.page_address(asked.page_url, asked.origin),
        "page_title": rules.one_line(asked.page_title, 200),
        "language": language,
        "device": rules.device(asked.user_agent) if asked.user_agent else {},
        "address": asked.address,
    }


def _contact_faults(contact: Contact) -> dict[str, str]:
    try:
        points_of(contact)
    except Invalid as fault:
        return {name: str(sentence) for name, sentence in fault.fields.items()}
    return {}


def owner_of(phone: str = "", email: str = "") -> Customer | None:
    """Whose these points are; whether he is that one is not said."""
    for kind, value, _shown in points_of(Contact(phone=phone, email=email)):
        if owner := Customer.objects.reached_by(kind, value).first():
            return owner
    return None


def leave_message(site: Site, *, token: str, asked: Asked) -> Complaint:
    """Nobody is there, or he does not want to wait: a complaint by intake, once a token."""
    _may_be_here(site, asked, token)
    text = checked(asked.text)
    known = vouched(site, asked.identity)
    fields = _checked(site, asked, known)
    stands = {name: str(fields.get(name, "")) for name in ("name", "phone", "email")}
    via, customer = door(known, **stands)
    with translation.override("zh-hans"):
        return intake.register_once(
            by=User.objects.system(),
            channel=Channel.CHAT,
            contact=Contact(**stands),
            text=text,
            order_no=str(fields.get("order_no", "")),
            idempotency_key=hashed(token),
            caller=f"chat:{site.pk}",
            via=via,
            customer=customer,
            around=intake.Circumstances(
                place=str(fields.get("page_title", ""))[:120],
                privacy_version=str(fields.get("privacy_version", "")),
            ),
        ).complaint
