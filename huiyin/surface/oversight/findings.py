"""The title of each chart is what it shows, in one sentence, so that nobody must read the axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.ground.web.templatetags.frame import span_in_words
from huiyin.journey.complaint.lifecycle import STEPS
from huiyin.surface.oversight.departments import DepartmentLoad
from huiyin.surface.oversight.rules import (
    AGE_LABELS,
    FEW,
    HeatCell,
    Load,
    Pareto,
    Step,
    Trend,
    percent,
)
from huiyin.surface.oversight.rules.league import Line


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


def of_road(road: Sequence[Step]) -> str:
    """Where it is jammed: the fullest step, and how long nothing has happened there."""
    fullest = max(road, key=lambda step: step.count)
    if not fullest.count:
        return _("目前没有未结投诉")
    return _("“%(step)s”最多：%(count)d 件，平均 %(span)s没有动静") % {
        "step": STEPS[fullest.at],
        "count": fullest.count,
        "span": span_in_words(fullest.average),
    }


def of_departments(loads: Sequence[DepartmentLoad]) -> str:
    """Who keeps us waiting."""
    whole, late = sum(load.open for load in loads), sum(load.late for load in loads)
    if not whole:
        return _("各部门没有未办结的任务")
    if not late:
        return _("部门任务 %(count)d 项在办，没有超时") % {"count": whole}
    return _("部门任务超时 %(late)d 项，最多的是%(name)s：%(most)d 项") % {
        "late": late,
        "name": loads[0].shown_name,
        "most": loads[0].late,
    }


def of_league(lines: Sequence[Line], measure: str) -> str:
    """Who is first, and who is last of those that have enough cases."""
    placed = [line for line in lines if line.rank]
    if not placed:
        return _("样本还不够，先不排名")
    first, last = placed[0], placed[-1]
    if len(placed) == 1:
        return _("%(first)s%(measure)s %(share)s") % {
            "first": first.name,
            "measure": measure,
            "share": percent(first.cells[0].part, first.cells[0].whole),
        }
    return _("%(measure)s：%(first)s最高 %(most)s，%(last)s最低 %(least)s") % {
        "measure": measure,
        "first": first.name,
        "most": percent(first.cells[0].part, first.cells[0].whole),
        "last": last.name,
        "least": percent(last.cells[0].part, last.cells[0].whole),
    }
