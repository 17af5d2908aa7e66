"""How much more may be granted at once."""

from __future__ import annotations

import pytest

from huiyin.journey.clocks.rules import read_steps, room


@pytest.mark.parametrize(
    ("most", "granted", "steps", "left"),
    [
        (5, [], "", 5),
        (5, [2], "", 3),
        (5, [5], "", 0),
        (45, [], "15+30", 15),
        (45, [15], "15+30", 30),
        (45, [5], "15+30", 30),
        (45, [15, 30], "15+30", 0),
        (40, [15], "15+30", 25),
        (45, [1, 1], "15+30", 0),
    ],
)
def test_the_next_step_and_the_whole_both_bind(most, granted, steps, left):
    assert room(most, granted, read_steps(steps)) == left


@pytest.mark.parametrize("text", ["a", "15+x", "-3", "0+5", "15，30", "1e9"])
def test_what_is_no_step_is_refused(text):
    with pytest.raises(ValueError):
        read_steps(text)
