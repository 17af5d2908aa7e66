"""What a connector is: one module per kind of outside system, named in settings (`CONNECTORS`).

    LABEL   = gettext_lazy("…")           what people call it
    CHANNEL = Channel.SOCIAL              which channel it belongs to
    FIELDS  = (Field("app_id", _("…")), Field("token", _("…"), secret=True))

    def verify(hook, request, now) -> Verified    raises Unsigned; nothing else is done here
    def take(arrival) -> str                      in a transaction, may run twice; what came of it
    def probe(hook) -> str                        a real try of the other side; raises Refused

and may have, each optional:

    OWN_SECRET = True                     the secret that they sign with is ours; shown once
    OUTWARD = True                        nothing comes in by our address: we go and ask
    OWN_HEALTH = True                     its channel gives the row of its health by itself
    def told(hook, address) -> str        what else they are to be told, on its page
    def unsealed(arrival) -> bytes|None   what was sealed in it, for who may read it; raises Refused

`verify` decides from signature and time alone, and gives the key by which the same message is known
again. `take` reads the copy that was kept and calls the actions of its channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings

from huiyin.journey.channels.hooks.models import Arrival, Hook


@dataclass(frozen=True)
class Field:
    """One thing that is typed in to set it up."""

    name: str
    label: Any
    help: Any = ""
    secret: bool = False
    required: bool = True
    choices: tuple[tuple[str, Any], ...] = ()
    kind: str = "text"  # text, url, number, yes
    default: str = ""


@dataclass(frozen=True)
class Request:
    """What came in, without the web: names of headers in lower case."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Verified:
    """It is from whom it says. Without a key nothing is kept: it was only a greeting."""

    key: str
    answer: bytes = b""
    answer_type: str = "text/plain; charset=utf-8"
    facts: dict[str, Any] = field(default_factory=dict)
    resealed: bool = False  # sealed anew each time: other bytes may be the same message
    once: str = ""  # a signature that does not cover the body: it stands for one body only
    at_once: bool = False  # somebody waits for it: it is taken now; should that fail, by the worker


class Unsigned(Exception):  # noqa: N818 — an answer, no error of ours
    """Not signed by the system it says it is, or not within five minutes of now."""


class Connector(Protocol):
    LABEL: Any
    CHANNEL: str
    FIELDS: tuple[Field, ...]

    def verify(self, hook: Hook, request: Request, now: datetime) -> Verified: ...

    def take(self, arrival: Arrival) -> str: ...

    def probe(self, hook: Hook) -> str: ...


def connector_of(kind: str) -> Connector | None:
    """The module of this kind; None for one that is no longer installed."""
    named = settings.CONNECTORS.get(kind)
    return import_module(named) if named else None  # type: ignore[return-value]


def option(hook: Hook, name: str) -> str:
    """What was typed in for it; what was not, as the connector begins."""
    typed = str(hook.options.get(name, "") or "")
    if typed:
        return typed
    connector = connector_of(hook.connector)
    fields = connector.FIELDS if connector else ()
    return next((one.default for one in fields if one.name == name), "")


def label_of(kind: str) -> str:
    connector = connector_of(kind)
    return str(connector.LABEL) if connector else kind


def makes_secret(kind: str) -> bool:
    return bool(getattr(connector_of(kind), "OWN_SECRET", False))


def is_outward(kind: str) -> bool:
    return bool(getattr(connector_of(kind), "OUTWARD", False))


def connectors() -> dict[str, Connector]:
    return {kind: found for kind in settings.CONNECTORS if (found := connector_of(kind))}
