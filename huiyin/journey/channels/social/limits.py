"""What an outside account allows for one person at one moment; and the moments of windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.social.models import Account
from huiyin.journey.conversation.rules import Measure

WINDOW = timedelta(hours=48)


@dataclass(frozen=True)
class Limits:
    most: int
    measure: Measure | None = None
    until: datetime | None = None
    closed: str = ""
    refusal: str = ""


def of_window(
    account: Account, now: datetime, *, most: int, measure: Measure | None = None, answers: int = 0
) -> Limits:
    """48 hours since he last spoke, and so many answers in it."""
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
    return Limits(most, measure, until)
