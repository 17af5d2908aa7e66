"""Batches of lives, with numbers without gaps and the words that search finds them by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.ground.search import rules as search
from huiyin.journey.complaint.models import Complaint, NumberSeries, new_tracking_code
from huiyin.journey.complaint.rules import written_number
from huiyin.journey.intake.rules import subject_from
from huiyin.journey.resolution.actions import limits
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.triage import knowledge, rules
from huiyin.surface.bench.generator import people, roads, texts
from huiyin.surface.bench.generator.ending import WholeLife
from huiyin.surface.bench.generator.life import Around
from huiyin.surface.bench.generator.trays import Ids, Trays, reserve

SPAN = timedelta(days=730)
BATCH = 2000  # complaints in one transaction: some 40,000 rows
MOST_TEXTS = 4000
HOME = ZoneInfo("Asia/Shanghai")
OURS = 0.7  # share that an agent took down; the rest came by itself


def generate(
    count: int, *, seed: int = 1, on_progress: Callable[[int], object] = lambda done: None
) -> None:
    """Add `count` complaints of the last two years. The same seed gives the same texts."""
    work = _Generation(count, Random(seed))  # noqa: S311 — plausible, not secret
    moments = work.moments(count)
    for start in range(0, count, BATCH):
        batch = moments[start : start + BATCH]
        work.write(batch)
        on_progress(start + len(batch))
    _tidy()


class _Generation:
    def __init__(self, count: int, chance: Random) -> None:
        self.chance = chance
        self.now = moment.now()
        house = people.house(chance, count)
        self.pool = texts.pool(min(max(count // 10, 200), MOST_TEXTS), chance)
        self.customers = people.Customers(chance)
        self.trays = Trays()
        self.readings: dict[tuple[str, int, str], rules.Reading] = {}
        self.around = Around(
            house=house,
            system=User.objects.system(),
            trays=self.trays,
            ids=Ids(),
            remedies=list(Remedy.objects.usable()),
            limits=limits(),
        )

    def moments(self, count: int) -> list[datetime]:
        """When they came in: evenly over two years, most of them by day."""
        first = self.now - SPAN
        found = []
        for _ in range(count):
            at = first + SPAN * self.chance.random()
            if at.astimezone(HOME).hour < 8 and self.chance.random() < 0.8:
                at += timedelta(hours=9)
            found.append(min(at, self.now - timedelta(minutes=1)))
        return sorted(found)

    @transaction.atomic
    def write(self, moments: list[datetime]) -> None:
        ids = reserve(Complaint, len(moments))
        people_of_batch = self.customers.batch(self.trays, moments)
        complaints = []
        for pk, at, (customer, points, times) in zip(ids, moments, people_of_batch, strict=True):
            told = self.chance.choice(self.pool)
            complaint = self._begun(pk, at, told, times, customer=customer)
            complaint.search = search.document(
                complaint.subject,
                complaint.text,
                complaint.wanted,
                complaint.order_no,
                customer.name,
                *points,
            )
            self._live(complaint)
            complaints.append(self.trays.add(complaint))
        _number(complaints)
        self.trays.write()

    def _begun(
        self, pk: int, at: datetime, told: texts.Told, times: int, *, customer: Customer
    ) -> Complaint:
        by = None
        if told.channel != "portal" and self.chance.random() < OURS:
            by = self.chance.choice(self.chance.choice(list(self.around.house.agents.values())))
        return Complaint(
            pk=pk,
            tracking_code=new_tracking_code(),
            subject=subject_from(told.text),
            text=told.text,
            wanted=told.wanted,
            channel=told.channel,
            customer=customer,
            order_no=f"DD{at:%Y%m%d}{pk % 10**6:06d}" if self.chance.random() < 0.6 else "",
            received_at=at,
            received_by=by,
            status="NEW",
            last_activity_at=at,
            contact_count=times,
        )

    def _live(self, complaint: Complaint) -> None:
        life = WholeLife(complaint, self.around, self.chance)
        life.receive()
        life.read(self._reading(complaint))
        to = roads.destination(complaint.received_at, self.now, self.chance)
        whole = roads.length(complaint.received_at, self.now, self.chance)
        roads.Traveller(life, to, whole).go(self.now)

    def _reading(self, complaint: Complaint) -> rules.Reading:
        """Each text is read once for each thing beside it that counts."""
        times, level = min(complaint.contact_count, 5), complaint.customer.level
        key = (complaint.text, times, level)
        if key not in self.readings:
            self.readings[key] = knowledge.preview(
                complaint.text,
                contact_count=times,
                level=level,
                channel=complaint.channel,
                wanted=complaint.wanted,
            )
        return self.readings[key]


def _number(complaints: Iterable[Complaint]) -> None:
    """The next numbers of each year, in the order of receipt; no other writer gets between them."""
    for year, of_year in groupby(complaints, lambda c: moment.local_year(c.received_at)):
        rows = list(of_year)
        with connection.cursor() as cursor:
            cursor.execute(TAKE_MANY, [year, len(rows), len(rows)])
            last = cursor.fetchone()[0]
        for number, complaint in enumerate(rows, last - len(rows) + 1):
            complaint.number = written_number(year, number)


TAKE_MANY = f"""
INSERT INTO {NumberSeries._meta.db_table} AS s (year, last) VALUES (%s, %s)
ON CONFLICT (year) DO UPDATE SET last = s.last + %s RETURNING last
"""


def _tidy() -> None:
    """What autovacuum would do by and by: statistics, and which pages all may see."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
