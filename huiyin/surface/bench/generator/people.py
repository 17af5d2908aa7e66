"""Who handles the generated complaints, and who wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from huiyin.ground.customers.models import ContactPoint, Customer
from huiyin.ground.customers.rules import shown_phone
from huiyin.ground.customers.words import ContactKind, Level
from huiyin.ground.people.models import Membership, Team, User
from huiyin.ground.people.words import Presence, Role
from huiyin.journey.routing.models import Route
from huiyin.journey.routing.rules import route_for
from huiyin.surface.bench.generator.trays import Trays, reserve

FEWEST_AGENTS, MOST_AGENTS = 4, 24  # of a team
COMPLAINTS_AN_AGENT = 1500  # that many of two years leave some 60 open at a time
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英文华建国玉兰秀珍小红晓东志远雨欣子涵"
COMES_AGAIN = 0.22  # share of complaints by somebody who complained before
REMEMBERED = 4000  # latest customers who may come again
REPEAT_WINDOW = timedelta(days=30)


def name(chance: Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.randint(1, 2)))


@dataclass
class House:
    """The people of ours, by team."""

    teams: dict[int, Team]
    agents: dict[int, list[User]]
    supervisors: dict[int, User]
    triagers: list[User]
    routes: dict[str, int]

    def team_for(self, category: str) -> Team:
        found = route_for(category, self.routes)
        return self.teams[found] if found in self.teams else next(iter(self.teams.values()))


def house(chance: Random, complaints: int) -> House:
    """Everybody there is; where a team has nobody, colleagues who cannot sign in are added."""
    teams = {team.pk: team for team in Team.objects.filter(retired_at=None)}
    members: dict[int, list[User]] = {pk: [] for pk in teams}
    rows = Membership.objects.filter(user__is_active=True).select_related("user").order_by("pk")
    for row in rows:
        if row.team_id in members:
            members[row.team_id].append(row.user)
    agents, supervisors = {}, {}
    fair = complaints // (COMPLAINTS_AN_AGENT * max(len(teams), 1))
    wanted = min(max(fair, FEWEST_AGENTS), MOST_AGENTS)
    for pk, team in teams.items():
        agents[pk] = [u for u in members[pk] if u.has_role(Role.AGENT, Role.SPECIALIST)] or [
            _colleague(team, f"agent{i + 1}", Role.AGENT, chance) for i in range(wanted)
        ]
        heads = [u for u in members[pk] if u.has_role(Role.SUPERVISOR)]
        supervisors[pk] = heads[0] if heads else _colleague(team, "head", Role.SUPERVISOR, chance)
        if team.duty_supervisor_id is None:
            Team.objects.filter(pk=pk).update(duty_supervisor=supervisors[pk])
    first = next(iter(teams.values()))
    triagers = list(User.objects.active().with_role(Role.TRIAGER)[:5]) or [
        _colleague(first, "triage", Role.TRIAGER, chance)
    ]
    routes = dict(Route.objects.filter(team__in=teams).values_list("category_prefix", "team"))
    return House(teams, agents, supervisors, triagers, routes)


def _colleague(team: Team, post: str, role: str, chance: Random) -> User:
    username = f"gen-{team.code}-{post}"
    user = User.objects.filter(username=username).first() or User.objects.create_user(
        username, name=name(chance), roles=[role], presence=Presence.PRESENT
    )
    Membership.objects.get_or_create(user=user, team=team)
    return user


@dataclass
class Customers:
    """New customers and old ones who come again; `since` tells their latest complaints."""

    chance: Random
    remembered: list[tuple[Customer, list[ContactPoint]]] = field(default_factory=list)
    since: dict[int, list[datetime]] = field(default_factory=dict)

    def batch(
        self, trays: Trays, moments: list[datetime]
    ) -> Iterator[tuple[Customer, list[str], int]]:
        """(customer, his contact points as searched, how many complaints within 30 days)."""
        again = [bool(self.remembered) and self.chance.random() < COMES_AGAIN for _ in moments]
        ids = iter(reserve(Customer, again.count(False)))
        for at, is_again in zip(moments, again, strict=True):
            if is_again:
                customer, points = self.chance.choice(self.remembered)
            else:
                customer, points = self._new(trays, next(ids))
            lately = [t for t in self.since.get(customer.pk, []) if at - t <= REPEAT_WINDOW]
            self.since[customer.pk] = [*lately, at]
            yield customer, [point.shown for point in points], len(lately) + 1

    def _new(self, trays: Trays, pk: int) -> tuple[Customer, list[ContactPoint]]:
        level = Level.VIP if self.chance.random() < 0.05 else Level.NORMAL
        customer = trays.add(Customer(pk=pk, name=name(self.chance), level=level))
        # 144 is for machines (物联网): nobody's own number, and the id makes it unique.
        phone = f"+86144{pk % 10**8:08d}"
        points = [self._point(trays, customer, ContactKind.PHONE, phone, shown_phone(phone))]
        if self.chance.random() < 0.3:
            email = f"c{pk}@example.com"
            points.append(self._point(trays, customer, ContactKind.EMAIL, email, email))
        self.remembered.append((customer, points))
        if len(self.remembered) > 2 * REMEMBERED:
            for old, _points in self.remembered[:REMEMBERED]:
                self.since.pop(old.pk, None)
            del self.remembered[:REMEMBERED]
        return customer, points

    @staticmethod
    def _point(trays: Trays, customer: Customer, kind: str, value: str, shown: str) -> ContactPoint:
        return trays.add(ContactPoint(customer=customer, kind=kind, value=value, shown=shown))
