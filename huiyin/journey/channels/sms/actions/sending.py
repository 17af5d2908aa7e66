"""How a letter leaves the house as a text message."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from huiyin.ground import moment
from huiyin.ground.customers.rules import normalise_phone
from huiyin.ground.remembered import Remembered
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.connector import connector_of, option
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.sms.actions.checking import sentence_of
from huiyin.journey.channels.sms.models import Number, Text, number_of, settled
from huiyin.journey.channels.sms.rules.length import counted, signed
from huiyin.journey.channels.sms.rules.quiet import quiet_until
from huiyin.journey.channels.sms.rules.secrecy import secret_in, without_code
from huiyin.journey.channels.sms.words import Direction, RuleKind
from huiyin.journey.conversation.actions import NotYet, NoWayOut, Undelivered
from huiyin.journey.conversation.models import Letter

MOST_PARTS = 8
LIMITS = ((RuleKind.HOURLY, timedelta(hours=1), 5), (RuleKind.DAILY, timedelta(days=1), 20))


def _providers() -> list[Hook]:
    kinds = [k for k in settings.CONNECTORS if hasattr(connector_of(k), "send") and _is_sms(k)]
    return list(Hook.objects.in_use().filter(connector__in=kinds).order_by("pk"))


def _is_sms(kind: str) -> bool:
    return getattr(connector_of(kind), "CHANNEL", "") == "sms"


providers = Remembered(_providers)


def provider(team: int | None = None) -> Hook | None:
    """By whom texts leave: the team's own, else the first."""
    found = providers()
    own = [one for one in found if team is not None and one.team_id == team]
    return next(iter(own or found), None)


def send(letter: Letter, body: str) -> None:
    """Carry it out of the house. Raises Undelivered, NotYet or NoWayOut."""
    hook = provider(letter.complaint.team_id if letter.complaint else None)
    connector: Any = connector_of(hook.connector) if hook is not None else None
    if hook is None or connector is None:
        raise NoWayOut
    number = normalise_phone(letter.recipient)
    if not number:
        raise Undelivered(_("号码看起来不对"), final=True)
    if Number.objects.filter(value=number).exclude(stopped_at=None).exists():
        raise Undelivered(_("这位客户已退订短信"), final=True)
    _not_now(letter, number)
    sign = option(hook, "sign")
    text = signed(_harmless(letter, body), sign)
    length = counted(text)
    if length.parts > number_of(RuleKind.PARTS, MOST_PARTS):
        raise Undelivered(_("短信太长，请缩短或改用其他方式"), final=True)
    row = _row(letter, hook, number, text, length.parts)
    outer = connector.send(
        hook,
        number,
        text,
        sign=sign,
        template=option(hook, "template"),
        key=f"huiyin-letter-{letter.pk}",
    )
    Text.objects.filter(pk=row.pk).update(outer_id=outer, at=moment.now())
    Letter.objects.filter(pk=letter.pk).update(outer_id=f"{hook.pk}:{outer}"[:120])


def _row(letter: Letter, hook: Hook, number: str, text: str, parts: int) -> Text:
    """Written before it leaves: what came back at once finds it, and a second try counts once."""
    told = {"hook": hook, "number": number, "text": text, "parts": parts, "at": moment.now()}
    about = {"complaint": letter.complaint, "message": letter.message}
    made, _new = Text.objects.update_or_create(
        letter=letter, defaults={**told, **about, "direction": Direction.OUT}
    )
    return made


def _not_now(letter: Letter, number: str) -> None:
    """Automatic ones wait for the morning; anybody's wait when a number had many."""
    now = moment.now()
    until = quiet_until(now, settled().get(RuleKind.QUIET, ())) if letter.is_automatic else None
    if until is not None:
        raise NotYet(until, _("静默时段，到时再发"))
    for kind, span, otherwise in LIMITS:
        if free_at := _free_at(letter, number, now, span, number_of(kind, otherwise)):
            raise NotYet(free_at, _("这个号码收到的短信太多，稍后再发"))


def _free_at(
    letter: Letter, number: str, now: datetime, span: timedelta, most: int
) -> datetime | None:
    """When the next one may go, if so many went within the span."""
    sent = Text.objects.filter(number=number, direction=Direction.OUT, at__gt=now - span)
    lately = list(sent.exclude(letter=letter).order_by("-at").values_list("at", flat=True)[:most])
    return lately[-1] + span if most and len(lately) >= most else None


def _harmless(letter: Letter, body: str) -> str:
    """Without the customer's key; what holds a secret of ours or of his is not sent this way."""
    if body != letter.body:
        raise Undelivered(_("带密钥的链接不用短信发送，请改用邮件"), final=True)
    code = letter.complaint.tracking_code if letter.complaint else ""
    text = without_code(body, code)
    if not text:
        raise Undelivered(_("没有可以用短信发送的内容"), final=True)
    if found := secret_in(text):
        raise Undelivered(sentence_of(found), final=True)
    return text
