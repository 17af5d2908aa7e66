"""The written scenes: what customers say and what came of it. Plain text in scenes/*.txt.

A block begins with `## CODE channels marks` and has one marked line for each part:
`"` what the customer says, `?` the wish, `>` first answer, `*` note, `<` what he adds later,
`=` CAUSE LIABILITY finding, `$` REMEDY yuan basis, `!` measures / result / prevention,
`+` words of a satisfied call-back, `-` of an unsatisfied one. `¶` is a line end; of `{a|b|c}` one
is taken, everywhere the same of a scene.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "scenes"
SEVERITIES = ("S1", "S2", "S3", "S4")
CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


@dataclass(frozen=True)
class Scene:
    code: str
    channels: tuple[str, ...]
    marks: frozenset[str]
    lines: dict[str, tuple[str, ...]] = field(hash=False)
    take: int = 0

    def says(self, mark: str, nth: int = 0) -> str:
        """The nth line of a mark in this take of the scene; "" when there is none."""
        lines = self.lines.get(mark, ())
        return self._spoken(lines[nth % len(lines)]) if lines else ""

    def _spoken(self, line: str) -> str:
        def chosen(found: re.Match[str]) -> str:
            choices = found[1].split("|")
            return choices[self.take % len(choices)]

        return CHOICE.sub(chosen, line).replace("¶", "\n")

    @property
    def severity(self) -> int | None:
        """What the desk says it is; None leaves it to the rules."""
        return next((int(mark[1]) for mark in self.marks if mark in SEVERITIES), None)

    @property
    def finding(self) -> tuple[str, str, str]:
        """Cause, liability, facts."""
        cause, liability, facts = self.says("=").split(" ", 2)
        return cause, liability, facts

    @property
    def offer(self) -> tuple[str, int, str]:
        """Remedy, fen, basis."""
        remedy, yuan, basis = self.says("$").split(" ", 2)
        return remedy, round(float(yuan) * 100), basis

    @property
    def result(self) -> tuple[str, str, str]:
        """Measures, result, prevention."""
        measures, result, prevention = (*self.says("!").split(" /"), "", "")[:3]
        return measures, result.strip(), prevention.strip()

    def again(self, take: int) -> Scene:
        """The same scene as another customer tells it."""
        return Scene(self.code, self.channels, self.marks, self.lines, take)

    @property
    def takes(self) -> int:
        """In how many ways it is told at most."""
        told = "".join(self.lines['"'])
        return max((len(found.split("|")) for found in CHOICE.findall(told)), default=1)


def read_scenes() -> list[Scene]:
    """Every scene, in the order of the files."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("## ")[1:]:
            found.append(_scene(block.strip().splitlines()))
    return found


def _scene(block: list[str]) -> Scene:
    code, channels, *marks = block[0].split()
    lines: dict[str, tuple[str, ...]] = {}
    for line in block[1:]:
        mark, _, said = line.partition(" ")
        if said:
            lines[mark] = (*lines.get(mark, ()), said.strip())
    return Scene(code, tuple(channels.split(",")), frozenset(marks), lines)
