"""Pages of improvements and bulletins, and the panel of a complaint."""

from huiyin.journey.improvement.views.panel import panel

__all__ = ["panel"]
