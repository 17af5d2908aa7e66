"""What the launcher says: always in Chinese and in English, since it cannot know its reader."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Trouble(Exception):  # noqa: N818
    """Something the person at the keyboard has to know; ends the command with exit code 1."""

    def __init__(self, zh: str, en: str, *details: str) -> None:
        super().__init__(zh, en, *details)
        self.lines = [zh, en, *details]


def say(*lines: str) -> None:
    """Print lines at once; a reader that has gone away is no reason to die."""
    with suppress(BrokenPipeError, ValueError):
        print(*lines, sep="\n", flush=True)


def complain(trouble: Trouble) -> None:
    for number, line in enumerate(trouble.lines):
        print(("✗ " if number == 0 else "  ") + line, file=sys.stderr, flush=True)


def heading(text: str) -> None:
    say("", f"── {text} " + "─" * max(4, 74 - len(text)))


class Step:
    def __init__(self) -> None:
        self.note = ""
        self.progress = ""  # shown on a terminal while it lasts


class Steps:
    """Numbered steps of a set-up: `[2/6] … 3.1 s`, with a running clock on a terminal."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0

    @contextmanager
    def step(self, zh: str, en: str) -> Iterator[Step]:
        self.number += 1
        label = f"[{self.number}/{self.total}] {zh} · {en} "
        began = time.monotonic()
        step = Step()
        done = threading.Event()
        live = sys.stdout.isatty()

        def tick() -> None:
            while not done.wait(1):
                seconds = time.monotonic() - began
                print(f"\r{label}… {seconds:.0f} s {step.progress}", end="", flush=True)

        if live:
            print(f"{label}…", end="", flush=True)
            clock = threading.Thread(target=tick, daemon=True)
            clock.start()
        try:
            yield step
        except BaseException:
            done.set()
            say(f"\r{label}✗" if live else f"{label}✗")
            raise
        done.set()
        if live:
            clock.join()
        note = f"  {step.note}" if step.note else ""
        note += " " * len(step.progress)  # wipes it off the line
        say(f"{chr(13) if live else ''}{label}✓ {time.monotonic() - began:.1f} s{note}")
