"""Answering, asking, waiting, being urged."""

from __future__ import annotations

from decimal import Decimal

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.actions import restrict
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.words import Channel, Severity, Status
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing.words import Whom
from huiyin.surface.demo import files
from huiyin.surface.demo.story.looping import call_wanted
from huiyin.surface.demo.story.promised import said
from huiyin.surface.demo.story.rhythm import keeps_informed
from huiyin.surface.demo.story.story import Story
from huiyin.surface.demo.theatre import Acts
from huiyin.surface.portal import actions as portal


def work(it: Story) -> Acts:
    if it.has("silent") or it.status not in WORKING:
        return
    yield it.by(ClockKind.FIRST_RESPONSE, min(it.pace, 1.3) * 0.6)
    words = it.scene.says(">") or "您好，您反映的情况我们已经收到，由我负责跟进。"
    said(it.theatre, it.complaint, by=it.handler, text=words, channel=it.way)
    it.theatre.enter(moment.now(), keeps_informed(it))
    for nth, _line in enumerate(it.scene.lines.get("*", ())):
        yield it.after(20 + it.rng.random() * 90)
        conversation.note(it.complaint, by=it.handler, text=it.scene.says("*", nth))
    if "sensitive" in it.scene.marks:
        yield it.after(30)
        reason = "涉及客户人身安全，只限经办人与隐私官查看"
        restrict(it.complaint, by=it.people["yin"], people=(), reason=reason)
    if it.has("hand_over"):
        yield from _hand_over(it)
    if it.until == Status.HND:
        call_wanted(it)
        return
    if it.has("withdraw") and "safety" not in it.complaint.risks:
        yield it.after(240)
        closure.withdraw(it.complaint, by=it.handler, reason="客户来电：已经自己解决，不投诉了")
        return
    yield from _wait(it)
    yield from _pressed(it)


def _hand_over(it: Story) -> Acts:
    team = it.complaint.team
    if team is None or it.complaint.severity == Severity.S1:
        return
    mates = User.objects.present_in(team).with_role(Role.AGENT, Role.SPECIALIST)
    to = mates.exclude(pk=it.handler.pk).order_by("pk").first()
    if to is None:
        return
    yield it.after(120)
    note = "我明天轮休，客户下午三点前方便接电话"
    routing.hand_over(it.complaint, by=it.handler, to=to, note=note)
    yield it.by(ClockKind.SIGN_IN, 0.4)
    routing.accept(it.complaint, by=it.handler)


def _wait(it: Story) -> Acts:
    asked = it.has("ask") or it.until == Status.WCU
    if asked:
        yield it.by(ClockKind.RESOLUTION, it.pace * 0.2)
        reason = "请客户补充小票和照片，约一天"
        routing.wait(it.complaint, by=it.handler, whom=Whom.CUSTOMER, reason=reason)
        if it.stays:
            return
        yield it.after(60 + it.rng.random() * 900)
        _customer_adds(it, it.scene.says("<") or "照片和小票我拍好了，你们看一下。")
    if it.has("third") or it.until == Status.W3P:
        yield it.by(ClockKind.RESOLUTION, it.pace * 0.3)
        reason = "等承运商与厂家的书面回复，预计一到两天"
        routing.wait(it.complaint, by=it.handler, whom=Whom.THIRD, reason=reason)
        if it.stays:
            return
        yield it.after(600 + it.rng.random() * 900)
        routing.resume(it.complaint, by=it.handler, reason="书面回复已收到")


def _customer_adds(it: Story, text: str) -> None:
    if it.channel == Channel.PORTAL:
        photo = files.photo(it.scene.code, it.complaint.pk)
        portal.add(it.complaint, text=text, files=[photo])
    else:
        conversation.customer_wrote(it.complaint, by=it.handler, text=text, channel=it.way)


def _pressed(it: Story) -> Acts:
    """The customer, the supervision officer, or both ask what takes so long."""
    if it.stays:
        return
    if it.has("urge"):
        yield it.after(200)
        system, words = User.objects.system(), "都几天了，到底有没有人管"
        routing.urge(it.complaint, by=system, words=words, by_customer=True)
    if it.has("supervise"):
        yield it.after(90)
        routing.urge(it.complaint, by=it.people["du"], words="请今日给客户明确答复")
    if it.has("extend"):
        _more_time(it)
    if it.has("escalate"):
        yield it.after(60)
        portal.ask_escalation(it.complaint, text="我要找你们负责人")


def _more_time(it: Story) -> None:
    """The lead grants a day, where the policy allows it and the time is not up."""
    clock = it.complaint.clocks.running().filter(kind=ClockKind.RESOLUTION).first()
    lead = it.complaint.team.lead if it.complaint.team else None
    if clock is None or lead is None or clock.due_at <= moment.now():
        return
    if float(clock.most_extra) - clock.extra >= 1:
        clocks.extend(
            it.complaint,
            by=lead,
            kind=ClockKind.RESOLUTION,
            amount=Decimal(1),
            reason="厂家检测需要时间，检测报告一出就给您答复",
            channel=it.way,
        )
