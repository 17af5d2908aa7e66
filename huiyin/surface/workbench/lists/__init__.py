"""The lists of the queue: saved views, filters, orders, counts, and pages by key."""

from huiyin.surface.workbench.lists.counts import counts, shown_count
from huiyin.surface.workbench.lists.filters import Due, Filters, chips
from huiyin.surface.workbench.lists.pages import ORDERS, PAGE, page
from huiyin.surface.workbench.lists.standing import BY_KEY, SOON, VIEWS, StandingView

__all__ = [
    "BY_KEY",
    "ORDERS",
    "PAGE",
    "SOON",
    "VIEWS",
    "Due",
    "Filters",
    "StandingView",
    "chips",
    "counts",
    "page",
    "shown_count",
]
