"""Setting an outside system up, trying it, and what a person does with what came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.privacy.actions import record_export
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions.posting import sentence_of
from huiyin.journey.channels.hooks import rules
from huiyin.journey.channels.hooks.actions.taking import again
from huiyin.journey.channels.hooks.connector import Field, connector_of
from huiyin.journey.channels.hooks.models import Arrival, Hook, new_salt
from huiyin.journey.channels.hooks.permissions import (
    can_manage_hooks,
    can_read_raw,
    can_see_arrivals,
)
from huiyin.journey.channels.permissions import can_try_channels

BOTH_VALID_FOR = timedelta(hours=24)
LONGEST_SHOWN = 20_000  # characters of a body


def address_of(hook: Hook) -> str:
    """What is given to the other side."""
    return settings.BASE_URL + reverse("hooks:come", args=(hook.code,))


def faults_of(kind: str, given: Mapping[str, str], *, kept: Mapping[str, str]) -> dict[str, str]:
    """By the name of a field, why it cannot be taken; a secret that is kept need not be typed."""
    connector = connector_of(kind)
    if connector is None:
        return {"connector": _("请从列表里选择")}
    found = {}
    for field in connector.FIELDS:
        there = field.secret and bool(kept.get(field.name))
        why = rules.fault_of(
            rules.cleaned(field.name, given.get(field.name)),
            kind=field.kind,
            choices=[value for value, _label in field.choices],
            required=field.required and not there and not field.default,
            inner=settings.WEBHOOK_INNER_HOSTS,
        )
        if why:
            found[field.name] = _sentence(why, field)
    check = getattr(connector, "faults", None)
    beside = check(_together(connector.FIELDS, given, kept)) if check is not None else {}
    return {**beside, **found}


def _together(
    fields: Iterable[Field], given: Mapping[str, str], kept: Mapping[str, str]
) -> dict[str, str]:
    """What it would be with what was typed: a secret that is not typed is the one that is kept."""
    values = {}
    for field in fields:
        typed = rules.cleaned(field.name, given.get(field.name))
        stays = field.secret or field.name not in given
        values[field.name] = typed or (kept.get(field.name) if stays else "") or field.default
    return values


def _sentence(why: str, field: Field) -> str:
    own = {
        "missing": _("请填写“%(label)s”"),
        "choice": _("请从列表里选择"),
        "number": _("请填写数字"),
    }
    return (own[why] % {"label": field.label}) if why in own else sentence_of(why)


def put_in(hook: Hook, given: Mapping[str, str]) -> None:
    """What was typed, onto the row: secrets sealed, the rest as options."""
    connector = connector_of(hook.connector)
    for field in connector.FIELDS if connector else ():
        text = rules.cleaned(field.name, given.get(field.name))
        if field.secret:
            hook.keep_secrets(**{field.name: text})
        elif field.name in given:
            hook.options = {**hook.options, field.name: text}


@transaction.atomic
def set_up(
    hook: Hook,
    *,
    by: User,
    name: str,
    enabled: bool,
    team: Team | None,
    given: Mapping[str, str],
) -> Hook:
    """Connect it, or change it. Raises Invalid with each field of its kind that is wrong; a secret
    that is not given stays as it is."""
    can_manage_hooks.require(by, hook)
    faults = faults_of(hook.connector, given, kept={**hook.secrets, **hook.options})
    if faults:
        raise Invalid("；".join(faults.values()), **faults)
    hook.name, hook.enabled, hook.team = name.replace("\x00", ""), enabled, team
    put_in(hook, given)
    hook.save()
    return hook


@transaction.atomic
def rotate(hook: Hook, *, by: User) -> str:
    """A new secret, to be shown once; for a day the one before is valid too."""
    can_manage_hooks.require(by, hook)
    hook.earlier_salt, hook.earlier_until = hook.salt, moment.now() + BOTH_VALID_FOR
    hook.salt = new_salt()
    hook.save(update_fields=["salt", "earlier_salt", "earlier_until"])
    return hook.secret


@transaction.atomic
def drop_earlier(hook: Hook, *, by: User) -> None:
    """The secret before is valid no more: at once, for instance when it got known."""
    can_manage_hooks.require(by, hook)
    hook.earlier_salt, hook.earlier_until = "", None
    hook.save(update_fields=["earlier_salt", "earlier_until"])


def tried(hook: Hook, *, by: User) -> tuple[bool, str]:
    """A real try of the other side: whether it went well, and what was said."""
    can_try_channels.require(by, None)
    connector = connector_of(hook.connector)
    if connector is None:
        return False, _("没有安装这种接入")
    try:
        return True, connector.probe(hook)
    except Refused as refusal:
        return False, str(refusal.sentence)


def try_out(hook: Hook, *, by: User) -> str:
    """The same, refused with the reason when it does not work."""
    well, words = tried(hook, by=by)
    if not well:
        raise Refused(words)
    return words


def take_again(arrival: Arrival, *, by: User) -> None:
    can_see_arrivals.require(by, arrival)
    if not again(arrival):
        raise Refused(_("这一条不是处理失败的，请刷新页面查看最新状态"))


@dataclass(frozen=True)
class Original:
    """A message as it came, and what was sealed in it, or why that stays closed."""

    text: str
    opened: str = ""
    closed: str = ""

    @property
    def is_sealed(self) -> bool:
        return bool(self.opened or self.closed)


def read_raw(arrival: Arrival, *, by: User, reason: str) -> Original:
    """The body as it came, which is the evidence, and opened where it is sealed; who read it, and
    why, is kept first."""
    can_read_raw.require(by, arrival)
    asked = {"arrival": str(arrival.pk), "hook": arrival.hook.code}
    record_export(by=by, reason=reason, kind="arrival", asked=asked, rows=1)
    text = _shown(bytes(arrival.raw))
    unsealed = getattr(connector_of(arrival.hook.connector), "unsealed", None)
    if unsealed is None:
        return Original(text)
    try:
        opened = unsealed(arrival)
    except Refused as refusal:
        return Original(text, closed=str(refusal.sentence))
    return Original(text, opened=_shown(opened) if opened is not None else "")


def _shown(body: bytes) -> str:
    text = body.decode("utf-8", "replace")[:LONGEST_SHOWN]
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)


def went_out(hook: Hook, error: str = "") -> None:
    """How the last call outwards went, for the page of channels."""
    now = moment.now()
    fields: dict[str, Any] = {"left_ok_at": now, "left_error": "", "left_failed_at": None}
    if error:
        fields = {"left_error": error, "left_failed_at": now}
    # After the transaction, so that a slow other side does not hold the row of its account.
    transaction.on_commit(lambda: Hook.objects.filter(pk=hook.pk).update(**fields) and None)
