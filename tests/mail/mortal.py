"""A worker that may die by kill -9 at any of the points where it would hurt most.

A process of its own: fetches one mailbox and lets mails arrive until nothing is left, then ends
with 0. `MORTAL` in the environment: how probable a death is at each point.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from datetime import timedelta

import django


def die_perhaps() -> None:
    if random.random() < float(os.environ["MORTAL"]):
        os.kill(os.getpid(), signal.SIGKILL)


def deadly(module, name: str, *, before=False, after=False) -> None:
    """Let a function of the product be followed, or preceded, by a death now and then."""
    real = getattr(module, name)

    def mortal(*args, **kwargs):
        if before:
            die_perhaps()
        result = real(*args, **kwargs)
        if after:
            die_perhaps()
        return result

    setattr(module, name, mortal)


def main(pk: int) -> None:
    from huiyin.journey.channels.mail.actions import arriving, receiving, taking
    from huiyin.journey.channels.mail.models import Mail, Mailbox

    deadly(Mail, "save", after=True)  # the row is written, nothing is committed
    deadly(receiving, "keep", after=True)  # committed, the server has not heard
    deadly(receiving, "_tell_server", after=True)  # flagged, not yet remembered
    deadly(arriving, "_taken", after=True)  # taken, not read
    deadly(arriving, "read", after=True)
    deadly(taking, "register", after=True)  # a complaint, uncommitted
    deadly(arriving, "_make", after=True)  # everything is done
    arriving.TAKEN_FOR = timedelta(seconds=0.5)
    while True:
        box = Mailbox.objects.get(pk=pk)
        kept = receiving.fetch(box)
        done = arriving.arrive_due()
        if not kept and not done and not Mail.objects.filter(state="kept").exists():
            return


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
