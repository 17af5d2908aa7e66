"""Two people at once: real threads, real transactions."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connections

from huiyin.ground.refusal import Refused


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same moment; gives what each returned, or the refusal it met. Any other
    error is a fault of ours and fails the test."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        gate.wait(timeout=60)
        try:
            results[place] = acts[place]()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, Refused):
            raise result
    return results
