"""What sort of mail it is and what becomes of it: one step after the other, the first that applies
decides. Pure. The table of the steps stands in docs/mail.md.

Words of a subject alone take no mail away: people complain of parcels “未送达” and of automatic
answers. It is a machine's when a technical mark says so too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiyin.journey.channels.mail.reading.shape import Read
from huiyin.journey.channels.mail.rules.case import Case, Known, by_name
from huiyin.journey.channels.mail.words import Nature, SignKind

AFTER_OURS = timedelta(minutes=2)  # an answer so fast after a letter of ours looks automatic
DEPTH = 4000  # characters within which a mail that brings a code has said it
# What such a mail brings: a code beside the word for it or on a line of its own, or a link.
BRINGS = re.compile(
    r"(?:码|碼|密码|code|password|pin)[^\d\n]{0,20}(?<!\d)\d{4,8}(?![\d年/.-])"
    r"|(?<!\d)\d{4,8}(?!\d)[^\d\n]{0,12}(?:验证码|校验码|驗證碼|code)"
    r"|^[ \t]*\d{4,8}[ \t]*$|https?://",
    re.IGNORECASE | re.MULTILINE,
)
LINK = re.compile(r"href\s*=\s*[\"']?https?://", re.IGNORECASE)


class Do(StrEnum):
    REGISTER = "register"
    THREAD = "thread"
    HOLD = "hold"  # a person looks at it
    NOTE = "note"  # a line in the story of its complaint, no more
    IGNORE = "ignore"


@dataclass(frozen=True)
class Verdict:
    nature: Nature
    do: Do
    why: str | Promise = ""
    quiet: bool = False  # nothing automatic answers it, whatever becomes of it


SUBJECTS = (  # what a subject alone may say, and then it is a person's word
    SignKind.BOUNCE,
    SignKind.RECEIPT,
    SignKind.OUT_OF_OFFICE,
    SignKind.AUTO_REPLY,
    SignKind.IDENTITY,
)

Step = Callable[[Case], Verdict | None]


def judge(read: Read, known: Known) -> Verdict:
    case = Case(read, known, by_name(read, known))
    for step in STEPS:
        if verdict := step(case):
            return replace(verdict, quiet=True) if _is_quiet(case) else verdict
    if _is_quiet(case):
        why = _("像自动邮件，但没有足够的标记：按普通来信处理，不自动答复")
        return Verdict(Nature.ORDINARY, Do.REGISTER, why, quiet=True)
    return Verdict(Nature.ORDINARY, Do.REGISTER, _("普通来信"))


def _is_quiet(case: Case) -> bool:
    """Whatever might be a machine gets no automatic answer: two of them would never end."""
    return case.marked or any(case.says(kind) for kind in SUBJECTS)


def _by_subject(case: Case, kind: SignKind, nature: Nature, why: Promise) -> Verdict | None:
    """A subject with a mark of a machine is noted; one that may well be the answer of a machine to
    a letter of ours waits for a person; every other is what a person wrote."""
    sign = case.says(kind)
    if sign is None:
        return None
    if case.marked:
        return Verdict(nature, Do.NOTE, why)
    if case.answers(sign):
        return Verdict(nature, Do.HOLD, _("主题像自动邮件，但没有自动邮件的标记"))
    return None


def own(case: Case) -> Verdict | None:
    """A copy of what we sent comes back; or somebody writes as us, which a person looks at."""
    if case.read.sender.address not in case.known.own_addresses:
        return None
    if case.known.sent_by_us:
        return Verdict(Nature.OWN, Do.IGNORE, _("本系统发出的邮件又回到信箱"))
    if case.report:
        return None  # a mailbox's own server reports in its name
    return Verdict(Nature.OWN, Do.HOLD, _("发件人是本单位的信箱，但不是本系统发出的"))


def bounce(case: Case) -> Verdict | None:
    """A returned mail is news about a letter, never a word of a customer (RFC 3464). One sign is
    not enough: a null path may be any program's, and a postmaster may complain himself."""
    if case.report == "dsn":
        if case.read.report.get("action", "").lower() in ("delivered", "relayed", "expanded"):
            return Verdict(Nature.RECEIPT, Do.NOTE, _("送达回执"))
        return Verdict(Nature.BOUNCE, Do.NOTE, _("退信报告"))
    if case.marks(SignKind.BOUNCE) > 1 or (case.shows(SignKind.BOUNCE) and case.returns_ours):
        return Verdict(Nature.BOUNCE, Do.NOTE, _("退信：由邮件系统发出"))
    return _by_subject(case, SignKind.BOUNCE, Nature.BOUNCE, _("退信：由邮件系统发出"))


