"""Giving, taking, signing for, handing over, returning: what people do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.actions import barred_from
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.routing import rules
from huiyin.journey.routing.actions.choosing import best_in, desk
from huiyin.journey.routing.actions.giving import end_current, give, into_pool
from huiyin.journey.routing.actions.recalling import see_until_signed
from huiyin.journey.routing.models import Assignment
from huiyin.journey.routing.people import stand_in
from huiyin.journey.routing.permissions import (
    HANDLERS,
    can_accept,
    can_dispatch,
    can_handle,
    can_take,
)
from huiyin.journey.routing.rules import Reason
from huiyin.journey.routing.words import How

UNSEEN = "unseen"  # the caller did not look at who has it


def tried(act: Callable[..., object], *subject: Any, **how: Any) -> str:
    """One act of many: the sentence of its refusal, or "": the others go on."""
    try:
        with transaction.atomic():
            act(*subject, **how)
    except Refused as refused:
        return str(refused.sentence)
    return ""


@transaction.atomic
def dispatch(
    complaint: Complaint,
    *,
    by: User,
    team: Team,
    to: User | None = None,
    note: str = "",
    had: str = UNSEEN,
) -> Assignment | None:
    """Give it to a team, or to a member of it (派单, 改派). To the team alone: into its pool.

    `had`: the id of the person who had it when one looked ("" nobody); refused if it changed.
    Somebody who is away has the deputy stand in.
    """
    can_dispatch.require(by, complaint)
    note = said(note, name="note", most=rules.LONGEST_NOTE)
    if team.retired_at is not None:
        raise Invalid(_("这个小组已停用，请选择其他小组"), team=_("小组已停用"))
    if to is not None and not _belongs(to, team):
        sentence = _("%(name)s 不是 %(team)s 的处理人员，请选择该组成员")
        raise Invalid(sentence % {"name": to.name, "team": team.name}, to=_("不是该组成员"))
    _can_be_given(complaint)
    _still_with(complaint, had)
    why: list[Reason] = []
    if to is None:
        to, why = best_in(team, complaint, but=barred_from(complaint))
    if to is not None:
        to, note = _or_deputy(to, note)
        return give(complaint, team=team, to=to, by=by, how=How.DISPATCH, reason=note, why=why)
    if complaint.status not in (Status.TRI, Status.DIS):
        raise Refused(_("%(team)s 现在无人在岗，请指定一位组员") % {"team": team.name})
    into_pool(complaint, team=team, by=by, how=How.DISPATCH, reason=note)
    return None


def dispatch_many(
    complaints: Iterable[Complaint], *, by: User, team: Team, to: User | None = None, note: str = ""
) -> dict[str, str]:
    """Several at once: by number, "" or the sentence of the refusal; one that cannot stops none."""
    return {
        complaint.number: tried(dispatch, complaint, by=by, team=team, to=to, note=note)
        for complaint in complaints
    }


def _can_be_given(complaint: Complaint) -> None:
    if complaint.status in (Status.NEW, Status.REG):
        raise Refused(_("这条投诉还没有分级，请先完成分级再派单"))
    if not complaint.is_open:
        raise Refused(_("这条投诉已经结束，不能再派单；需要继续处理请先重开"))


def _still_with(complaint: Complaint, had: str) -> None:
    if had != UNSEEN and had != str(complaint.assignee_id or ""):
        raise Refused(_("这条投诉刚刚换了处理人，请刷新后再决定"))


def _belongs(user: User, team: Team) -> bool:
    return user.is_active and user.has_role(*HANDLERS) and team.pk in user.team_ids


def _or_deputy(to: User, note: str) -> tuple[User, str]:
    standing = stand_in(to)
    if standing == to or not standing.has_role(*HANDLERS):
        return to, note
    return standing, _("代 %(name)s；%(note)s") % {"name": to.name, "note": note}


@transaction.atomic
def take(complaint: Complaint, *, by: User) -> Assignment:
    """Take one from the pool of one's own team, and sign for it at once. Of two, one gets it."""
    can_take.require(by, complaint)
    if complaint.assignee_id is not None or complaint.team is None:
        raise Refused(_("这条投诉已经有人处理了，请刷新列表"))
    assignment = give(complaint, team=complaint.team, to=by, by=by, how=How.TAKE)
    accept(complaint, by=by)
    return assignment


@transaction.atomic
def accept(complaint: Complaint, *, by: User) -> None:
    """Sign for it (签收): from now on this person works on it."""
    can_accept.require(by, complaint)
    if complaint.status != Status.DIS:
        raise Refused(_("这条投诉不在待签收状态，请刷新页面查看最新进展"))
    complaint.move_to(Status.HND)
    complaint.assignments.current().update(accepted_at=moment.now())
    record(What.ACCEPTED, complaint, by=by)


@transaction.atomic
def hand_over(
    complaint: Complaint, *, by: User, to: User | None, note: str, had: str = UNSEEN
) -> Assignment:
    """Pass it to a colleague (转派) with a note that tells what to know. Three hops at most."""
    can_handle.require(by, complaint)
    if to is None:
        raise Invalid(_("请选择接手的同事"), to=_("请选择"))
    sentence = _("请写明转派说明，让接手的人不用再问客户")
    note = said(note, name="note", most=rules.LONGEST_NOTE, missing=sentence)
    _can_be_given(complaint)
    if complaint.status == Status.DIS:
        raise Refused(_("还没有签收：请先签收再转派，不该由您办理的请退回"))
    _still_with(complaint, had)
    if to.pk == complaint.assignee_id:
        raise Invalid(_("这条投诉已经在这位同事手上"), to=_("请选择另一位同事"))
    team = team_for(to, complaint)
    hops = complaint.assignments.filter(how=How.HAND_OVER).count()
    if hops >= rules.MOST_HOPS and not can_dispatch(by, complaint):
        raise Refused(_("这条投诉已转派三次，请由主管决定由谁负责"))
    to, note = _or_deputy(to, note)
    given = give(
        complaint,
        team=team,
        to=to,
        by=by,
        how=How.HAND_OVER,
        reason=note,
        what=What.HANDED_OVER,
    )
    see_until_signed(given, by)
    return given


def team_for(to: User, complaint: Complaint) -> Team:
    """The team in which `to` works on it: the complaint's own if he is in it."""
    teams = list(to.teams.filter(retired_at=None))
    team = next((t for t in teams if t.pk == complaint.team_id), next(iter(teams), None))
    if team is None or not _belongs(to, team):
        raise Invalid(_("这位同事不在任何处理小组，不能接手"), to=_("请选择处理人员"))
    return team


@transaction.atomic
def give_back(complaint: Complaint, *, by: User, reason: str, team: Team | None = None) -> None:
    """Return what is not one's own (退回), with the reason, and the right team when known."""
    can_handle.require(by, complaint)
    sentence = _("请写明退回原因")
    reason = said(reason, name="reason", most=rules.LONGEST_NOTE, missing=sentence)
    if complaint.status != Status.DIS:
        raise Refused(_("只有待签收的投诉可以退回；已经签收的请转派"))
    target = team if team is not None and team.retired_at is None else desk() or complaint.team
    complaint.move_to(Status.TRI)
    end_current(complaint)
    seen = {"team": complaint.team, "assignee": complaint.assignee}
    complaint.carry(seen=seen, team=target, assignee=None)
    record(What.RETURNED, complaint, by=by, reason=reason, team=target.name if target else "")
