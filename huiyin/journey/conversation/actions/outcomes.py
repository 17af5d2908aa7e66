"""What a carrier says when it did not carry a letter, or a part of one."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise

from huiyin.ground.sentence import as_sentence


class Undelivered(Exception):  # noqa: N818 — an answer of the other side, no error of ours
    """It was not taken, and why, in a sentence; `final`: to try again changes nothing."""

    def __init__(self, sentence: str | Promise, *, final: bool = False) -> None:
        super().__init__(as_sentence(sentence))
        self.final = final


class NoWayOut(Exception):  # noqa: N818
    """Nobody carries letters of this channel out of the house: it stays in the outbox."""


class NotYet(Exception):  # noqa: N818
    """The way is closed until then; the letter has not been tried."""

    def __init__(self, until: datetime, sentence: str = "") -> None:
        super().__init__(sentence)
        self.until = until


class Unheard(Undelivered):
    """No answer: it may have arrived."""


class Strange(Undelivered):
    """Refused for a reason that we do not know. Of one that may have arrived: perhaps for that."""


class Unfit(Undelivered):
    """One part of it is not taken, ever; the others may go."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence, final=True)


class Uncertain(Undelivered):
    """Nobody knows whether it arrived: no machine tries again, a person looks."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence, final=True)
