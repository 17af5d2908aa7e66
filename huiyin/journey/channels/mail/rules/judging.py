"""What sort of mail it is and what becomes of it: one step after the other, the first that applies
decides. Pure. The table of the steps stands in docs/mail.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiyin.journey.channels.mail.reading.shape import Read
from huiyin.journey.channels.mail.rules.signs import Sign, found
from huiyin.journey.channels.mail.words import Nature, SignKind

AFTER_OURS = timedelta(minutes=2)  # an answer so fast after a letter of ours looks automatic


class Do(StrEnum):
    REGISTER = "register"
    THREAD = "thread"
    HOLD = "hold"  # a person looks at it
    NOTE = "note"  # a line in the story of its complaint, no more
    IGNORE = "ignore"


@dataclass(frozen=True)
class Known:
    """What the house knows beside the mail itself."""

    own_addresses: frozenset[str] = frozenset()
    sent_by_us: bool = False  # its Message-ID is that of a letter of ours
    proven: bool = False  # a token proves letter and recipient, and the complaint is open
    lately: int = 0  # mails of this sender in the last hour, this one too
    rounds: int = 0  # of them in a day, such as came at once after a letter of ours
    signs: Sequence[Sign] = ()
    most_lately: int = 20
    most_rounds: int = 3


@dataclass(frozen=True)
class Verdict:
    nature: Nature
    do: Do
    why: str | Promise = ""


@dataclass(frozen=True)
class _Case:
    read: Read
    known: Known
    headers: dict[str, list[str]] = field(default_factory=dict)

    def shows(self, kind: SignKind) -> bool:
        return found(self.known.signs, kind, self.headers) is not None


Step = Callable[[_Case], Verdict | None]


def judge(read: Read, known: Known) -> Verdict:
    case = _Case(read, known, _by_name(read))
    for step in STEPS:
        if verdict := step(case):
            return verdict
    return Verdict(Nature.ORDINARY, Do.REGISTER, _("普通来信"))


def own(case: _Case) -> Verdict | None:
    """A copy of what we sent comes back; or somebody writes as us, which a person looks at."""
    if case.read.sender.address not in case.known.own_addresses:
        return None
    if case.known.sent_by_us:
        return Verdict(Nature.OWN, Do.IGNORE, _("本系统发出的邮件又回到信箱"))
    if case.read.report.get("type"):
        return None  # a mailbox's own server reports in its name
    return Verdict(Nature.OWN, Do.HOLD, _("发件人是本单位的信箱，但不是本系统发出的"))


def bounce(case: _Case) -> Verdict | None:
    """A returned mail is news about a letter, never a word of a customer (RFC 3464)."""
    report = case.read.report
    if report.get("type") == "dsn":
        if report.get("action", "").lower() in ("delivered", "relayed", "expanded"):
            return Verdict(Nature.RECEIPT, Do.NOTE, _("送达回执"))
        return Verdict(Nature.BOUNCE, Do.NOTE, _("退信报告"))
    if case.shows(SignKind.BOUNCE):
        return Verdict(Nature.BOUNCE, Do.NOTE, _("退信：由邮件系统发出"))
    return None


def receipt(case: _Case) -> Verdict | None:
    """That it was read says nothing new (RFC 8098)."""
    if case.read.report.get("type") == "mdn" or case.shows(SignKind.RECEIPT):
        return Verdict(Nature.RECEIPT, Do.NOTE, _("阅读回执"))
    return None


def spam(case: _Case) -> Verdict | None:
    """The gateway has looked; its mark is respected, and a person can still take the mail."""
    if case.shows(SignKind.SPAM):
        return Verdict(Nature.SPAM, Do.HOLD, _("邮件网关标为垃圾邮件"))
    return None


def out_of_office(case: _Case) -> Verdict | None:
    """Worth a line in the story: the customer is away."""
    if case.shows(SignKind.OUT_OF_OFFICE):
        return Verdict(Nature.OUT_OF_OFFICE, Do.NOTE, _("外出自动回复"))
    return None


def auto_reply(case: _Case) -> Verdict | None:
    """Who answers a machine starts a loop (RFC 3834)."""
    if case.shows(SignKind.AUTO_REPLY):
        return Verdict(Nature.AUTO_REPLY, Do.NOTE, _("自动回复"))
    return None


def identity(case: _Case) -> Verdict | None:
    """A code sent to our address belongs to somebody's account elsewhere: no customer may read it
    by way of a complaint (V62)."""
    if case.shows(SignKind.IDENTITY):
        return Verdict(Nature.IDENTITY, Do.HOLD, _("验证码、账号通知或不接收回复的发件人"))
    return None


def list_(case: _Case) -> Verdict | None:
    """Sent to many. A person looks: an address of ours may be a list itself."""
    if case.shows(SignKind.LIST):
        return Verdict(Nature.LIST, Do.HOLD, _("邮件列表或群发邮件"))
    return None


def unsure(case: _Case) -> Verdict | None:
    """An address that can be read in two ways is nobody's (CVE-2023-27043)."""
    if not case.read.sender.address:
        return Verdict(Nature.ORDINARY, Do.HOLD, _("发件人地址无法确定"))
    return None


def loop(case: _Case) -> Verdict | None:
    """Two machines that mark nothing: stopped after three rounds, whatever they say."""
    if case.known.rounds > case.known.most_rounds:
        return Verdict(Nature.ORDINARY, Do.HOLD, _("多次在我方来信后立即来信，疑似自动往返"))
    return None


def flood(case: _Case) -> Verdict | None:
    """So many in an hour is no person, or one who needs a person."""
    if case.known.lately > case.known.most_lately:
        return Verdict(Nature.ORDINARY, Do.HOLD, _("同一发件人一小时内来信过多"))
    return None


def encrypted(case: _Case) -> Verdict | None:
    """We cannot read it; somebody who can must."""
    if "encrypted" in case.read.doubts:
        return Verdict(Nature.ORDINARY, Do.HOLD, _("邮件已加密，无法读取正文"))
    return None


def thread(case: _Case) -> Verdict | None:
    """Only the token of a letter that went to this very sender opens a thread (V53)."""
    if case.known.proven:
        return Verdict(Nature.ORDINARY, Do.THREAD, _("回复了我方发给此人的邮件"))
    return None


STEPS: tuple[Step, ...] = (
    own,
    bounce,
    receipt,
    spam,
    out_of_office,
    auto_reply,
    identity,
    list_,
    unsure,
    loop,
    flood,
    encrypted,
    thread,
)


def rounds(received: Sequence[datetime], sent: Sequence[datetime]) -> int:
    """How many mails came at once after a letter of ours to the same person."""
    return sum(any(one <= at <= one + AFTER_OURS for one in sent) for at in received)


def _by_name(read: Read) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in read.headers:
        headers.setdefault(name.lower(), []).append(value)
    headers["from"] = [read.sender.address]
    headers["subject"] = [read.subject]
    return headers
