"""Looking into a scan: a child process of its own draws its pages, with little memory and time.

What is in a scan is not trusted. Nothing in it is executed: no script, no attachment, no link of a
PDF is looked at; only its pages are painted, smaller, as pictures of our own.
"""

from huiyin.journey.channels.paper.reading.child import (
    Drawn,
    Unreadable,
    drawn,
    look,
)
from huiyin.journey.channels.paper.reading.shape import USUAL, Limits

__all__ = ["USUAL", "Drawn", "Limits", "Unreadable", "drawn", "look"]
