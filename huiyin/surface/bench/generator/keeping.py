"""What stands beside the road: promises and what became of them, calls, what others learn from."""

from __future__ import annotations

from datetime import timedelta

from huiyin.ground.people.words import Role
from huiyin.journey.callbacks.actions.planning import part
from huiyin.journey.callbacks.models import Callback, Try
from huiyin.journey.callbacks.words import CallbackKind, Result
from huiyin.journey.callbacks.words import State as CallState
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure.actions.visiting import VISIT_WITHIN
from huiyin.journey.closure.models import Closing
from huiyin.journey.closure.words import VisitResult
from huiyin.journey.complaint.words import What
from huiyin.journey.promises.actions.following import end_of, kind_of
from huiyin.journey.promises.models import Promise
from huiyin.journey.promises.words import Origin, State
from huiyin.journey.resolution.models import Offer
from huiyin.surface.bench.generator.life import Life
from huiyin.surface.composer.models import Precedent
from huiyin.surface.composer.rules import levels

WHY = "处理完成，请回访客户是否满意"
REACHED = {
    VisitResult.SATISFIED: Result.SATISFIED,
    VisitResult.UNSATISFIED: Result.UNSATISFIED,
    VisitResult.NOT_REACHED: Result.NOT_REACHED,
}


class Keeping(Life):
    """Rows whose own clocks are left out: the promise of an option, the call of a visit."""

    offer: Offer | None = None
    promise: Promise | None = None
    call: Callback | None = None

    def promise_offer(self) -> None:
        """As promises do when the customer has said yes."""
        offer = self.offer
        assert offer is not None
        due = max(end_of(offer.due_on), self.at + timedelta(minutes=1))
        self.promise = Promise(
            pk=self.around.ids.next(Promise),
            complaint_id=self.complaint.pk,
            kind=kind_of(offer),
            what=offer.remedy.name_zh,
            amount_fen=offer.amount_fen,
            due_at=due,
            first_due_at=due,
            origin=Origin.OFFER,
            source=f"offer:{offer.pk}",
            sentence=offer.wording,
            remedy=offer.remedy,
            authority=f"方案 · {self.handler.name}",
            by_id=self.system.pk,
            at=self.at,
        )
        self.trays.add(self.promise)
        self.complaint.carry(promise_due_at=due)
        self.tell(What.PROMISED, self.system, **self.promise.facts)

    def keep_promise(self, proof: str) -> None:
        given = self.promise
        if given is None or given.kept_at is not None:
            return
        self.break_promise()
        given.state = State.KEPT if given.state == State.OPEN else State.BROKEN
        given.kept_at, given.kept_by, given.proof = self.at, self.handler, proof
        given.owner, given.team_id = self.handler, self.complaint.team_id
        self.complaint.carry(promise_due_at=None)
        late = given.state == State.BROKEN
        self.tell(What.PROMISE_KEPT, self.handler, **given.facts, note=proof, late=late)

    def break_promise(self) -> None:
        """As the sweep does once the date is over."""
        given = self.promise
        if given is None or given.state != State.OPEN or given.due_at >= self.at:
            return
        given.state, given.broken_at = State.BROKEN, given.due_at
        self.complaint.carry(promise_due_at=None)
        self.tell(What.PROMISE_BROKEN, self.system, at=given.due_at, **given.facts)

    def ask_visit(self) -> None:
        clock = next(
            (c for c in self.clocks if c.kind == ClockKind.VISIT and not c.stopped_at), None
        )
        self.call = Callback(
            pk=self.around.ids.next(Callback),
            complaint_id=self.complaint.pk,
            kind=CallbackKind.VISIT,
            reason=WHY,
            source="visit",
            post=Role.VISITOR,
            clock_id=clock.pk if clock else None,
            due_at=clock.due_at if clock else self.at + VISIT_WITHIN,
            next_at=self.at,
            next_part=part(self.at),
            by_id=self.system.pk,
            at=self.at,
        )
        self.trays.add(self.call)
        self.tell(What.CALLBACK_ASKED, self.system, kind=CallbackKind.VISIT, reason=WHY)

    def answer_call(self, result: VisitResult) -> None:
        call = self.call
        if call is None or call.state != CallState.OPEN:
            return
        by = self.house.supervisors[self.complaint.team_id or 0]
        call.tries, call.state = call.tries + 1, CallState.DONE
        call.result, call.done_by, call.done_at = REACHED[result], by, self.at
        self.trays.add(
            Try(
                callback_id=call.pk,
                result=call.result,
                part=part(self.at),
                by_id=by.pk,
                at=self.at,
            )
        )

    def remember(self, closing: Closing) -> None:
        """As the composer does with what was closed."""
        if not self.complaint.category or self.offer is None:
            return
        first, second, third = levels(self.complaint.category)
        self.trays.add(
            Precedent(
                complaint_id=self.complaint.pk,
                closing_id=closing.pk,
                remedy_id=closing.remedy_id,
                amount_fen=self.offer.paid_fen or 0,
                level1=first,
                level2=second,
                level3=third,
                ended_at=closing.at,
            )
        )
