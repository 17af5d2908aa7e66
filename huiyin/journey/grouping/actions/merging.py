"""Merging (合并): a member goes with its master, with number, clocks and notices of its own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, ComplaintAccess, Event
from huiyin.journey.complaint.words import Sight, Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.grouping import rules
from huiyin.journey.grouping.actions.linking import end
from huiyin.journey.grouping.actions.standing import members_of, require_undoable
from huiyin.journey.grouping.models import Bond
from huiyin.journey.grouping.permissions import can_lower, can_merge
from huiyin.journey.grouping.words import BondKind, Side
from huiyin.journey.routing.models import Assignment
from huiyin.journey.routing.words import How

RESTING = (Side.MEMBER, Side.WHOLE)  # worked on under another number


@transaction.atomic
def merge(complaint: Complaint, *, into: Complaint, by: User, reason: str) -> Bond:
    """Let `into` be worked on for both (合并). The right on both sides is needed.

    The member goes where its master goes: same team, same handler. Its number, its clocks and its
    notices stay its own.
    """
    can_merge.require(by, complaint)
    can_merge.require(by, into)
    sentence = _("请写明为什么可以合并办理")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence)
    if complaint.pk == into.pk:
        sentence = _("不能并入自己，请填写主件的编号")
        raise Invalid(sentence, other=sentence)
    _may_be_merged(complaint, into)  # before anything is held: whoever may not waits for nobody
    for one in sorted((complaint, into), key=lambda c: c.pk):  # in one order, so nobody waits round
        one.hold()
    _may_be_merged(complaint, into)
    if rules.lowers(complaint.severity, into.severity):
        can_lower.require(by, complaint)
    current = complaint.assignments.current().first()
    bond = Bond.objects.create(
        kind=BondKind.MERGE,
        complaint=complaint,
        other=into,
        reason=reason,
        before={
            "status": str(complaint.status),
            "team": complaint.team_id,
            "assignee": complaint.assignee_id,
            "assignment": current.pk if current else None,
        },
        by=by,
        at=moment.now(),
    )
    complaint.move_to(Status.MRG)
    _go_with(complaint, into, by=by)
    record(What.MERGED, complaint, by=by, bond=bond.pk, side=Side.MEMBER)
    record(What.MERGED, into, by=by, bond=bond.pk, side=Side.MASTER)
    return bond


def _may_be_merged(complaint: Complaint, into: Complaint) -> None:
    """Asked again once both are held: what is true then stays true until we are done."""
    for one in (complaint, into):
        if one.status == Status.MRG:
            sentence = _("%(number)s 已经并入或拆成别的投诉了，请改选它的主件")
            raise Refused(sentence % {"number": one.number})
        if not one.is_open:
            sentence = _("%(number)s 已经结束，不能合并；可以改为关联")
            raise Refused(sentence % {"number": one.number})
        if one.restricted:
            sentence = _("%(number)s 限制了查看，不能合并；请先由隐私官或法务解除限制")
            raise Refused(sentence % {"number": one.number})
    if complaint.status in (Status.NEW, Status.REG):
        raise Refused(_("这件投诉还没有分级，请先完成分级再合并"))
    if complaint.status in rules.STANDING_STILL:
        raise Refused(_("这件投诉正在等第三方或已挂起，请先恢复办理，再合并或拆分"))
    if complaint.status in rules.UNDER_PROMISE:
        raise Refused(
            _("这件投诉的方案正在审批、执行或反馈，对客户的承诺要先兑现；请办完，或改为关联")
        )
    if complaint.supervised and not into.supervised:
        raise Refused(_("督办中的投诉不能并入没有督办的投诉；请以它为主件，或先解除督办"))
    if Bond.objects.merges().filter(other=complaint).exists():
        raise Refused(_("这件投诉自己是主件，已有投诉并入；请先撤销那些合并，或以它为主件"))
    if Bond.objects.merges().filter(other=into).count() >= rules.MOST_MEMBERS:
        sentence = _("一个主件最多并入 %(most)s 件，更多的请立群体事件")
        raise Refused(sentence % {"most": rules.MOST_MEMBERS})
    if into.assignee is not None and is_barred(into.assignee, complaint):
        raise Refused(_("主件的处理人应当回避这件投诉，不能合并；请先改派主件"))


def is_barred(person: User, complaint: Complaint) -> bool:
    barred = ComplaintAccess.objects.filter(complaint=complaint, sight=Sight.BARRED)
    return barred.filter(user=person).exists()


def _go_with(member: Complaint, master: Complaint, *, by: User) -> None:
    """The member belongs to the master's team and handler from now on."""
    if master.team is None:
        return  # nobody has the master yet: the member stays where it is until somebody does
    to = master.assignee
    if to is not None and is_barred(to, member):
        to = None  # into the pool of the team: somebody else of it answers this customer
    if (member.team_id, member.assignee_id) == (master.team_id, to.pk if to else None):
        return
    now = moment.now()
    member.assignments.current().update(ended_at=now)
    seen = {"team": member.team_id, "assignee": member.assignee_id}
    member.carry(seen=seen, team=master.team, assignee=to)
    if to is not None:
        Assignment.objects.create(
            complaint=member,
            team=master.team,
            assignee=to,
            how=How.DISPATCH,
            by=by,
            reason=_("随主件"),
            at=now,
            accepted_at=now,
        )


