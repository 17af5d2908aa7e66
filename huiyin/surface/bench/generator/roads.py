"""How far each generated complaint has come, and when each step was taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from huiyin.journey.closure.rules import ARCHIVE_AFTER
from huiyin.journey.closure.words import VisitResult
from huiyin.journey.complaint.words import Status
from huiyin.surface.bench.generator.chance import weighted
from huiyin.surface.bench.generator.ending import WholeLife

# (younger than, share that is open): about 4 % of two years.
OPEN_SHARES = (
    (timedelta(days=3), 0.90),
    (timedelta(days=14), 0.60),
    (timedelta(days=45), 0.35),
    (timedelta.max, 0.012),
)
OPEN = (
    (Status.TRI, 8),
    (Status.DIS, 10),
    (Status.HND, 40),
    (Status.WCU, 9),
    (Status.W3P, 4),
    (Status.PAP, 4),
    (Status.EXE, 10),
    (Status.RES, 5),
    (Status.FUV, 8),
    (Status.RWK, 2),
)
ENDED = ((Status.CLO, 94), (Status.REJ, 3), (Status.WDR, 3))
USUAL_LENGTH = timedelta(days=4)  # median from receipt to closing
# When each step is taken, as a share of the life; the first ones come within the hour.
RECEIVED, DESK, ACCEPT, REPLY, HEAR, FIND, OFFER, AGREE, DONE, TOLD, CALLED = (
    0.0, 0.01, 0.03, 0.06, 0.2, 0.4, 0.5, 0.6, 0.8, 0.85, 0.95
)  # fmt: skip
REPLIES = (
    "您好，您反映的情况已经收到，我们正在核实，24 小时内给您答复。",
    "已联系相关部门核对记录，有结果马上告诉您，给您带来不便很抱歉。",
    "请补充订单截图与故障照片，便于我们尽快处理。",
)
HEARD = (
    "补充：照片已经发到你们邮箱了。",
    "又过了一天还没有消息，请尽快。",
    "订单号没有错，请再查一下。",
)
NOTES = ("已与仓库核对，等承运商回复。", "客户情绪平稳，约定明天上午回电。")


def destination(received_at: datetime, now: datetime, chance: Random) -> Status:
    """Where a complaint of this age stands; CLO means that it went the whole road."""
    age = now - received_at
    share = next(share for younger, share in OPEN_SHARES if age < younger)
    table = OPEN if chance.random() < share else ENDED
    return weighted(chance, table)


def length(received_at: datetime, now: datetime, chance: Random) -> timedelta:
    """From receipt to the last step, never beyond now."""
    return min(USUAL_LENGTH * chance.lognormvariate(0, 0.8), (now - received_at) * 0.97)


class Traveller:
    """Lets one life go step by step until its destination."""

    def __init__(self, life: WholeLife, to: Status, whole: timedelta) -> None:
        self.life = life
        # Where somebody's safety is concerned nothing is turned away.
        self.to = Status.CLO if to == Status.REJ and "safety" in life.complaint.risks else to
        self.whole = whole

    def go(self, now: datetime) -> None:
        """Reading is behind; the rest, until the destination is reached."""
        life = self.life
        for share, act in self._steps():
            life.at = max(life.at, life.complaint.received_at + self.whole * share)
            act()
            if life.complaint.status == self.to != Status.HND:
                break
        if life.complaint.status == Status.CLO and life.at + ARCHIVE_AFTER < now:
            life.at += ARCHIVE_AFTER
            life.archive()
        life.at = now
        life.break_promise()
        life.settle(now)

    def _steps(self) -> Iterator[tuple[float, Callable[[], object]]]:
        life, to = self.life, self.to
        looked_at = to in (Status.TRI, Status.REJ) or not life.is_sure
        if looked_at:
            yield RECEIVED, life.wait_at_desk
            if to == Status.REJ:
                yield HEAR, life.reject
        if looked_at or life.chance.random() < 0.2:
            yield DESK, life.confirm
        yield (DESK if looked_at else RECEIVED), life.dispatch
        yield ACCEPT, life.accept
        yield from self._talk()
        if to == Status.HND:
            return
        if to == Status.WDR:
            yield FIND, life.withdraw
        if to in (Status.WCU, Status.W3P):
            yield FIND, lambda: life.wait(to)
        yield from self._solve()

    def _talk(self) -> Iterator[tuple[float, Callable[[], object]]]:
        life, chance = self.life, self.life.chance
        if self.to != Status.HND or chance.random() < 0.8:
            yield REPLY, lambda: life.reply(chance.choice(REPLIES))
        if chance.random() < 0.35:
            yield HEAR, lambda: life.hear(chance.choice(HEARD))
        if chance.random() < 0.3:
            yield HEAR, lambda: life.note(chance.choice(NOTES))

    def _solve(self) -> Iterator[tuple[float, Callable[[], object]]]:
        life = self.life
        yield FIND, life.find
        yield OFFER, lambda: life.propose(waits=self.to == Status.PAP)
        yield AGREE, life.agree
        yield DONE, life.execute
        yield TOLD, life.feed_back
        if life.complaint.status == Status.FUV:
            happy = self.to != Status.RWK
            result = VisitResult.SATISFIED if happy else VisitResult.UNSATISFIED
            yield CALLED, lambda: life.visit(result)
        yield 1.0, life.close
