"""One complaint from the first word to wherever it stands: the rows its acts would have written.

The spine itself checks every move (`Complaint.move_to`); clocks are planned by the clocks' own
arithmetic. What is left out is what acts ask the database for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from huiyin.ground.people.models import Team, User
from huiyin.journey.clocks.actions import planned
from huiyin.journey.clocks.models import Clock, Pause
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Channel, Severity, Status, What
from huiyin.journey.conversation.models import Message
from huiyin.journey.conversation.words import Kind
from huiyin.journey.intake.models import Intake
from huiyin.journey.intake.words import Via
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.rules import Limit
from huiyin.journey.routing.models import Assignment
from huiyin.journey.routing.words import How, Whom
from huiyin.journey.triage import knowledge, rules
from huiyin.journey.triage.actions import SURE
from huiyin.journey.triage.models import Triage
from huiyin.journey.triage.words import Source
from huiyin.surface.bench.generator.people import House
from huiyin.surface.bench.generator.trays import Ids, Trays

VIA = {
    Channel.PORTAL: Via.PORTAL,
    Channel.API: Via.API,
    Channel.CHAT: Via.CHAT,
    Channel.EMAIL: Via.MAIL,
    Channel.SOCIAL: Via.SOCIAL,
    Channel.WALKIN: Via.COUNTER,
    Channel.LETTER: Via.PAPER,
}
EVERY = tuple(ClockKind)
# What a person who confirms takes over from the reading.
KEPT = (
    *("category_id", "severity", "score", "nature", "emotion", "intensity", "urgency", "scope"),
    *("risks", "conduct", "raised", "points", "guesses", "rule_version"),
)


@dataclass(frozen=True)
class Around:
    """What all lives share."""

    house: House
    system: User
    trays: Trays
    ids: Ids
    remedies: list[Remedy]
    limits: list[Limit]


class Life:
    """The first half of the road: received, read, dispatched, signed for. `at` moves on."""

    def __init__(self, complaint: Complaint, around: Around, chance: Random) -> None:
        self.complaint = complaint
        self.house = around.house
        self.system = around.system
        self.trays = around.trays
        self.around = around
        self.chance = chance
        self.at: datetime = complaint.received_at
        self.events: list[Event] = []
        self.clocks: list[Clock] = []
        self.triage: Triage | None = None
        self.assignment: Assignment | None = None
        self.handler: User = around.system

    # --- the small things every act does ------------------------------------------------------

    def tell(self, what: What, by: User, *, at: datetime | None = None, **facts: object) -> None:
        event = Event(
            complaint_id=self.complaint.pk, what=what, by_id=by.pk, at=at or self.at, facts=facts
        )
        self.events.append(event)

    def say(self, kind: Kind, text: str, by: User) -> Message:
        channel = "" if kind == Kind.NOTE else self.complaint.channel
        return self.trays.add(
            Message(
                pk=self.around.ids.next(Message),
                complaint_id=self.complaint.pk,
                kind=kind,
                channel=channel,
                text=text,
                by_id=by.pk,
                at=self.at,
            )
        )

    def start(self, *kinds: str, at: datetime | None = None) -> None:
        for kind in kinds:
            clock = planned(self.complaint, kind, at or self.at)
            if clock is not None:
                clock.pk = self.around.ids.next(Clock)
                self.clocks.append(clock)

    def stop(self, *kinds: str, by: User) -> None:
        for clock in self.clocks:
            if clock.kind in kinds and clock.stopped_at is None:
                clock.stopped_at, clock.stopped_by, clock.paused_at = self.at, by, None

    # --- the road -----------------------------------------------------------------------------

    def receive(self) -> None:
        complaint = self.complaint
        by = complaint.received_by or self.system
        complaint.move_to(Status.REG)
        via = VIA.get(Channel(complaint.channel), Via.STAFF)
        contact = {"name": complaint.customer.name, "phone": "", "email": ""}
        self.trays.add(
            Intake(complaint_id=complaint.pk, via=via, contact=contact, recording_told=True)
        )
        self.say(Kind.INBOUND, complaint.text, by)
        self.tell(
            What.RECEIVED,
            by,
            channel=complaint.channel,
            via=str(via),
            contact_count=complaint.contact_count,
        )

    def read(self, reading: rules.Reading) -> None:
        """As triage.read_on_receipt does."""
        complaint = self.complaint
        complaint.move_to(Status.TRI)
        triage = Triage.of_reading(complaint, reading, severity=reading.severity, by=self.system)
        triage.at = self.at
        self.triage = self.trays.add(triage)
        complaint.carry(
            severity=reading.severity,
            category=reading.category,
            risks=list(reading.risks),
            emotion=reading.emotion,
        )
        self._told_of_triage(What.TRIAGED, self.system, sure=reading.confidence >= SURE)
        self.start(ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION, at=complaint.received_at)

    def _told_of_triage(self, what: What, by: User, *, sure: bool) -> None:
        assert self.triage is not None
        code = self.triage.category_id or ""
        self.tell(
            what,
            by,
            severity=self.triage.severity,
            category=knowledge.current().path(code) or code,
            code=code,
            confidence=self.triage.confidence,
            sure=sure,
            risks=self.triage.risks,
        )

    @property
    def is_sure(self) -> bool:
        return self.triage is not None and self.triage.confidence >= SURE

    def wait_at_desk(self) -> None:
        """Nobody is sure: the desk's pool, until a person has looked."""
        self.complaint.carry(team=self.house.team_for(""))

    def confirm(self) -> None:
        """A person agrees with what was read."""
        read, by = self.triage, self.chance.choice(self.house.triagers)
        assert read is not None
        read.confirmed_at, read.confirmed_by = self.at, by
        self.triage = self.trays.add(
            Triage(
                complaint_id=self.complaint.pk,
                source=Source.HUMAN,
                confidence=1.0,
                by_id=by.pk,
                at=self.at,
                confirmed_at=self.at,
                confirmed_by=by,
                **{name: getattr(read, name) for name in KEPT},
            )
        )
        self.complaint.carry(category_confirmed=True)
        self._told_of_triage(What.RECLASSIFIED, by, sure=True)

    def dispatch(self) -> None:
        """To the team of the category; S1 to its supervisor, the rest to one of its agents."""
        complaint = self.complaint
        team = self.house.team_for(complaint.category)
        urgent = complaint.severity == Severity.S1
        to = (
            self.house.supervisors[team.pk]
            if urgent
            else self.chance.choice(self.house.agents[team.pk])
        )
        self._give(team, to, how=How.GREEN if urgent else How.ROUTE)

    def _give(self, team: Team, to: User, *, how: How) -> None:
        self.complaint.move_to(Status.DIS)
        self.complaint.carry(team=team, assignee=to)
        self.handler = to
        self.assignment = self.trays.add(
            Assignment(
                complaint_id=self.complaint.pk,
                team=team,
                assignee=to,
                how=how,
                by_id=self.system.pk,
                at=self.at,
            )
        )
        self.tell(What.DISPATCHED, self.system, team=team.name, to=to.name, how=str(how), reason="")
        self.start(ClockKind.SIGN_IN)

    def accept(self) -> None:
        assert self.assignment is not None
        self.complaint.move_to(Status.HND)
        self.assignment.accepted_at = self.at
        self.tell(What.ACCEPTED, self.handler)
        self.stop(ClockKind.SIGN_IN, by=self.handler)

    def reply(self, text: str) -> None:
        message = self.say(Kind.OUTBOUND, text, self.handler).pk
        self.tell(What.REPLIED, self.handler, message=message, channel=self.complaint.channel)
        self.stop(ClockKind.FIRST_RESPONSE, by=self.handler)

    def hear(self, text: str) -> None:
        message = self.say(Kind.INBOUND, text, self.handler).pk
        self.tell(
            What.CUSTOMER_WROTE, self.handler, message=message, channel=self.complaint.channel
        )

    def note(self, text: str) -> None:
        message = self.say(Kind.NOTE, text, self.handler).pk
        self.tell(What.NOTED, self.handler, message=message)

    def wait(self, status: Status) -> None:
        whom = Whom.CUSTOMER if status == Status.WCU else Whom.THIRD
        self.complaint.move_to(status)
        self.tell(What.WAITED, self.handler, whom=str(whom), reason="等待补充材料")
        for clock in self.clocks:
            resolving = clock.kind == ClockKind.RESOLUTION and clock.stopped_at is None
            if resolving and clock.due_at > self.at and clock.pauses_while(whom):
                clock.paused_at = self.at
                self.trays.add(
                    Pause(
                        clock_id=clock.pk,
                        began_at=self.at,
                        whom=whom,
                        reason="等待补充材料",
                        by_id=self.handler.pk,
                    )
                )

    # --- the end of the telling ---------------------------------------------------------------

    def settle(self, now: datetime) -> None:
        """Misses and warnings, the next due date, the last event: as the sweep would."""
        for clock in self.clocks:
            self._judge(clock, now)
            self.trays.add(clock)
        running = [c for c in self.clocks if c.stopped_at is None and c.paused_at is None]
        first = min(running, key=lambda clock: clock.due_at, default=None)
        self.complaint.carry(
            next_due_at=first.due_at if first else None, next_due_kind=first.kind if first else ""
        )
        self.events.sort(key=lambda event: event.at)
        for event in self.events:
            self.trays.add(event)
        self.complaint.last_activity_at = self.events[-1].at

    def _judge(self, clock: Clock, now: datetime) -> None:
        until = clock.stopped_at or clock.paused_at or now
        marks = (
            (What.CLOCK_WARNED, clock.warn_at, "warned_at"),
            (What.CLOCK_MISSED, clock.due_at, "missed_at"),
        )
        for what, mark, name in marks:
            at = mark + timedelta(seconds=20)
            if at >= until or (what == What.CLOCK_WARNED and clock.warn_at >= clock.due_at):
                continue
            setattr(clock, name, at)
            self.tell(
                what,
                self.system,
                at=at,
                clock=str(ClockKind(clock.kind).label),
                kind=clock.kind,
                due_at=clock.due_at.isoformat(),
                policy=clock.policy,
            )
