"""The shape of what was read in a mail."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    signed: str = ""  # "smime" or "pgp": kept as evidence, never shown as verified
    doubts: tuple[str, ...] = ()  # codes of what was odd: wrong_charset, too_many_parts …
    fault: str = ""