def receipt(case: Case) -> Verdict | None:
    """That it was read says nothing new (RFC 8098)."""
    if case.report == "mdn" or case.shows(SignKind.RECEIPT):
        return Verdict(Nature.RECEIPT, Do.NOTE, _("阅读回执"))
    return _by_subject(case, SignKind.RECEIPT, Nature.RECEIPT, _("阅读回执"))


def spam(case: Case) -> Verdict | None:
    """The gateway has looked; its mark is respected, and a person can still take the mail."""
    if case.shows(SignKind.SPAM):
        return Verdict(Nature.SPAM, Do.HOLD, _("邮件网关标为垃圾邮件"))
    return None


def out_of_office(case: Case) -> Verdict | None:
    """Worth a line in the story: the customer is away."""
    if case.shows(SignKind.OUT_OF_OFFICE):
        return Verdict(Nature.OUT_OF_OFFICE, Do.NOTE, _("外出自动回复"))
    return _by_subject(case, SignKind.OUT_OF_OFFICE, Nature.OUT_OF_OFFICE, _("外出自动回复"))


def auto_reply(case: Case) -> Verdict | None:
    """Who answers a machine starts a loop (RFC 3834)."""
    if case.shows(SignKind.AUTO_REPLY):
        return Verdict(Nature.AUTO_REPLY, Do.NOTE, _("自动回复"))
    return _by_subject(case, SignKind.AUTO_REPLY, Nature.AUTO_REPLY, _("自动回复"))


def from_system(case: Case) -> Verdict | None:
    """One sign of a mail system and nothing else: a person looks."""
    if case.shows(SignKind.BOUNCE):
        return Verdict(Nature.BOUNCE, Do.HOLD, _("像邮件系统发出的，但看不出是退信"))
    return None


def identity(case: Case) -> Verdict | None:
    """A code sent to our address belongs to somebody's account elsewhere: no customer may read it
    by way of a complaint (V62). Who complains that no code comes brings none."""
    brings = case.marked or case.shows(SignKind.LIST) or _brings_code(case.read)
    if case.shows(SignKind.IDENTITY) or (brings and case.says(SignKind.IDENTITY)):
        return Verdict(Nature.IDENTITY, Do.HOLD, _("验证码、账号通知或不接收回复的发件人"))
    return None


def _brings_code(read: Read) -> bool:
    said = f"{read.subject}\n{read.text[:DEPTH]}"
    return bool(BRINGS.search(said) or LINK.search(read.html, 0, 20 * DEPTH))


def list_(case: Case) -> Verdict | None:
    """Sent to many. A person looks. Where our own address is a list, its marks say nothing
    (`by_name`)."""
    if case.shows(SignKind.LIST):
        return Verdict(Nature.LIST, Do.HOLD, _("邮件列表或群发邮件"))
    return None


def unsure(case: Case) -> Verdict | None:
    """An address that can be read in two ways is nobody's (CVE-2023-27043)."""
    if not case.read.sender.address:
        return Verdict(Nature.ORDINARY, Do.HOLD, _("发件人地址无法确定"))
    return None


def loop(case: Case) -> Verdict | None:
    """Two machines that mark nothing: stopped after three rounds, whatever they say. Who answers a
    person of ours at once is no machine, so only our automatic letters count."""
    if case.known.rounds > case.known.most_rounds:
        return Verdict(Nature.ORDINARY, Do.HOLD, _("多次在我方来信后立即来信，疑似自动往返"))
    return None


def flood(case: Case) -> Verdict | None:
    """So many in an hour is no person, or one who needs a person."""
    if case.known.lately > case.known.most_lately:
        return Verdict(Nature.ORDINARY, Do.HOLD, _("同一发件人一小时内来信过多"))
    return None


def encrypted(case: Case) -> Verdict | None:
    """We cannot read it; somebody who can must."""
    if "encrypted" in case.read.doubts:
        return Verdict(Nature.ORDINARY, Do.HOLD, _("邮件已加密，无法读取正文"))
    return None


def thread(case: Case) -> Verdict | None:
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
    from_system,
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
