"""Bonds and incidents for programs."""

from huiyin.journey.grouping.api import bonds, incidents
from huiyin.journey.grouping.api.router import router

__all__ = ["bonds", "incidents", "router"]
