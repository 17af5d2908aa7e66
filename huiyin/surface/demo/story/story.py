"""What is known of one story while it is told: who, when, how fast, and where it stays."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.ways import way_of
from huiyin.surface.demo.scenes import Scene
from huiyin.surface.demo.theatre import Dues, Theatre

HOME = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = 8.5, 21.0  # the hours in which somebody of ours is at work, every day
SPOKEN = {Channel.LETTER, Channel.WALKIN, Channel.FORM, Channel.REGULATOR, Channel.API}
SPOKEN |= {Channel.IMPORT}  # what came in so is answered by phone


@dataclass
class Story:
    """What will happen. `pace`: the share of each time limit that is used; over 1 is late.

    `until`: the status at which it stays; `twists`: what goes another way than usual.
    """

    scene: Scene
    people: dict[str, User]
    contact: Contact
    channel: str
    received_at: datetime
    theatre: Theatre
    rng: random.Random
    pace: float = 0.6
    until: str = ""
    twists: frozenset[str] = frozenset()
    complaint: Complaint = field(init=False)

    def has(self, twist: str) -> bool:
        return twist in self.twists

    def once(self, twist: str) -> bool:
        """Whether this is still to happen; it does not happen twice."""
        there = twist in self.twists
        self.twists -= {twist}
        return there

    @property
    def status(self) -> str:
        return str(self.complaint.status)

    @property
    def stays(self) -> bool:
        """Whether it is where it shall stand today."""
        return self.status == self.until

    @property
    def handler(self) -> User:
        """Who has it; where nobody has, the manager."""
        return self.complaint.assignee or self.people["gao"]

    @property
    def way(self) -> str:
        """By which channel the customer is answered."""
        if self.channel in SPOKEN:
            return Channel.PHONE
        return self.channel if not way_of(self.complaint, self.channel).closed else Channel.PHONE

    # --- time -----------------------------------------------------------------------------------

    def after(self, minutes: float) -> datetime:
        """A while from now, at an hour at which people work."""
        return self._hurried(_awake(moment.now() + timedelta(minutes=minutes), self._dues()))

    def by(self, kind: str, share: float) -> datetime:
        """When about this share of the running clock of that kind is used up."""
        dues = self._dues()
        if kind not in dues:
            return self._hurried(waking(moment.now() + timedelta(minutes=45)))
        started, due = dues[kind]
        wanted = started + (due - started) * share * (0.5 + self.rng.random() * 0.5)
        wanted = max(wanted, moment.now() + timedelta(minutes=2 + self.rng.random() * 6))
        return self._hurried(_awake(wanted, dues))

    def _dues(self) -> Dues:
        return self.theatre.clocks_of(self.complaint.pk)

    def _hurried(self, wanted: datetime) -> datetime:
        """A story that has to arrive somewhere before today is over never waits for long."""
        if not self.until:
            return wanted
        now = moment.now()
        return min(wanted, now + (self.theatre.ends - now) * 0.3)


def _awake(wanted: datetime, dues: Dues) -> datetime:
    """Working hours; at night too where the morning would be too late (on-call duty)."""
    awake = waking(wanted)
    pressing = any(wanted < due <= awake for _started, due in dues.values())
    return wanted if pressing else awake


def waking(wanted: datetime) -> datetime:
    """The same moment, or the next morning when everybody sleeps."""
    local = wanted.astimezone(HOME)
    hour = local.hour + local.minute / 60
    if OPENS <= hour < CLOSES:
        return wanted
    morning = local.replace(hour=8, minute=30) + timedelta(minutes=(wanted.minute * 7) % 95)
    return morning if hour < OPENS else morning + timedelta(days=1)
