"""The lists of the queue: saved views, filters, orders, counts, and pages by key."""

from huiyin.surface.workbench.lists.columns import COLUMNS, Column, chosen
from huiyin.surface.workbench.lists.counts import counts, shown_count
from huiyin.surface.workbench.lists.filters import Due, Filters, chips
from huiyin.surface.workbench.lists.pages import ORDERS, PAGE, page
from huiyin.surface.workbench.lists.standing import BY_KEY, SOON, VIEWS, StandingView

__all__ = [
    "BY_KEY",
    "COLUMNS",
    "ORDERS",
    "PAGE",
    "SOON",
    "VIEWS",
    "Column",
    "Due",
    "Filters",
    "StandingView",
    "chips",
    "chosen",
    "counts",
    "page",
    "shown_count",
]
