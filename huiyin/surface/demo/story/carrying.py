"""How a customer says yes, and how what was agreed gets done: step by step, by those who must."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.words import CallbackKind, Result
from huiyin.journey.consent import actions as consent
from huiyin.journey.consent.words import How
from huiyin.journey.conversation.actions import add_evidence
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.people import told_of
from huiyin.journey.execution import actions as execution
from huiyin.journey.execution.models import Step
from huiyin.journey.execution.words import Doer
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer
from huiyin.surface.demo import answers, files
from huiyin.surface.demo.story import recording as spoken
from huiyin.surface.demo.story.story import Story
from huiyin.surface.demo.turns import turn


def say_yes(it: Story, offer: Offer) -> None:
    """Most by telephone, some through a link, with a signature, or on a recording."""
    way = turn(it.complaint) % 5
    if way == 0:
        link, _address = consent.send(it.complaint, by=it.handler, sends=False)
        consent.accept(it.complaint, offer_pk=offer.pk, link=link)
    elif way == 1:
        paper = SimpleUploadedFile("签字确认书.png", files.png(offer.pk), "image/png")
        consent.register(offer, by=it.handler, how=How.SIGNATURE, upload=paper)
    elif way == 2:
        said = SimpleUploadedFile("客户确认录音.wav", spoken.consent(), "audio/wav")
        recording = add_evidence(it.complaint, by=it.handler, upload=said)
        consent.register(
            offer, by=it.handler, how=How.RECORDING, evidence=recording, place="00:07", words="可以"
        )
    else:
        resolution.agree(offer, by=it.handler, note="客户电话同意")
    it.complaint.refresh_from_db()


def stand_still(it: Story, offer: Offer) -> None:
    """Where the story stays in 方案执行中: some will be later than promised, and the customer
    knows."""
    step = _now(it, offer)
    if step is not None and turn(it.complaint) % 3 == 0:
        day = offer.due_on + timedelta(days=4)
        if day >= moment.today():
            execution.postpone(step, by=it.handler, due_on=day, reason="仓库盘点，发货比原定晚几天")


def carry_out(it: Story, offer: Offer) -> Generator[datetime, None, None]:
    """Whoever's turn it is does his step, until all is done."""
    proof = answers.proof(offer, it.rng)
    step = _now(it, offer)
    if step is None:
        resolution.execute(offer, by=it.handler, proof=proof)
        return
    while step is not None:
        _do(it, step, proof)
        it.complaint.refresh_from_db()
        step = _now(it, offer)
        if step is not None:
            yield it.after(60)


def _now(it: Story, offer: Offer) -> Step | None:
    """The step whose turn it is, of the complaint that the story is about."""
    running = Step.objects.running().filter(offer=offer.pk)
    step = running.select_related("offer", "task").first()
    if step is not None:
        step.complaint = step.offer.complaint = it.complaint
    return step


def _do(it: Story, step: Step, proof: str) -> None:
    people = told_of(step.task) if step.task is not None else []
    if step.doer == Doer.DEPARTMENT and people and step.task is not None:
        cooperation.answer(step.task, by=people[0], text=f"已办好：{step.what_zh}。{proof}")
        return
    if step.doer == Doer.DEPARTMENT:
        execution.take_over(step, by=it.handler, reason="部门没有人在岗，由我来办")
        step = _now(it, step.offer) or step
    payer = it.people["qian"] if step.doer == Doer.FINANCE else it.handler
    execution.complete(step, by=payer, proof=proof)


def make_calls(it: Story) -> None:
    """Whoever was to be called, about a promise or a delay, is called before the end."""
    for call in it.complaint.callbacks.open().exclude(kind=CallbackKind.VISIT):
        call.complaint = it.complaint
        words = "已说明原因并致歉，客户表示理解"
        callbacks.answer(call, by=it.people["gao"], result=Result.TALKED, words=words)
