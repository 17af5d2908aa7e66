"""Processes that die by kill -9 just before or just after a commit, now and then.

Whatever is kept, acknowledged, taken or sent is kept by a commit: so these are all the points that
matter, of every channel, those of tomorrow too. `MORTAL`: how probable a death is at each.
"""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import timedelta


def die_perhaps() -> None:
    if random.random() < float(os.environ["MORTAL"]):
        os.kill(os.getpid(), signal.SIGKILL)


def arm() -> None:
    """From now on each commit of this process may be its last, done or not."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    commit = BaseDatabaseWrapper._commit

    def mortal(self: BaseDatabaseWrapper) -> object:
        die_perhaps()
        done = commit(self)
        die_perhaps()
        return done

    BaseDatabaseWrapper._commit = mortal


def deadly(module: object, name: str) -> None:
    """A death may follow this function too: where something other than a commit was done."""
    real = getattr(module, name)

    def mortal(*args: object, **kwargs: object) -> object:
        result = real(*args, **kwargs)
        die_perhaps()
        return result

    setattr(module, name, mortal)


def work() -> None:
    """What the worker does for channels, over and over, with leases that end at once."""
    import django

    django.setup()
    from huiyin.journey.channels.hooks import actions as hooks
    from huiyin.journey.channels.hooks.actions import taking
    from huiyin.journey.channels.mail.actions import arriving, receiving
    from huiyin.journey.channels.mail.models import Mailbox

    arm()
    deadly(receiving, "_tell_server")  # the server was told, we do not know it yet
    arriving.TAKEN_FOR = taking.TAKEN_FOR = timedelta(seconds=0.5)
    while True:
        for box in Mailbox.objects.receiving():
            receiving.fetch(box)
        done = arriving.arrive_due() + hooks.take_due()
        time.sleep(0.05 if done else 0.3)


if __name__ == "__main__":
    work()
