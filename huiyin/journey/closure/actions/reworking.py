"""Rework (重办): twice at most, to somebody else one level up when the customer is not content."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.journey.callbacks.permissions import worked_on
from huiyin.journey.closure import rules
from huiyin.journey.closure.actions.standing import by_another, times_reworked
from huiyin.journey.closure.permissions import can_feed_back, can_reopen
from huiyin.journey.complaint.actions import barred_from
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.routing.actions import accept, hand_over
from huiyin.journey.routing.people import on_duty
from huiyin.journey.routing.permissions import HANDLERS
from huiyin.journey.routing.words import Post

TAKEN_UP = gettext_lazy("接办重办")
HANDED_UP = gettext_lazy("升一级换人重办：%(reason)s")
# Who is above whom: the last that fits whoever has it, and the post that comes after.
LEVELS = (
    (Role.AGENT, Post.LEAD),
    (Role.SPECIALIST, Post.LEAD),
    (Role.LEAD, Post.SUPERVISOR),
    (Role.SUPERVISOR, Post.MANAGER),
)


@transaction.atomic
def rework(complaint: Complaint, *, by: User, reason: str) -> None:
    """Send it back to work (重办): twice at most, then only the manager may."""
    can_reopen.require(by, complaint)
    complaint.hold()
    reason = said(reason, name="reason", most=500, missing=_("请写明重办原因"))
    if times_reworked(complaint) >= rules.MOST_REWORKS and not by.has_role(Role.MANAGER):
        raise Refused(_("已经重办两次，接下来由经理决定重办还是结案"))
    _rework(complaint, by=by, reason=reason)


def not_solved(complaint: Complaint, *, by: User, reason: str) -> None:
    """The customer is not content: rework, as long as that may help; then the manager is called."""
    if times_reworked(complaint) < rules.MOST_REWORKS:
        _rework(complaint, by=by, reason=reason, another=True)
    else:
        record(What.ESCALATED, complaint, by=by, reason=reason, to=frozen(Role.MANAGER.label))


def _rework(complaint: Complaint, *, by: User, reason: str, another: bool = False) -> None:
    """`another`: the customer is not content, so whoever worked on it does not get it again."""
    complaint.move_to(Status.RWK)
    complaint.carry(resolved_at=None)
    times = times_reworked(complaint) + 1
    told = {"another": True} if another else {}
    record(What.REWORKED, complaint, by=by, reason=reason, times=times, **told)


def give_to_the_next_level(event: Event) -> None:
    """Follow a rework that is for somebody else (later): he gets it, one level up.

    Where nobody is there, it waits in 重办 and the supervisor, who is told, gives it to somebody.
    """
    complaint = event.complaint
    if complaint.status != Status.RWK or not by_another(complaint):
        return
    person = one_level_up(complaint)
    if person is not None:
        note = frozen(HANDED_UP) % {"reason": event.facts.get("reason", "")}
        hand_over(complaint, by=User.objects.system(), to=person, note=note[:300])


def one_level_up(complaint: Complaint) -> User | None:
    """Above whoever has it: of an agent the lead, of a lead the supervisor, then the manager."""
    had = complaint.assignee
    above = [post for role, post in LEVELS if had is not None and had.has_role(role)]
    posts = (Post.LEAD, Post.SUPERVISOR, Post.MANAGER)
    now, shut = moment.now(), barred_from(complaint)
    for post in posts[posts.index(above[-1]) if above else 0 :]:
        found = on_duty(post, team=complaint.team, now=now)
        if found is None or found.pk in shut or worked_on(found, complaint):
            continue
        if found.has_role(*HANDLERS) and found.teams.filter(retired_at=None).exists():
            return found
    return None


@transaction.atomic
def take_up(complaint: Complaint, *, by: User) -> None:
    """Begin the rework. Where it is for somebody else, whoever takes it up has it from now on."""
    can_feed_back.require(by, complaint)
    complaint.hold()
    if complaint.status != Status.RWK:
        raise Refused(_("只有待重办的投诉可以接办"))
    if not by_another(complaint):
        complaint.move_to(Status.HND)
        record(What.RESUMED, complaint, by=by, reason=frozen(TAKEN_UP))
        return
    if worked_on(by, complaint):
        raise Refused(_("重办要换人办理，请主管转派给没有办过的同事"))
    hand_over(complaint, by=by, to=by, note=frozen(TAKEN_UP))
    accept(complaint, by=by)
