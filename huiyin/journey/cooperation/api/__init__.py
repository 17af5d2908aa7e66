"""Tasks and the directory for programs."""

from huiyin.journey.cooperation.api import answering, asking, reading
from huiyin.journey.cooperation.api.router import router

__all__ = ["answering", "asking", "reading", "router"]
