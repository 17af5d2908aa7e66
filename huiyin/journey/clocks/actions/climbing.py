"""A rung is due: whom it tells, and writing that down once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.clocks.actions.ladders import plan_rungs
from huiyin.journey.clocks.models import Clock, Rung, RungFired
from huiyin.journey.clocks.words import Receiver, RungKind
from huiyin.journey.complaint.actions import let_in
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Sight, What
from huiyin.journey.routing.people import is_here, on_duty, stand_in
from huiyin.journey.routing.words import ABOVE, Post

POSTS = frozenset(Post.values)
# Officers who see no complaint before they are called to it.
CALLED_IN = frozenset({Receiver.LEGAL, Receiver.PUBLIC_RELATIONS, Receiver.SUPERVISION})


def climb(clock: Clock, now: datetime) -> bool:
    """Fire the first rung that is due. The caller holds the complaint; says whether one fired.

    What has changed since it was planned counts: a ladder that fits no more fires nothing.
    """
    left = plan_rungs(clock)
    if not left or left[0][0] > now:
        clock.save(update_fields=["ladder", "next_rung_at"])
        return False
    (planned_at, rung), rest = left[0], left[1:]
    clock.next_rung_at = rest[0][0] if rest else None
    clock.save(update_fields=["ladder", "next_rung_at"])
    _fire(clock, rung, planned_at)
    return True


def _fire(clock: Clock, rung: Rung, planned_at: datetime) -> None:
    from huiyin.journey.clocks.actions.sweeping import facts_of

    people = receivers(clock, rung.receivers)
    what = What.LATE_NOTICE if rung.kind == RungKind.NOTICE else What.REMINDED
    event = record(
        what,
        clock.complaint,
        by=User.objects.system(),
        **facts_of(clock),
        rung=frozen(_Told(rung)),
        place=[rung.measure, float(rung.amount), rung.unit],
        step=rung.kind,
        to="、".join(person.name for person in people),
        to_ids=[person.pk for person in people],
        in_product=rung.in_product,
        by_mail=rung.by_mail,
    )
    RungFired.objects.create(
        clock=clock, rung=rung, event=event, planned_at=planned_at, fired_at=moment.now()
    )


class _Told:
    """A rung in words, in whichever language it is asked for."""

    def __init__(self, rung: Rung) -> None:
        self.rung = rung

    def __str__(self) -> str:
        return self.rung.told


def receivers(clock: Clock, wanted: Iterable[str]) -> list[User]:
    """The people behind these posts at this moment, each once.

    Whoever is barred from the complaint is passed over: the post above is asked instead. Officers
    who see no complaint otherwise are let in to the one they are called to, unless it is
    restricted: then only those who see it already can be told.
    """
    complaint = clock.complaint
    barred = set(complaint.access.filter(sight=Sight.BARRED).values_list("user", flat=True))
    found: dict[int, User] = {}
    for receiver in wanted:
        for person in _behind(receiver, clock, barred):
            found.setdefault(person.pk, person)
            if receiver in CALLED_IN:
                _call_in(complaint, person)
    return list(found.values())


def _call_in(complaint: Complaint, person: User) -> None:
    sees = Complaint.objects.visible_to(person).filter(pk=complaint.pk)
    if not complaint.restricted and not sees.exists():
        let_in(complaint, [person], by=User.objects.system())


def _behind(receiver: str, clock: Clock, barred: set[int]) -> list[User]:
    complaint = clock.complaint
    if receiver == Receiver.MANAGERS:
        managers = User.objects.active().with_role(Role.MANAGER)
        return [person for person in managers if person.pk not in barred]
    if receiver == Receiver.ASSIGNEE:
        found = _holders(clock.person or complaint.assignee, barred)
        return found or _at_post(Post.LEAD, complaint, barred)
    if receiver == Receiver.DEPT_HANDLER:
        return _handlers(clock, barred) or _behind(Receiver.DEPT_HEAD, clock, barred)
    if receiver == Receiver.DEPT_HEAD:
        return _heads(clock, barred) or _at_post(Post.SUPERVISOR, complaint, barred)
    return _at_post(Post(receiver), complaint, barred)


def _holders(person: User | None, barred: set[int]) -> list[User]:
    """Whoever has it, and who stands in for him."""
    if person is None:
        return []
    both = {one.pk: one for one in (person, stand_in(person))}
    return [one for one in both.values() if one.pk not in barred and one.is_active]


def _handlers(clock: Clock, barred: set[int]) -> list[User]:
    department = clock.department
    return _holders(clock.person or (department.duty if department else None), barred)


def _heads(clock: Clock, barred: set[int]) -> list[User]:
    """The head, or the deputy of a head who is away."""
    department = clock.department
    named = [department.head, department.deputy_head] if department else []
    people = [one for one in named if one and one.is_active and one.pk not in barred]
    return [one for one in people if is_here(one)][:1] or people[:1]


def _at_post(post: Post, complaint: Complaint, barred: set[int]) -> list[User]:
    asked: Post | None = post
    while asked is not None:
        person = on_duty(asked, team=complaint.team, now=moment.now())
        if person is not None and person.pk not in barred:
            return [person]
        asked = ABOVE.get(asked)
    return []
