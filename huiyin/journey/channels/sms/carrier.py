"""Text messages as a way of answering: to which number, how long, and who carries them."""

from __future__ import annotations

from collections.abc import Sequence

from huiyin.ground.customers.rules import normalise_phone
from huiyin.ground.privacy.rules import masked_phone
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.connector import option
from huiyin.journey.channels.sms.actions.sending import MOST_PARTS, provider
from huiyin.journey.channels.sms.actions.sending import send as post
from huiyin.journey.channels.sms.models import Number, number_of
from huiyin.journey.channels.sms.rules.length import most_characters
from huiyin.journey.channels.sms.rules.secrecy import is_mobile
from huiyin.journey.channels.sms.words import RuleKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.rules import Measure
from huiyin.journey.conversation.ways import Way

__all__ = ["lanes", "post", "way"]


def lanes(letters: Sequence[Letter]) -> list[str]:
    """The provider by which each leaves."""
    teams = {one.complaint.team_id if one.complaint else None for one in letters}
    by_team = {team: hook.code if (hook := provider(team)) else "" for team in teams}
    return [by_team[one.complaint.team_id if one.complaint else None] for one in letters]


def way(complaint: Complaint) -> Way:
    label = str(Channel.SMS.label)
    hook = provider(complaint.team_id)
    if hook is None:
        return Way(Channel.SMS, label, _("只作记录，请另行告诉客户"))
    number = normalise_phone(complaint.customer.contact("phone"))
    if not number or not is_mobile(number):
        return Way(
            Channel.SMS,
            label,
            closed=_("没有手机号"),
            refusal=_("这位客户没有留下手机号，请改用其他方式回复，或先补充手机号"),
        )
    if Number.objects.filter(value=number).exclude(stopped_at=None).exists():
        return Way(
            Channel.SMS,
            label,
            closed=_("已退订"),
            refusal=_("这位客户已退订短信，请改用其他方式回复"),
        )
    sign = option(hook, "sign")
    parts = number_of(RuleKind.PARTS, MOST_PARTS)
    told = _("发到 %(number)s，含签名【%(sign)s】，70 字一条，更长的每 67 字一条") % {
        "number": masked_phone(number),
        "sign": sign,
    }
    most = most_characters(parts, f"【{sign}】" if sign else "")
    measure = Measure("utf16", most, seams=parts - 1)
    return Way(Channel.SMS, label, told, recipient=number, most=most, measure=measure)
