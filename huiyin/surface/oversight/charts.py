"""The board's charts as ECharts options; colours are names of the frame's variables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huiyin.surface.oversight.rules import Bar, Pareto, percent
from huiyin.surface.oversight.rules.league import Line

LONGEST_LABEL = 12  # characters of a category beside its bar; the table has it whole


def flow(days: Sequence[date], received: list[int], closed: list[int]) -> dict[str, Any]:
    """Received and closed by day, from zero."""
    return {
        "xAxis": {
            "type": "category",
            "boundaryGap": False,
            "data": [day.strftime("%m-%d") for day in days],
        },
        "yAxis": {"type": "value", "min": 0, "minInterval": 1},
        "series": [
            _line(_("受理"), received, "var(--s2)"),
            _line(_("结案"), closed, "var(--brand)"),
        ],
    }


def _line(name: str, values: list[int], colour: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "data": values,
        "showSymbol": False,
        "symbolSize": 6,
        "lineStyle": {"width": 2, "color": colour},
        "itemStyle": {"color": colour},
    }


def beside_bar(path: str) -> str:
    """The last part of a category's path: the heading is in the table and the title."""
    leaf = path.rpartition(" / ")[2]
    return leaf if len(leaf) <= LONGEST_LABEL else f"{leaf[: LONGEST_LABEL - 1]}…"


def causes(found: Pareto, name: Callable[[str], str]) -> dict[str, Any]:
    """Lying bars by size, so that names can be read; behind each what they make together."""
    return {
        "grid": {"right": 96, "top": 4},
        "legend": {"show": False},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "min": 0, "minInterval": 1},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [beside_bar(name(bar.code)) for bar in found.bars],
            "splitLine": {"show": False},
        },
        "series": [
            {
                "name": _("件"),
                "type": "bar",
                "data": [
                    {"value": bar.count, "label": {"formatter": together(bar)}}
                    for bar in found.bars
                ],
                "barMaxWidth": 14,
                "itemStyle": {"color": "var(--brand)", "borderRadius": [0, 3, 3, 0]},
                "label": {"show": True, "position": "right", "color": "var(--dim)"},
            }
        ],
    }


def together(bar: Bar) -> str:
    return _("%(count)d · 累计 %(share)s") % {
        "count": bar.count,
        "share": percent(bar.cumulative, 1),
    }


def league(lines: Sequence[Line], title: str, links: list[str]) -> dict[str, Any]:
    """Lying bars of the share they are ranked by, the best above; who has too few is paler."""
    return {
        "grid": {"right": 120, "top": 4},
        "legend": {"show": False},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [beside_bar(line.name) for line in lines],
            "splitLine": {"show": False},
        },
        "series": [
            {
                "name": title,
                "type": "bar",
                "data": [_share(line) for line in lines],
                "barMaxWidth": 14,
                "label": {"show": True, "position": "right", "color": "var(--dim)"},
            }
        ],
        "links": links,
    }


def _share(line: Line) -> dict[str, Any]:
    first = line.cells[0]
    said = f"{percent(first.part, first.whole)} · {first.part}/{first.whole}"
    return {
        "value": round(100 * (first.share or 0), 1),
        "label": {"formatter": said},
        "itemStyle": {
            "color": "var(--brand)" if line.rank else "var(--line)",
            "borderRadius": [0, 3, 3, 0],
        },
    }
