"""The web process of the product, mortal."""

from datetime import timedelta

from huiyin.asgi import application
from huiyin.journey.channels.hooks.actions import taking
from tests.channels.mortal import arm

__all__ = ["application"]
taking.TAKEN_FOR = timedelta(seconds=0.5)  # what it took at once, and died: another's soon
arm()
