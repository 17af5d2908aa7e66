"""What an outside account allows for one person at one moment; and the moments of windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.social.models import Account
from huiyin.journey.conversation.rules import Measure, Takes

WINDOW = timedelta(hours=48)
MOST_FILES = 20  # where nobody counts messages


@dataclass(frozen=True)
class Limits:
    most: int
    measure: Measure | None = None
    until: datetime | None = None
    closed: str = ""
    refusal: str = ""
    takes: tuple[Takes, ...] = ()  # sorts of files that can go with an answer
    most_files: int = 0  # 0, where it takes some: as many as one likes
    most_bytes: int = 0  # of them together; 0: none can go
    files_told: str = ""
    no_files: str = ""  # why none can, as a sentence
    left: int | None = None  # messages that the window still allows, where they are counted


def of_window(
    account: Account,
    now: datetime,
    *,
    most: int,
    measure: Measure | None = None,
    answers: int = 0,
    takes: tuple[Takes, ...] = (),
) -> Limits:
    """48 hours since he last spoke, and so many answers in it: the words are one, and each file."""
    if account.follows is False:
        return Limits(
            most,
            measure,
            closed=_("已取消关注"),
            refusal=_("这位客户已取消关注，平台不再允许发消息，请改用其他方式回复"),
        )
    until = account.spoke_at + WINDOW if account.spoke_at else None
    if until is None or now > until:
        return Limits(
            most,
            measure,
            closed=_("超过 48 小时"),
            refusal=_("客户最后一次说话已超过 48 小时，平台不再允许回复，请改用其他方式"),
        )
    if answers and account.answers >= answers:
        return Limits(
            most,
            measure,
            until,
            closed=_("已发满 %(n)s 条") % {"n": answers},
            refusal=_("客户说话后最多回复 %(n)s 条，已经发满；等他再说话，或改用其他方式")
            % {"n": answers},
        )
    left = answers - account.answers if answers else None
    return counted(Limits(most, measure, until, takes=takes, left=left))


def counted(limits: Limits, waiting: int = 0) -> Limits:
    """As many files as the window has messages left, beside the words and what waits to leave."""
    if not limits.takes:
        return limits
    largest = max(one.most for one in limits.takes)
    if limits.left is None:
        return replace(limits, most_bytes=MOST_FILES * largest)
    left = limits.left - waiting - 1
    if left < 1:
        no_files = _("平台只再允许回复 1 条，文字占去后带不了附件；请去掉附件，或等客户再说话")
        return replace(limits, takes=(), most_files=0, most_bytes=0, no_files=no_files)
    told = _("文字和每个附件各算一条")
    return replace(limits, most_files=left, most_bytes=left * largest, files_told=told)
