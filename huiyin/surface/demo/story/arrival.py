"""From the first word until somebody has signed for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from huiyin.ground import moment
from huiyin.ground.customers.actions import find_or_create
from huiyin.ground.customers.words import Care, Level
from huiyin.ground.people.models import Team, User
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Severity, Status
from huiyin.journey.intake.actions import register
from huiyin.journey.intake.words import Via
from huiyin.journey.routing import actions as routing
from huiyin.journey.triage import actions as triage
from huiyin.journey.triage.words import RejectReason
from huiyin.surface.demo import answers, files
from huiyin.surface.demo.story.story import Story
from huiyin.surface.demo.theatre import Acts
from huiyin.surface.portal import actions as portal

DESK = ("cao_y", "pan_j", "lu_q", "zhou")  # who takes calls


def arrive(it: Story) -> Acts:
    _known_customer(it)
    it.complaint = _registered(it)
    if it.has("photo"):
        files.attach(it.complaint, scene=it.scene, by=it.complaint.received_by or it.handler)
    if it.has("cancel"):
        yield it.after(50)
        closure.cancel(it.complaint, by=it.people["gao"], reason="与上一件重复登记")
    elif it.has("reject"):
        yield from _rejected(it)
    elif it.until == Status.TRI:
        if it.status == Status.DIS:
            yield it.after(6)
            _give_back(it, "看内容不归本组，请重新判断")
    elif _needs_a_look(it):
        yield it.after(6 + it.rng.random() * 14)
        _confirm(it)
    if it.channel == Channel.REGULATOR and it.complaint.is_open:
        yield it.after(10)
        _attach_document(it)


def _known_customer(it: Story) -> None:
    """What we know of somebody before he calls: level, care, language."""
    marks = it.scene.marks & {"vip", "elder", "en"}
    if marks:
        customer = find_or_create(it.contact)
        customer.level = Level.VIP if "vip" in marks else customer.level
        customer.care = [Care.SENIOR] if "elder" in marks else customer.care
        customer.language = "en" if "en" in marks else customer.language
        customer.save()


def _registered(it: Story) -> Complaint:
    scene, rng = it.scene, it.rng
    said: dict[str, Any] = {
        "contact": it.contact,
        "text": scene.says('"'),
        "wanted": scene.says("?"),
        "order_no": answers.order_no(scene, rng),
        "happened_on": answers.happened_on(rng),
    }
    if it.channel == Channel.PORTAL:
        return portal.complain(
            address=f"192.0.2.{rng.randrange(1, 250)}",
            concerning="",
            privacy_version="1",
            key=f"demo-{rng.getrandbits(64):016x}",
            **said,
        ).complaint
    if it.channel in (Channel.API, Channel.IMPORT):
        via = Via.API if it.channel == Channel.API else Via.IMPORT
        return register(by=User.objects.system(), channel=it.channel, via=via, **said)
    if not it.has("unsure"):  # the desk knows what it is about
        said |= {
            "category": scene.code,
            "severity": scene.severity,
            "fields": answers.fields(scene, it.channel, rng),
        }
    return register(
        by=it.people["li" if it.has("li") else rng.choice(DESK)],
        channel=it.channel,
        around=answers.around(it.channel, rng),
        **said,
    )


def _needs_a_look(it: Story) -> bool:
    """What the rules are not sure of, most of what they got wrong, and every S1 that is none."""
    complaint = it.complaint
    if complaint.severity == Severity.S1 and it.scene.severity not in (1, 2):
        return True
    if complaint.category_confirmed:
        return False
    wrong = complaint.category != it.scene.code
    return complaint.status == Status.TRI or (wrong and it.rng.random() < 0.8)


def _confirm(it: Story) -> None:
    complaint = it.complaint
    severity = it.scene.severity or complaint.severity or Severity.S3
    if severity == Severity.S1 and it.scene.severity != 1:
        severity = Severity.S2
    triage.confirm(
        complaint,
        by=it.people[it.rng.choice(("zhou", "lu_q"))],
        category=it.scene.code,
        severity=severity,
        reason="核对原文：没有正在发生的危险",
    )


def _attach_document(it: Story) -> None:
    """The letter of the authority with its own date."""
    today = moment.today()
    clocks.attach(
        it.complaint,
        by=it.people["zhou"],
        policy="SLA-REG",
        document_no=f"市监转〔{today.year}〕{it.rng.randrange(100, 999)}号",
        document_on=today,
        due_on=today + timedelta(days=7),
    )


def _rejected(it: Story) -> Acts:
    if it.status == Status.DIS:
        yield it.after(30)
        _give_back(it, "查无此商品编码，不是我们售出的")
    yield it.after(60)
    triage.reject(
        it.complaint,
        by=it.people["zhou"],
        reason=RejectReason.NOT_OURS,
        remedies=it.scene.says("!"),
    )


def _give_back(it: Story, reason: str) -> None:
    routing.give_back(it.complaint, by=it.handler, reason=reason)


def sign(it: Story) -> Acts:
    team = it.complaint.team
    if it.status == Status.TRI:
        yield it.after(10)
        _dispatch(it, team)
    if it.has("return") and it.status == Status.DIS:
        yield it.by(ClockKind.SIGN_IN, 0.3)
        _give_back(it, "客户要找的是经手人，请重新派单")
        yield it.after(15)
        _dispatch(it, team)
    if it.until == Status.DIS:
        return
    yield it.by(ClockKind.SIGN_IN, min(it.pace, 1.6) * 0.4)
    if it.status == Status.DIS:
        routing.accept(it.complaint, by=it.handler)


def _dispatch(it: Story, team: Team | None) -> None:
    if team is not None and it.status == Status.TRI:
        routing.dispatch(it.complaint, by=it.people["zhou"], team=team)
