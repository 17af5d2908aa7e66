"""What was found, what is offered, who approves, what the customer says, and doing it."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.words import Channel, Status, What
from huiyin.journey.investigation.actions import find
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.words import OfferState
from huiyin.journey.routing import actions as routing
from huiyin.surface.demo import files
from huiyin.surface.demo.story import carrying, options
from huiyin.surface.demo.story.story import Story
from huiyin.surface.demo.theatre import Acts

BEYOND = (68_000, 380_000, 1_280_000)  # fen: more than an agent, a supervisor, a manager may


def solve(it: Story) -> Acts:
    again = it.status == Status.RWK
    if again:
        yield it.after(60)
        _again(it)
    yield it.by(ClockKind.RESOLUTION, it.pace * 0.5)
    if it.status not in WORKING:
        return
    cause, liability, facts = it.scene.finding
    find(it.complaint, by=it.handler, facts=facts, cause=cause, liability=liability)
    if it.once("report"):
        files.report(it.complaint, by=it.handler, facts=facts)
    offer = yield from _agreed(it, again=again)
    if offer is None:
        return
    yield it.by(ClockKind.RESOLUTION, it.pace)
    yield from carrying.carry_out(it, offer)


def _again(it: Story) -> None:
    """What the customer was not content with goes one level up, to somebody else."""
    it.complaint.refresh_from_db()
    event = it.complaint.events.filter(what=What.REWORKED).latest("pk")
    closure.give_to_the_next_level(event)
    it.complaint.refresh_from_db()
    if it.status == Status.RWK and closure.by_another(it.complaint) and it.complaint.team:
        had = it.complaint.assignments.exclude(assignee=None).values("assignee")
        fit = User.objects.active().with_role(Role.AGENT, Role.SPECIALIST, Role.LEAD)
        mates = fit.filter(teams=it.complaint.team).exclude(pk__in=had)
        to = mates.order_by("pk").first()
        note = "换人重办，请重新核实"
        routing.hand_over(it.complaint, by=it.people["gao"], to=to, note=note)
    if it.status == Status.DIS:
        routing.accept(it.complaint, by=it.handler)
    else:
        closure.take_up(it.complaint, by=it.handler)


def _agreed(it: Story, *, again: bool) -> Generator[datetime, None, Offer | None]:
    """Offers until one is agreed: the value is that one, None where the story stays before."""
    offer = _propose(it, again=again)
    while it.status == Status.PAP:
        if it.until == Status.PAP:
            return None
        yield it.after(40 + it.rng.random() * 160)
        if it.once("deny"):
            note = "金额依据不足，请附票据后再报"
            resolution.decide(offer, by=it.people["gao"], approve=False, note=note)
            yield it.after(60)
            offer = _propose(it, again=True)
        else:
            _approve(it, offer)
    if it.rng.random() < 0.3 or it.channel == Channel.PORTAL:
        resolution.tell(offer, by=it.handler, channel=it.way)
    if it.until == Status.EXE and it.rng.random() < 0.5:
        return None
    yield it.after(30 + it.rng.random() * 240)
    if it.once("decline"):
        resolution.decline(offer, by=it.handler, note="客户认为补偿太少")
        yield it.after(60)
        offer = _propose(it, again=True)
    carrying.say_yes(it, offer)
    if it.until != Status.EXE:
        return offer
    carrying.stand_still(it, offer)
    return None


def _propose(it: Story, *, again: bool) -> Offer:
    """What the scene says; a second offer promises no more money: the first counts already."""
    code, fen, basis = it.scene.offer
    if again:
        code, fen, basis = "RMD.08", 0, "在原方案之外当面致歉并说明改进"
    elif it.until == Status.PAP:
        code, fen = "RMD.06", _beyond_authority(it, fen)
    draft = options.draft(it, code, fen, basis)
    return resolution.propose_round(it.complaint, by=it.handler, drafts=[draft])[0]


def _beyond_authority(it: Story, fen: int) -> int:
    """An amount that the handler may not promise by himself."""
    amounts = (fen, *BEYOND)
    return next(a for a in amounts if not resolution.verdict(it.handler, it.complaint, a).within)


def _approve(it: Story, offer: Offer) -> None:
    """Whoever is nearest and may; where nobody may alone, three sign."""
    team = it.complaint.team
    people = [team.lead, team.duty_supervisor] if team else []
    for decider in (*people, *(it.people[name] for name in ("gao", "qian", "fang"))):
        if decider is None or decider == offer.by or offer.state != OfferState.WAITING:
            continue
        if not resolution.cannot_decide(offer, decider):
            resolution.decide(offer, by=decider, approve=True, note="同意，请注意跟进")
