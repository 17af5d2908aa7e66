"""The pages of the workbench. They put stages together and decide nothing."""

from huiyin.surface.workbench.views.complaint import (
    anew,
    complaint,
    late_panels,
    look,
    panel,
    story_part,
)
from huiyin.surface.workbench.views.own import own_view, own_views
from huiyin.surface.workbench.views.palette import palette
from huiyin.surface.workbench.views.queue import assignments, columns, counts, home, queue, returns

__all__ = [
    "anew",
    "assignments",
    "columns",
    "complaint",
    "counts",
    "home",
    "late_panels",
    "look",
    "own_view",
    "own_views",
    "palette",
    "panel",
    "queue",
    "returns",
    "story_part",
]
