"""The verbs of hooks: keeping what comes in, and taking it from what was kept."""

from huiyin.journey.channels.hooks.actions.keeping import LARGEST, keep, receive, received
from huiyin.journey.channels.hooks.actions.taking import again, take_due

__all__ = ["LARGEST", "again", "keep", "receive", "received", "take_due"]
