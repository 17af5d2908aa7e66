"""The charts of a survey as ECharts options; colours are names of the frame's variables."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from huiyin.journey.survey.results import Results
from huiyin.journey.survey.words import Metric

ENDS = {Metric.CSAT: (0, 100), Metric.NPS: (-100, 100), Metric.CES: (1, 7)}


def over_time(found: Results, metric: str) -> dict[str, Any]:
    """One metric week by week; a week that nobody answered in is a gap, never a nought."""
    low, high = ENDS[Metric(metric)]
    values = [scores.get(metric) for _week, _n, scores in found.weeks]
    return {
        "grid": {"top": 12},
        "legend": {"show": False},
        "xAxis": {
            "type": "category",
            "data": [week.strftime("%m-%d") for week, _n, _scores in found.weeks],
        },
        "yAxis": {"type": "value", "min": low, "max": high},
        "series": [
            {
                "name": str(Metric(metric).label),
                "type": "line",
                "data": [None if one is None else round(one.value or 0, 1) for one in values],
                "symbolSize": 7,
                "lineStyle": {"width": 2, "color": "var(--brand)"},
                "itemStyle": {"color": "var(--brand)"},
            }
        ],
    }


def nps_bar(found: Results) -> dict[str, Any] | None:
    """Promoters, passives and detractors as one lying bar of hundred per cent."""
    score = found.scores.get(Metric.NPS)
    if score is None or not score.of:
        return None
    best, middle, worst = score.parts
    parts = (
        (_("推荐 9–10"), best, "var(--good)"),
        (_("中立 7–8"), middle, "var(--dim)"),
        (_("贬损 0–6"), worst, "var(--bad)"),
    )
    return {
        "grid": {"top": 28, "bottom": 0},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "yAxis": {"type": "category", "data": [""]},
        "series": [
            {
                "name": name,
                "type": "bar",
                "stack": "all",
                "barWidth": 26,
                "data": [round(100 * n / score.of, 1)],
                "itemStyle": {"color": colour},
                "label": {"show": n > 0, "formatter": str(n), "color": "var(--card)"},
            }
            for name, n, colour in parts
        ],
    }
