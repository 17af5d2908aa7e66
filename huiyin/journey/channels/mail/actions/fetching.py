"""Pictures of a mail: from within it, or from outside by our own request, never by the reader's.

From outside: https only, public addresses only (the guard of the webhooks; none of the house's own
hosts), two redirects at most, each judged again, no cookie, limits of size and time; and what
comes is painted anew by a child.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings

from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.actions.posting import Unreached
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.journey.channels.mail import reading
from huiyin.journey.channels.mail.models import Part
from huiyin.journey.channels.mail.reading import beside
from huiyin.journey.channels.mail.words import PictureFault

LARGEST = 3 * 1024 * 1024
MOST = 20
SECONDS = 20.0  # for all of a mail
REDIRECTS = 2
INNER: tuple[str, ...] = ()  # no host of the house is asked for pictures, whatever a mail says
ASKED = {
    "User-Agent": "Huiyin-Images/1",
    "Accept": "image/png,image/jpeg,image/gif,image/webp",
    "Content-Type": "text/plain",
}


@dataclass(frozen=True)
class Fetched:
    """A picture, or why there is none."""

    address: str
    data: bytes = b""
    fault: str = ""


def fetched(wanted: Iterable[str]) -> list[Fetched]:
    """Of those that were tried within the time."""
    began, found = time.monotonic(), []
    for address in list(wanted)[:MOST]:
        if time.monotonic() - began > SECONDS:
            break
        data, fault = _fetched(address)
        painted = beside.painted(data) if data else b""
        fault = fault or ("" if painted else PictureFault.SPOILT)
        found.append(Fetched(address, painted, fault))
    return found


def _fetched(address: str) -> tuple[bytes, str]:
    for _hop in range(REDIRECTS + 1):
        try:
            reply = posting.send("GET", _safe(address), headers=ASKED, most=LARGEST, inner=INNER)
        except Forbidden:
            return b"", PictureFault.FORBIDDEN
        except Unreached:
            return b"", PictureFault.UNREACHED
        if reply.status == 200:
            return reply.body, ""
        if reply.status not in (301, 302, 303, 307, 308) or not reply.location:
            return b"", PictureFault.REFUSED
        address = urljoin(address, reply.location)
    return b"", PictureFault.REFUSED


def _safe(address: str) -> str:
    """Asked for over https, where it was written without, unless it is one of INNER (tests)."""
    plain = address[:7].lower() == "http://"
    return f"https://{address[7:]}" if plain and not INNER else address


def bytes_of(part: Part) -> bytes:
    """A file of a mail: from the evidence it became, else from the mail as it came."""
    if part.evidence is not None:
        return (Path(settings.EVIDENCE_DIR) / part.evidence.path).read_bytes()
    try:
        return reading.part_bytes(bytes(part.mail.raw), part.place)
    except reading.Unreadable:
        return b""
