"""Telling the result, calling back, the customer's own word, closing, opening again."""

from __future__ import annotations

from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure import actions as closure
from huiyin.journey.closure.words import Outcome, VisitResult
from huiyin.journey.complaint.words import Channel, Severity, Status
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.supervision import actions as supervision
from huiyin.journey.supervision.models import Supervision
from huiyin.journey.supervision.people import heads_of
from huiyin.journey.supervision.words import Stage, Verdict
from huiyin.surface.demo.story import carrying
from huiyin.surface.demo.story.looping import learn, tried
from huiyin.surface.demo.story.promised import unkept
from huiyin.surface.demo.story.story import Story
from huiyin.surface.demo.theatre import Acts
from huiyin.surface.portal import actions as portal

UNHAPPY = "钱是退了，可是没有一个人跟我说声对不起。"


def end(it: Story) -> Acts:
    yield it.by(ClockKind.FEEDBACK, min(it.pace, 1.2))
    measures, result, prevention = it.scene.result
    closure.feed_back(
        it.complaint,
        by=it.handler,
        measures=measures,
        result=result,
        prevention=prevention,
        channel=it.way,
        waived=unkept(it.complaint, it.handler, measures, result, prevention),
    )
    if it.stays:
        yield from tried(it)
        return
    if it.status == Status.FUV and it.until != Status.RWK:
        yield from _call_back(it)
    elif it.channel == Channel.PORTAL and it.once("judge_no"):
        yield it.after(300)
        portal.judge(it.complaint, solved=False, text=it.scene.says("-") or UNHAPPY)
    elif it.until == Status.RWK:
        yield it.after(90)
        reason = "抽查：答复没有回应客户的诉求"
        closure.rework(it.complaint, by=it.people["gao"], reason=reason)
    if it.status == Status.RWK or it.until == Status.FUV:
        return
    yield it.after(30 + it.rng.random() * 600)
    _lift(it)
    carrying.make_calls(it)
    _close(it)
    learn(it)
    yield from _afterwards(it)


def _call_back(it: Story) -> Acts:
    yield it.by(ClockKind.VISIT, min(it.pace, 1.1))
    caller = it.people["he"]
    if it.once("missed_call"):
        closure.visit(it.complaint, by=caller, result=VisitResult.NOT_REACHED)
        yield it.after(300)
    if it.once("unhappy"):
        result, words = VisitResult.UNSATISFIED, it.scene.says("-") or UNHAPPY
    else:
        result = VisitResult.FAIR if it.has("fair") else VisitResult.SATISFIED
        words = it.scene.says("+") or "可以，没有别的了。"
    closure.visit(it.complaint, by=caller, result=result, words=words)


def _lift(it: Story) -> None:
    """What the rules put under supervision is answered and lifted before it is closed."""
    for watch in Supervision.objects.open().filter(complaint=it.complaint).with_all():
        watch.complaint = it.complaint
        if watch.stage == Stage.DUE:
            heads = heads_of(watch.department) if watch.department else [it.handler]
            text = "已按督办要求逐项落实，由经手人负责，结果已告知客户。"
            supervision.file_measures(watch, by=heads[0], text=text)
        waiting = watch.measures.filter(verdict=Verdict.WAITING).first()
        if waiting is not None:
            waiting.supervision = watch
            supervision.review(waiting, by=it.people["du"], accept=True)
        supervision.lift(watch, by=it.people["du"], words="措施已落实，客户已收到结果")


def _close(it: Story) -> None:
    complaint, marks = it.complaint, it.scene.marks
    cause, liability, _facts = it.scene.finding
    outcome = Outcome.NOT_UPHELD if "not_upheld" in marks else Outcome.UPHELD
    outcome = Outcome.PARTLY if "partly" in marks else outcome
    why = "已说明理由，并告知可向 12315 或人民调解委员会反映"
    _complete(it, outcome)
    closure.close(
        complaint,
        by=it.people["gao"] if complaint.severity == Severity.S1 else it.handler,
        outcome=outcome,
        cause=cause,
        liability=liability,
        remedy=Remedy.objects.get(code=it.scene.offer[0]),
        satisfaction=closure.word_of_customer(complaint),
        improvement=it.rng.random() < 0.2,
        note="" if outcome == Outcome.UPHELD else why,
    )


def _complete(it: Story, outcome: str) -> None:
    """What closing asks: the other ways told where we say no, signatures, what cannot be had."""
    complaint = it.complaint
    if outcome == Outcome.NOT_UPHELD and not closure.told_of_ways(complaint):
        reason = it.scene.finding[2] or "经核实，不属于质量问题，您的诉求我们不能支持"
        reason = reason if len(reason) >= 10 else f"经核实：{reason}，因此不能支持"
        closure.tell_alternatives(complaint, by=it.handler, reason=reason, channel=it.way)
    signers = {"legal": "fang", "privacy": "yin", "finance": "qian"}
    for demand in closure.unmet(complaint):
        if demand.role:
            by = it.people[signers.get(demand.role, "gao")]
            closure.sign_off(complaint, by=by, demand=demand, words="材料已逐项核对，同意结案")
        else:
            words = "客户现场办理，没有这项材料，已口头核对"
            closure.waive(complaint, by=it.handler, demand=demand, words=words)


def _afterwards(it: Story) -> Acts:
    if it.channel == Channel.PORTAL and it.once("judge_yes"):
        yield it.after(600)
        portal.judge(it.complaint, solved=True, text="解决了，谢谢")
    if it.once("reopen"):
        yield it.after(60 * 50)
        team = it.complaint.team
        by = (team and team.duty_supervisor) or it.people["gao"]
        closure.reopen(it.complaint, by=by, reason="同样的问题又出现了一次")
