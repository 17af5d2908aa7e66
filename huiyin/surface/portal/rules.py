"""Limits, codes as they are typed, and moments as a customer reads them. Pure."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.utils.translation import gettext as _

from huiyin.surface.portal.words import Counted

CODE = re.compile(r"[2-9A-HJ-NP-Z]{26}")
# Compared with when there is no such number: the same work, never equal to anything typed.
NO_CODE = "-" * 26
REOPENS_WITHIN = timedelta(days=30)
MOST_FILES = 6


@dataclass(frozen=True)
class Limit:
    most: int
    within: timedelta


LIMITS: dict[Counted, Limit] = {
    # A whole office or a mobile carrier may share an address; a flood is larger than this.
    Counted.COMPLAINT_BY_ADDRESS: Limit(20, timedelta(hours=1)),
    Counted.COMPLAINT_BY_CONTACT: Limit(5, timedelta(days=1)),
    Counted.TRY_BY_ADDRESS: Limit(10, timedelta(hours=1)),
    Counted.TRY_BY_NUMBER: Limit(10, timedelta(hours=1)),
    Counted.MESSAGE: Limit(20, timedelta(hours=1)),
    Counted.ESCALATION: Limit(1, timedelta(hours=24)),
    # V58: a stranger may name any address; it hears of us once a day at most.
    Counted.LETTER: Limit(1, timedelta(hours=24)),
}


def window_start(now: datetime, within: timedelta) -> datetime:
    """The beginning of the window that `now` lies in; windows are counted from 1970."""
    seconds = int(within.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


def network_of(address: str) -> str:
    """Whom an address stands for: itself, or the /64 of IPv6, which is one household."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def typed_code(typed: str) -> str:
    """The code without the blanks and dashes people put in; "" when it cannot be one."""
    text = re.sub(r"[\s\-–—_.]", "", unicodedata.normalize("NFKC", typed)).upper()
    return text if CODE.fullmatch(text) else ""


def opens(typed: str, kept: str | None) -> bool:
    """Whether the typed code is the kept one, in the same time for right, wrong and none."""
    code = typed_code(typed)
    same = compare_digest((code or "?" * 26).encode(), (kept or NO_CODE).encode())
    return bool(code) and same and kept is not None


def until(due: datetime, now: datetime) -> str:
    """A moment as one says it: 今天 18:00 前, 明天 9:30 前, 11月25日 12:00 前. Both local."""
    clock = f"{due:%H:%M}"
    days = (due.date() - now.date()).days
    if days == 0:
        return _("今天 %(clock)s 前") % {"clock": clock}
    if days == 1:
        return _("明天 %(clock)s 前") % {"clock": clock}
    return _("%(month)s月%(day)s日 %(clock)s 前") % {
        "month": due.month,
        "day": due.day,
        "clock": clock,
    }


def may_judge(status: str, closed_at: datetime | None, now: datetime) -> bool:
    """A result can be judged once it was told, and until 30 days after the end."""
    if status in {"RES", "FUV"}:
        return True
    return status == "CLO" and closed_at is not None and now <= closed_at + REOPENS_WITHIN


def folded(lines: Iterable[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
    """The same sentence twice in a row is told once, with its last moment."""
    told: list[tuple[str, datetime]] = []
    for sentence, at in lines:
        if told and told[-1][0] == sentence:
            told[-1] = (sentence, at)
        else:
            told.append((sentence, at))
    return told
