"""The verbs of knowledge: finding, writing, reviewing, keeping up to date, importing."""

from huiyin.ground.knowledge.actions.finding import Found, find, suggested
from huiyin.ground.knowledge.actions.noting import count, missed, settle, sweep_misses

__all__ = ["Found", "count", "find", "missed", "settle", "suggested", "sweep_misses"]
