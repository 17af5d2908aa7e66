"""What there is to judge a mail by: what it shows, what the house knows beside it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from huiyin.journey.channels.mail.reading.shape import Read
from huiyin.journey.channels.mail.rules.signs import Sign, found, rest, subject_of
from huiyin.journey.channels.mail.words import SignKind

REPORT = ("multipart/report", "message/delivery-status", "message/disposition-notification")
TECHNICAL = (
    SignKind.MACHINE,
    SignKind.BOUNCE,
    SignKind.RECEIPT,
    SignKind.OUT_OF_OFFICE,
    SignKind.AUTO_REPLY,
)
OF_LISTS = ("list-", "x-mailing-list", "mailing-list", "precedence")  # what a list adds


@dataclass(frozen=True)
class Known:
    """What the house knows beside the mail itself."""

    own_addresses: frozenset[str] = frozenset()
    sent_by_us: bool = False  # its Message-ID is that of a letter of ours
    proven: bool = False  # a token proves letter and recipient, and the complaint is open
    lately: int = 0  # mails of this sender in the last hour, this one too
    rounds: int = 0  # of them in a day, such as came at once after an automatic letter of ours
    asked: frozenset[str] = frozenset()  # subjects of our letters to this sender, `subject_of`
    signs: Sequence[Sign] = ()
    most_lately: int = 20
    most_rounds: int = 3


@dataclass(frozen=True)
class Case:
    read: Read
    known: Known
    headers: dict[str, list[str]] = field(default_factory=dict)  # without the subject

    def shows(self, kind: SignKind) -> bool:
        """By a technical header, or by who sent it."""
        return found(self.known.signs, kind, self.headers) is not None

    def says(self, kind: SignKind) -> Sign | None:
        """By the words of its subject, which anybody may choose."""
        return found(self.known.signs, kind, {"subject": [self.read.subject]})

    def marks(self, kind: SignKind) -> int:
        """How many different headers show it, the subject with them."""
        shown = (found(self.known.signs, kind, {name: v}) for name, v in self.headers.items())
        return sum(sign is not None for sign in shown) + (self.says(kind) is not None)

    @property
    def marked(self) -> bool:
        """Whether a program has marked it as its own, of whatever kind."""
        return bool(self.report) or any(self.shows(kind) for kind in TECHNICAL)

    @property
    def report(self) -> str:
        """“dsn” or “mdn” of a report; "" of a person's mail that has one among its files."""
        whole = any(v.lower().startswith(REPORT) for v in self.headers.get("content-type", ()))
        if whole or self.shows(SignKind.MACHINE) or self.shows(SignKind.BOUNCE):
            return self.read.report.get("type", "")
        return ""

    def answers(self, sign: Sign) -> bool:
        """Whether a subject says nothing but the sign and what a letter of ours was called."""
        beyond = rest(sign.pattern, self.read.subject)
        if not beyond:
            return self.known.proven or self.returns_ours
        return subject_of(beyond) in self.known.asked

    @property
    def returns_ours(self) -> bool:
        """It has a letter of ours in it, and not because it answers one."""
        ours = self.read.report.get("our_id", "").lower()
        return bool(ours) and ours not in f"{self.read.in_reply_to} {self.read.references}".lower()


def by_name(read: Read, known: Known) -> dict[str, list[str]]:
    """Without the subject; and of a mail that came by a list of our own without what that added."""
    headers: dict[str, list[str]] = {}
    for name, value in read.headers:
        headers.setdefault(name.lower(), []).append(value)
    headers.pop("subject", None)
    headers["from"] = [read.sender.address]
    if _is_list_of_ours(headers, known.own_addresses):
        return {name: v for name, v in headers.items() if not name.startswith(OF_LISTS)}
    return headers


def _is_list_of_ours(headers: dict[str, list[str]], own: frozenset[str]) -> bool:
    """Whether the list that sent it on is one of our addresses (RFC 2919, RFC 2369)."""
    names = " ".join(headers.get("list-id", ())).lower()
    posts = " ".join((*headers.get("list-post", ()), *headers.get("x-mailing-list", ()))).lower()
    return any(
        f"<{one.replace('@', '.')}>" in names or f"<mailto:{one}>" in posts or f"<{one}>" in posts
        for one in own
    )
