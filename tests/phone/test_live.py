"""The live stream tells a person of his own call, and of nobody else's."""

from __future__ import annotations

import asyncio

import pytest

from huiyin.journey.complaint import live


class Told:
    """A hub of which three notices came in."""

    def __init__(self, *told: int | str) -> None:
        self.told = told
        self.queues: set[object] = set()

    def join(self) -> asyncio.Queue[int | str]:
        queue: asyncio.Queue[int | str] = asyncio.Queue()
        for one in self.told:
            queue.put_nowait(one)
        self.queues.add(queue)
        return queue


async def _lines(person: int) -> list[str]:
    async def sees() -> bool:
        return True

    found = []
    async for line in live._events(None, sees, person):
        found.append(line)
        if "queue" in line:
            break
    return found


@pytest.mark.parametrize(("person", "times"), [(7, 2), (8, 1), (77, 0), (0, 0)])
def test_only_whose_call_it_is_hears_of_it(monkeypatch, person, times):
    hub = Told("call:7", "call:8", "call:7", "other:77", "call:", 4711)
    monkeypatch.setattr(live, "hub", hub)
    lines = asyncio.run(_lines(person))
    assert lines.count("event: call\ndata: 1\n\n") == times
    assert "7" not in "".join(lines).replace("data: 1", "").replace("retry: 2000", "")
    assert not hub.queues


def test_what_is_no_kind_is_not_told():
    with pytest.raises(ValueError, match=r"gossip"):
        live.tell_person(7, "gossip")


def test_payloads_of_both_sorts_are_read():
    assert live._read("4711") == 4711
    assert live._read("call:7") == "call:7"
