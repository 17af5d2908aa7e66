"""What happens by itself. The worker runs each entry every so often; each is safe to run twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from huiyin.journey.conversation import actions as conversation


@dataclass(frozen=True)
class Every:
    interval: timedelta
    do: Callable[[], object]


SCHEDULE = (Every(timedelta(seconds=10), conversation.send_due_letters),)
