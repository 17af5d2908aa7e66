"""Why somebody was chosen, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from huiyin.journey.routing.words import Why

Reason = dict[str, Any]

SENTENCES: dict[str, Callable[[], str]] = {
    Why.RULE: lambda: _("符合派单规则“%(name)s”（第 %(version)s 版）"),
    Why.ROUTE: lambda: _("类别 %(category)s 归 %(team)s"),
    Why.UNSURE: lambda: _("类别没有把握，先由投诉专席确认"),
    Why.NAMED: lambda: _("规则指定 %(name)s"),
    Why.DEPUTY: lambda: _("%(name)s 离岗，由代理人接"),
    Why.SKILLED: lambda: _("具备需要的技能：%(skills)s"),
    Why.UNSKILLED: lambda: _("在岗的人都不完全具备需要的技能：%(skills)s"),
    Why.SPARED: lambda: _("另有 %(count)s 人刚连接两位愤怒客户，这次不派给他们"),
    Why.ROTATED: lambda: _("最近 7 天接到的 S1、S2 最少（%(count)s 件）"),
    Why.LEAST: lambda: _("%(of)s 人中负荷最小（负荷 %(weight)s）"),
    Why.ONLY: lambda: _("组内只有此人在岗"),
    Why.ON_DUTY: lambda: _("正在值班：%(post)s"),
}


def in_words(reasons: Iterable[Reason]) -> list[str]:
    """One sentence for each; of a kind that is no longer known, nothing."""
    told = []
    for reason in reasons:
        sentence = SENTENCES.get(str(reason.get("why")))
        if sentence is not None:
            told.append(sentence() % _Blank(reason))
    return told


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"
