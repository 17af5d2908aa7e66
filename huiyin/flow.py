"""What follows an event. `urls.py` says which view answers a URL; this says what an act leads to.

`now` happens with the event or the event does not happen; `later` runs in the worker and may run
twice. The acts themselves know nothing of this table.
"""

from importlib import import_module

from huiyin.journey.complaint.events import Follow, Follower
from huiyin.journey.complaint.words import What
from huiyin.while_building import there


def _if_there(*names: str) -> tuple[Follower, ...]:
    found = []
    for name in names:
        module, verb = name.rsplit(".", 1)
        if there(module) and hasattr(import_module(module), verb):
            found.append(getattr(import_module(module), verb))
    return tuple(found)


T = "huiyin.journey.triage.actions."
R = "huiyin.journey.routing.actions."
C = "huiyin.journey.clocks.actions."
N = "huiyin.surface.notices.actions."

FLOW: dict[What, Follow] = {what: Follow() for what in What} | {
    What.RECEIVED: Follow(
        now=_if_there(T + "read_on_receipt"),
        later=_if_there(N + "thank_customer"),
    ),
}
