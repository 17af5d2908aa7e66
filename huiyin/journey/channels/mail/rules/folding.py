"""What is new in an answer, and what is only quoted or signed. Pure.

Nothing is lost by it: the mail keeps everything. What cannot be told apart counts as new.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from huiyin.journey.channels.mail.rules.signing import unsigned
from huiyin.journey.channels.mail.rules.signs import Sign, is_line

SPAN = 3  # lines over which “On … wrote:” may be broken
BLOCK = 6  # lines within which the header of a quoted mail stands
MOST_LINES = 5000


class Folded(NamedTuple):
    """`signature` is the sender's own; what stands under quoted mails is quoted."""

    new: str
    signature: str = ""
    quoted: str = ""

    @property
    def away(self) -> str:
        return "\n".join(part for part in (self.signature, self.quoted) if part).strip("\n")


def fold(text: str, signs: Sequence[Sign], own: Sequence[str] = ()) -> Folded:
    """What is new, and what was folded away: quotes first, then the signature.

    An answer below or between quoted lines (`> …`) is kept; below the header of a quoted mail
    (Outlook, Foxmail, QQ) everything is quoted. When nothing new is left, all of it is new. `own`:
    name and address of the sender, as `signing.unsigned` takes them.
    """
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return Folded(text.strip())
    kept, quoted = _without_quotes(lines, signs)
    if not any(line.strip() for line in kept):
        return Folded(text.strip())
    kept, signature = unsigned(kept, signs, own)
    new = "\n".join(kept).strip()
    return Folded(new, "\n".join(signature).strip("\n"), "\n".join(quoted).strip("\n"))


def _without_quotes(lines: list[str], signs: Sequence[Sign]) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    folded: list[str] = []
    place, quoting = 0, False  # below “On … wrote:” one line of `>` is a quote already
    while place < len(lines):
        if span := _begins(lines, place, signs):
            folded += lines[place : place + span]
            place += span
            if not _next_said(lines, place).startswith(">"):
                return kept, folded + lines[place:]
            quoting = True
        elif _is_block(lines, place, signs):
            while kept and not kept[-1].strip(" _-*\u2014"):
                folded.insert(0, kept.pop())
            return kept, folded + lines[place:]
        elif _is_quoted(lines, place) or (quoting and lines[place].startswith(">")):
            folded.append(lines[place])
            place += 1
        else:
            quoting = quoting and not lines[place].strip()
            kept.append(lines[place])
            place += 1
    return kept, folded


def _begins(lines: list[str], place: int, signs: Sequence[Sign]) -> int:
    """How many lines say “On …, … wrote:”; 0 when none does."""
    if not lines[place].strip():
        return 0
    for span in range(1, SPAN + 1):
        some = [line.strip("> \t") for line in lines[place : place + span]]
        if not some[-1]:
            return 0
        if is_line(signs, "quote", " ".join(some)):
            return span
    return 0


def _is_block(lines: list[str], place: int, signs: Sequence[Sign]) -> bool:
    """Whether a header of a quoted mail begins here: three of its lines, close together."""
    if not _says(lines[place], signs):
        return False
    near = [line for line in lines[place : place + BLOCK] if line.strip()]
    return sum(_says(line, signs) for line in near) >= 3


def _says(line: str, signs: Sequence[Sign]) -> bool:
    return is_line(signs, "quote_block", line.strip("> \t*"))


def _is_quoted(lines: list[str], place: int) -> bool:
    """One `>` alone may be a sign in a sentence; two lines of them are a quote."""
    if not lines[place].startswith(">"):
        return False
    near = lines[place - 1 : place] + lines[place + 1 : place + 2]
    return any(line.startswith(">") for line in near)


def _next_said(lines: list[str], place: int) -> str:
    return next((line for line in lines[place : place + 3] if line.strip()), "")
