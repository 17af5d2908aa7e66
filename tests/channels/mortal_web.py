"""The web process of the product, mortal."""

from huiyin.asgi import application
from tests.channels.mortal import arm, hurry

__all__ = ["application"]
hurry()
arm()
