"""The shape of what was read in a mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Limits:
    """How much of a mail is looked at, and how long; held before anything is parsed."""

    size: int = 25 * 1024 * 1024  # bytes of the whole mail
    header: int = 64 * 1024  # bytes of one header
    headers: int = 1000
    parts: int = 500
    depth: int = 50
    text: int = 1_000_000  # characters of text, and of HTML
    cpu: int = 4  # seconds
    wall: float = 20.0  # seconds, on a machine that is busy with other things
    memory: int = 256 * 1024 * 1024  # bytes of address space


USUAL = Limits()


@dataclass(frozen=True)
class Address:
    address: str  # lower case, "" when none could be read for sure (CVE-2023-27043)
    name: str = ""


@dataclass(frozen=True)
class File:
    """A part that is a file; its bytes come out of the raw mail by `place`."""

    place: int
    name: str
    media_type: str
    size: int
    content_id: str = ""
    inline: bool = False
    inside: str = ""  # the name of the mail within this mail that it came in


@dataclass(frozen=True)
class Read:
    """`fault`: why it could not be read, or not completely; the rest is then what there is."""

    internet_id: str = ""
    sender: Address = field(default_factory=lambda: Address(""))
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    date: str = ""  # ISO 8601 as the sender's clock says; starts nothing
    in_reply_to: str = ""
    references: str = ""
    headers: tuple[tuple[str, str], ...] = ()  # those the pipeline judges by, and for the reader
    text: str = ""  # the plain part, or the HTML in words
    html: str = ""  # as it came, not cleaned
    files: tuple[File, ...] = ()
    report: dict[str, str] = field(default_factory=dict)  # of a DSN/MDN: status, recipient, our id
    body_hash: str = ""  # of everything behind the headers, line ends as one kind
    signed: str = ""  # "smime" or "pgp": kept as evidence, never shown as verified
    doubts: tuple[str, ...] = ()  # codes of what was odd: wrong_charset, too_many_parts …
    fault: str = ""


def from_json(known: dict[str, Any]) -> Read:
    """What the child wrote (`dataclasses.asdict`, as JSON), as it was."""
    lists = {"reply_to": Address, "to": Address, "cc": Address, "files": File}
    made: dict[str, Any] = dict(known)
    for name, kind in lists.items():
        made[name] = tuple(kind(**one) for one in made[name])
    made["sender"] = Address(**made["sender"])
    made["headers"] = tuple((name, value) for name, value in made["headers"])
    made["doubts"] = tuple(made["doubts"])
    return Read(**made)
