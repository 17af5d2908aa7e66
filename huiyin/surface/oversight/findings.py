"""The title of each chart is what it shows, in one sentence, so that nobody must read the axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.surface.oversight.rules import (
    AGE_LABELS,
    FEW,
    HeatCell,
    Load,
    Pareto,
    Trend,
    percent,
)


def of_heat(rows: Mapping[int | None, list[HeatCell]], name: Callable[[int | None], str]) -> str:
    """Who carries most."""
    sums = {team: sum(cell.count for cell in cells) for team, cells in rows.items()}
    whole = sum(sums.values())
    if not whole:
        return _("目前没有未结投诉")
    team = max(sums, key=lambda key: sums[key])
    if len(sums) == 1:
        return _("%(team)s有 %(count)d 件未结") % {"team": name(team), "count": whole}
    return _("%(team)s承担最多：%(count)d 件，占全部未结的 %(share)s") % {
        "team": name(team),
        "count": sums[team],
        "share": percent(sums[team], whole),
    }


def of_flow(received: Trend, closed: Trend) -> str:
    """Whether the pile grows."""
    gap = received.now - closed.now
    if not received.now and not closed.now:
        return _("近 7 日没有受理，也没有结案")
    if gap > 0:
        return _("近 7 日受理比结案多 %(gap)d 件，积压在增加") % {"gap": gap}
    if gap < 0:
        return _("近 7 日结案比受理多 %(gap)d 件，积压在减少") % {"gap": -gap}
    return _("近 7 日受理与结案持平，各 %(count)d 件") % {"count": received.now}


def of_causes(found: Pareto, name: Callable[[str], str]) -> str:
    """The vital few."""
    if not found.total:
        return _("近 30 日没有受理投诉")
    first = found.bars[0]
    if found.vital and found.total >= FEW:
        return ngettext(
            "「%(first)s」一类就占近 30 日受理的 %(share)s",
            "%(count)d 类占近 30 日受理的 %(share)s，最多的是「%(first)s」",
            found.vital,
        ) % {
            "count": found.vital,
            "first": name(first.code),
            "share": percent(found.bars[found.vital - 1].cumulative, 1),
        }
    return _("最多的是「%(first)s」：%(count)d 件，占 %(share)s") % {
        "first": name(first.code),
        "count": first.count,
        "share": percent(first.count, found.total),
    }


def of_ages(load: Load) -> str:
    """How old the pile is."""
    if not load.open:
        return _("目前没有未结投诉")
    old = load.ages[-1]
    if old:
        return _("%(count)d 件已超过 15 日未结，占 %(share)s") % {
            "count": old,
            "share": percent(old, load.open),
        }
    oldest = max(i for i, count in enumerate(load.ages) if count)
    return _("最久的在 %(bucket)s 日，没有超过 15 日的") % {"bucket": AGE_LABELS[oldest]}


def of_urgent(trend: Trend) -> str:
    """Under a figure: this week against the last."""
    return _("近 7 日受理 %(now)d 件，上周 %(before)d 件") % {
        "now": trend.now,
        "before": trend.before,
    }