def members_follow(event: Event) -> None:
    """Follow a change of hands of a master: its members go along. Safe to run twice."""
    for bond in members_of(event.complaint):
        held = Complaint.objects.select_for_update(no_key=True, of=("self",))
        member = held.filter(pk=bond.complaint_id, status=Status.MRG).first()
        if member is not None:
            _go_with(member, event.complaint, by=event.by)


def leave_barred_handler(event: Event) -> None:
    """Follow a barring: a member whose handler must keep away is for the team of its master."""
    merge = Bond.objects.merges().filter(complaint=event.complaint).select_related(
        "other__team", "other__assignee"
    ).first()  # fmt: skip
    if merge is not None and event.complaint.status == Status.MRG:
        _go_with(event.complaint, merge.other, by=event.by)


# --- back again -------------------------------------------------------------------------------


@transaction.atomic
def unmerge(bond: Bond, *, by: User, reason: str = "") -> None:
    """Take a merge back (撤销合并): status, team, handler and clocks as they were."""
    can_merge.require(by, bond.complaint)
    can_merge.require(by, bond.other)
    require_undoable(bond.at)
    reason = said(reason, name="reason", most=rules.LONGEST_REASON)
    bond.other.hold()  # the master first, as closing it does
    bond.complaint.hold()
    if bond.ended_at is None and bond.complaint.status in (Status.CLO, Status.ARC):
        raise Refused(_("成员件已随主件结案，不能撤销合并；客户还有问题请重开这一件"))
    _part(bond, by=by, reason=reason)
    record(What.UNMERGED, bond.complaint, by=by, bond=bond.pk, side=Side.MEMBER)
    record(What.UNMERGED, bond.other, by=by, bond=bond.pk, side=Side.MASTER)


def release_members(event: Event) -> None:
    """Follow an end of a master that settles nothing: its members go on by themselves."""
    by, reason = event.by, frozen(What(event.what).label)
    for bond in members_of(event.complaint):
        if bond.complaint.status == Status.MRG:
            _part(bond, by=by, reason=reason)
            record(What.UNMERGED, bond.complaint, by=by, bond=bond.pk, side=Side.MEMBER)


def _part(bond: Bond, *, by: User, reason: str) -> None:
    end(bond, by=by, reason=reason)
    member, before = bond.complaint, bond.before
    member.move_back_to(_status_after(bond))
    member.assignments.current().update(ended_at=moment.now())
    if before["assignment"]:
        Assignment.objects.filter(pk=before["assignment"]).update(ended_at=None)
    seen = {"team": member.team_id, "assignee": member.assignee_id}
    team = Team.objects.filter(pk=before["team"]).first()
    assignee = User.objects.filter(pk=before["assignee"]).first()
    member.carry(seen=seen, team=team, assignee=assignee)


def _status_after(bond: Bond) -> Status:
    """As it was; only that nobody waits any more for a customer who has answered meanwhile."""
    before = Status(bond.before["status"])
    wrote = bond.complaint.events.filter(what=What.CUSTOMER_WROTE, at__gte=bond.at)
    return Status.HND if before == Status.WCU and wrote.exists() else before


# --- the clocks of a member -------------------------------------------------------------------


def rest_sign_in(event: Event) -> None:
    """Follow a merge or a split: nobody has to sign for what rests. All its other clocks go on."""
    if event.facts.get("side") in RESTING:
        clocks.stop_sign_in(event)


def sign_in_again(event: Event) -> None:
    """Follow the undoing: who had not signed for it yet, has to; a wait that ended has ended."""
    if event.facts.get("side") not in RESTING:
        return
    if event.complaint.status == Status.DIS:
        clocks.start_sign_in(event)
    clocks.go_on(event)


def waiting_ends(event: Event) -> None:
    """Follow the customer of a member who answers what we waited for."""
    if event.complaint.status == Status.MRG:
        clocks.go_on(event)


def part_on_reopening(event: Event) -> None:
    """Follow a member that was closed with its master and is opened again: it goes on alone."""
    for bond in Bond.objects.merges().filter(complaint=event.complaint):
        end(bond, by=event.by, reason=frozen(What.REOPENED.label))
