"""What may stand in a header of a mail that we send. Pure.

Everything that comes from people, from rows or from mails of others goes through here: one line,
no control and no direction characters, so a value never becomes a header (V55).
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_LOCAL = 64  # RFC 5321; a longer one is refused by some servers
ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,250}>", re.ASCII)
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
ANSWERED = re.compile(
    r"(?:re|aw|sv|fwd?|回复|答复|回覆|转发|轉寄)\s*(?:\[\d+\])?\s*[:：]\s*", re.IGNORECASE
)
NEVER = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
MOST_REFERENCES = 20


def line(text: str, most: int = 200) -> str:
    """The text as one line of plain characters."""
    kept = "".join(" " if unicodedata.category(c) in NEVER else c for c in text)
    return " ".join(kept.split())[:most]


def untitled(subject: str) -> str:
    """A subject without the marks of answers before it, as mail programs compare it."""
    bare = line(subject)
    while mark := ANSWERED.match(bare):
        bare = bare[mark.end() :]
    return bare.strip()


def address(text: str) -> str:
    """The address, or "" when it is not plainly one: what cannot be told for sure gets no mail."""
    text = text.strip()
    return text if ADDRESS.fullmatch(text) and ".." not in text else ""


def domain_of(text: str) -> str:
    domain = address(text).rpartition("@")[2].lower()
    return domain or "localhost"


def ids(text: str) -> list[str]:
    """The Message-IDs in a header of somebody else's mail, each once, none that is no id."""
    return list(dict.fromkeys(ID.findall(text)))


def references(earlier: str, last: str) -> str:
    """The first and the latest of a long thread, the last one at its end."""
    chain = [one for one in ids(earlier) if one != last]
    if len(chain) > MOST_REFERENCES:
        chain = [chain[0], *chain[-(MOST_REFERENCES - 1) :]]
    return " ".join([*chain, *ids(last)])


def plus(mailbox: str, mark: str) -> str:
    """service+mark@example.com; "" where that would be too long for a mail server."""
    local, _at, domain = mailbox.rpartition("@")
    longer = f"{local}+{mark}"
    return f"{longer}@{domain}" if len(longer) <= LONGEST_LOCAL and address(mailbox) else ""
