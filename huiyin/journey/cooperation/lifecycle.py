"""The life of a task. This table is the whole truth: nothing else decides its state.

Who: O our side (handler, lead, triager), D the department (handler or head), H its head, R whoever
rules (督办员, supervisor, manager), SYS the system.
"""

from __future__ import annotations

from typing import NamedTuple

from huiyin.journey.cooperation.words import State as S  # noqa: N817 — a table of them


class Move(NamedTuple):
    action: str
    sources: tuple[S, ...]
    targets: tuple[S, ...]
    who: str


WAITING = (S.SENT, S.SIGNED)  # for the department
OPEN = (*WAITING, S.ANSWERED, S.RETURNED, S.DISPUTED)
ENDED = (S.DONE, S.CANCELLED)

LIFE: tuple[Move, ...] = (
    Move("签收 sign", (S.SENT,), (S.SIGNED,), "D"),
    Move("答复 answer", (S.SIGNED,), (S.ANSWERED,), "D"),
    Move("采纳 accept", (S.ANSWERED,), (S.DONE,), "O"),
    Move("退回重办 redo", (S.ANSWERED,), (S.SIGNED,), "O"),
    Move("退回 return", WAITING, (S.RETURNED,), "D once, H a second time"),
    Move("改派 send on", (S.RETURNED,), (S.SENT,), "O"),
    Move("转办 forward", WAITING, (S.SENT,), "D; to another department H"),
    Move("提出争议 dispute", (*WAITING, S.RETURNED), (S.DISPUTED,), "D O"),
    Move("裁定 rule", (S.DISPUTED,), (S.SENT, S.SIGNED), "R"),
    Move("撤销 cancel", OPEN, (S.CANCELLED,), "O SYS"),
)

MOVES: dict[S, frozenset[S]] = {
    state: frozenset(t for move in LIFE if state in move.sources for t in move.targets)
    for state in S
}
