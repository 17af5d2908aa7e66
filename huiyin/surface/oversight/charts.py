"""The board's charts as ECharts options; colours are names of the frame's variables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huiyin.surface.oversight.rules import Pareto

LABEL_LINE = 5  # characters of a category in a line under its bar; the tooltip has it whole
LABEL_LINES = 2


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


def under_bar(path: str) -> str:
    """The last part of a category's path, broken into short lines."""
    leaf = path.rpartition(" / ")[2]
    most = LABEL_LINE * LABEL_LINES
    leaf = leaf if len(leaf) <= most else leaf[: most - 1] + "…"
    return "\n".join(leaf[at : at + LABEL_LINE] for at in range(0, len(leaf), LABEL_LINE))


def causes(found: Pareto, name: Callable[[str], str]) -> dict[str, Any]:
    """Bars by size, and the line of what they make together."""
    return {
        "xAxis": {
            "type": "category",
            "data": [under_bar(name(bar.code)) for bar in found.bars],
            "axisLabel": {"interval": 0, "fontSize": 11, "lineHeight": 14},
        },
        "yAxis": [
            {"type": "value", "min": 0, "minInterval": 1},
            {
                "type": "value",
                "min": 0,
                "max": 100,
                "axisLabel": {"formatter": "{value}%"},
                "splitLine": {"show": False},
            },
        ],
        "series": [
            {
                "name": _("件"),
                "type": "bar",
                "data": [bar.count for bar in found.bars],
                "barMaxWidth": 32,
                "itemStyle": {"color": "var(--brand)", "borderRadius": [3, 3, 0, 0]},
            },
            {
                "name": _("累计占比 %"),
                "type": "line",
                "yAxisIndex": 1,
                "data": [round(bar.cumulative * 100) for bar in found.bars],
                "symbolSize": 5,
                "lineStyle": {"width": 2, "color": "var(--s2)"},
                "itemStyle": {"color": "var(--s2)"},
            },
        ],
    }
