"""Processes that die by kill -9 just before or just after a commit, now and then.

Whatever is kept, acknowledged, taken or sent is kept by a commit: so these are all the points that
matter, of every channel, those of tomorrow too; and after each call of another system, which knows
then what we do not know yet. `MORTAL`: how probable a death is at each.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

SOON = timedelta(seconds=0.5)  # what somebody took who died is another's
AT_ONCE = (0,) * 60  # minutes until it is tried again: dying is no fault of the message
OF_CHANNELS = ("huiyin.journey.channels.", "huiyin.journey.conversation.")


def die_perhaps() -> None:
    if random.random() < float(os.environ["MORTAL"]):
        os.kill(os.getpid(), signal.SIGKILL)


def arm() -> None:
    """From now on each commit of this process that keeps something may be its last, done or not."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.signals import connection_created

    commit = BaseDatabaseWrapper._commit

    def mortal(self: Any) -> object:
        asked = self.connection.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        keeps = asked.fetchone()[0]
        if keeps:
            die_perhaps()
        done = commit(self)
        if keeps:
            die_perhaps()
        return done

    BaseDatabaseWrapper._commit = mortal
    connection_created.connect(_watch_statements, weak=False)


def _watch_statements(connection: Any, **_told: object) -> None:
    if _statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_statement)


def _statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> object:
    """Outside of a transaction a statement is a commit of its own."""
    alone = not context["connection"].in_atomic_block
    keeps = alone and sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE")
    if keeps:
        die_perhaps()
    done = execute(sql, params, many, context)
    if keeps:
        die_perhaps()
    return done


def deadly(module: object, name: str) -> None:
    """A death may follow this function too: where something other than a commit was done."""
    real = getattr(module, name)

    def mortal(*args: object, **kwargs: object) -> object:
        result = real(*args, **kwargs)
        die_perhaps()
        return result

    setattr(module, name, mortal)


def hurry() -> None:
    """Leases end, and another try comes, at once and not after minutes; a little of each kind in
    turn, since the real worker has a thread for each."""
    from huiyin.journey.channels.hooks.actions import taking
    from huiyin.journey.channels.mail.actions import arriving
    from huiyin.journey.conversation.actions import letters

    arriving.TAKEN_FOR = taking.TAKEN_FOR = letters.LEASE = SOON
    taking.MOST_A_RUN = letters.MOST_A_RUN = 20
    taking.TRY_AGAIN_AFTER = arriving.TRY_AGAIN_AFTER = letters.TRY_AGAIN_AFTER = AT_ONCE  # type: ignore[assignment]


def of_channels() -> list[Callable[[], object]]:
    """What the real worker does for channels and for letters by itself."""
    from huiyin.schedule import SCHEDULE

    return [one.do for one in SCHEDULE if one.do.__module__.startswith(OF_CHANNELS)]


def work() -> None:
    """All of it, over and over."""
    import django

    django.setup()
    from huiyin.ground.webhooks.actions import posting
    from huiyin.journey.channels.mail.actions import receiving

    arm()
    hurry()
    deadly(receiving, "_tell_server")
    deadly(posting, "send")
    entries = of_channels()
    while True:
        done = [do() for do in entries]
        time.sleep(0.05 if any(done) else 0.5)


if __name__ == "__main__":
    work()
