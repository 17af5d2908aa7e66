"""Splitting (拆分): one legal relationship, one item, with number, team and clocks of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, ComplaintAccess, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Evidence, Message
from huiyin.journey.grouping import rules
from huiyin.journey.grouping.actions.linking import end
from huiyin.journey.grouping.actions.merging import release_members
from huiyin.journey.grouping.actions.standing import require_undoable
from huiyin.journey.grouping.models import Bond, Membership
from huiyin.journey.grouping.permissions import can_split
from huiyin.journey.grouping.words import BondKind, Side
from huiyin.journey.intake import rules as intake
from huiyin.journey.intake.models import Intake
from huiyin.journey.intake.words import Via

NOT_COPIED = frozenset({"id", "uuid", "complaint", "message"})


@dataclass(frozen=True)
class Item:
    """One matter of several. An empty category or severity lets triage decide.

    `evidence`: ids of the files that belong to it; the bytes are kept once, whoever refers to them.
    """

    text: str
    wanted: str = ""
    category: str = ""
    severity: int | None = None
    concerning: str = ""
    evidence: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def split(complaint: Complaint, *, items: Sequence[Item], by: User, reason: str) -> list[Complaint]:
    """Make two or more complaints of one (拆分), each from the moment of the original receipt.

    The original rests as 已合并 and points at them; it is closed when they are. Raises Invalid with
    fields items.<n>.<name>, reason.
    """
    can_split.require(by, complaint)
    sentence = _("请写明为什么要拆分")
    reason = conversation.said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence)
    items = _checked(items)
    complaint.hold()
    _may_be_split(complaint)
    before = {"status": str(complaint.status)}
    complaint.move_to(Status.MRG)
    prefetch_related_objects([complaint.customer], "contact_points")
    made = [_item(complaint, one, by=by, reason=reason, before=before) for one in items]
    bonds = list(Bond.objects.splits().filter(other=complaint).values_list("pk", flat=True))
    record(What.SPLIT, complaint, by=by, bonds=bonds, side=Side.WHOLE)
    return made


def _may_be_split(complaint: Complaint) -> None:
    if complaint.status == Status.MRG:
        raise Refused(_("这件投诉已经合并或拆分过了，请打开主件或拆出的事项"))
    if not complaint.is_open:
        raise Refused(_("这件投诉已经结束，不能拆分；还有别的事请新登记一件，再关联起来"))
    if complaint.status in rules.STANDING_STILL:
        raise Refused(_("这件投诉正在等第三方或已挂起，请先恢复办理，再合并或拆分"))
    if complaint.status in (Status.NEW, *rules.UNDER_PROMISE):
        raise Refused(_("这件投诉的方案正在审批、执行或反馈，不能再拆分；请办完再登记新的一件"))
    if Bond.objects.merges().filter(other=complaint).exists():
        raise Refused(_("已有投诉并入这一件，不能拆分；请先撤销那些合并"))
    if Bond.objects.splits().filter(complaint=complaint).exists():
        raise Refused(_("这件本身是拆出来的，不能再拆；请撤销拆分后重新拆"))


def _checked(items: Sequence[Item]) -> list[Item]:
    if not rules.LEAST_ITEMS <= len(items) <= rules.MOST_ITEMS:
        sentence = _("请拆成 %(least)s 到 %(most)s 件，每件写清一件事") % {
            "least": rules.LEAST_ITEMS,
            "most": rules.MOST_ITEMS,
        }
        raise Invalid(sentence, items=sentence)
    checked = []
    for n, one in enumerate(items):
        missing = _("第 %(n)s 件还没有写是什么事") % {"n": n + 1}
        text = conversation.said(
            one.text, name=f"items.{n}.text", most=intake.LONGEST_TEXT, missing=missing
        )
        wanted = conversation.said(one.wanted, name=f"items.{n}.wanted", most=500)
        about = conversation.said(one.concerning, name=f"items.{n}.concerning", most=120)
        checked.append(Item(text, wanted, one.category, one.severity, about, one.evidence))
    return checked


def _item(
    whole: Complaint, one: Item, *, by: User, reason: str, before: dict[str, str]
) -> Complaint:
    """A complaint of its own: children first, the row and its number last."""
    child = Complaint.begin(
        customer=whole.customer,
        text=one.text,
        subject=intake.subject_from(one.text),
        wanted=one.wanted or whole.wanted,
        channel=whole.channel,
        order_no=whole.order_no,
        happened_on=whole.happened_on,
        received_at=whole.received_at,
        received_by=whole.received_by,
        owner=whole.owner,
        category=one.category,
        category_confirmed=bool(one.category),
        severity=one.severity,
        contact_count=whole.contact_count,
        restricted=whole.restricted,
    )
    child.move_to(Status.REG)
    _same_circle(whole, child)
    _as_it_came_in(whole, child, concerning=one.concerning)
    message = conversation.first_message(child, by=by)
    _same_files(whole, one.evidence, child, message)
    now = moment.now()
    bond = Bond.objects.create(
        kind=BondKind.SPLIT,
        complaint=child,
        other=whole,
        reason=reason,
        before=before,
        by=by,
        at=now,
    )
    received = {"channel": child.channel, "via": "split", "contact_count": child.contact_count}
    record(What.RECEIVED, child, by=by, **received)
    record(What.SPLIT, child, by=by, bond=bond.pk, side=Side.ITEM)
    child.arrive()
    return child


def _same_circle(whole: Complaint, child: Complaint) -> None:
    """Whoever is named for the whole, or barred from it, is so for each item from the start."""
    ComplaintAccess.objects.bulk_create(
        ComplaintAccess(
            complaint=child, user_id=one.user_id, sight=one.sight, by_id=one.by_id, at=one.at
        )
        for one in whole.access.all()
    )


def _as_it_came_in(whole: Complaint, child: Complaint, *, concerning: str) -> None:
    came = Intake.objects.filter(complaint=whole).first() or Intake(via=Via.STAFF)
    Intake.objects.create(
        complaint=child,
        via=came.via,
        contact=came.contact,
        concerning=concerning or came.concerning,
        place=came.place,
        reply_by=came.reply_by,
        privacy_version=came.privacy_version,
        recording_told=came.recording_told,
    )


def _same_files(whole: Complaint, uuids: Sequence[str], child: Complaint, message: Message) -> None:
    """Rows that refer to the same stored bytes: evidence is kept once."""
    names = [f.attname for f in Evidence._meta.fields if f.name not in NOT_COPIED]
    Evidence.objects.bulk_create(
        Evidence(complaint=child, message=message, **{name: getattr(one, name) for name in names})
        for one in whole.evidence.filter(uuid__in=uuids)
    )


# --- back again -------------------------------------------------------------------------------


@transaction.atomic
def unsplit(whole: Complaint, *, by: User, reason: str) -> None:
    """Take a split back (撤销拆分): the items are void, the original is as it was.

    Only as long as no customer has heard anything of an item, and nothing was found or offered.
    """
    can_split.require(by, whole)
    sentence = _("请写明为什么撤销拆分")
    reason = conversation.said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence)
    whole.hold()
    bonds = list(
        Bond.objects.splits()
        .filter(other=whole)
        .select_related("complaint__team", "complaint__assignee")
        .order_by("complaint")
    )
    if not bonds or whole.status != Status.MRG:
        raise Refused(_("这件投诉没有拆分，或刚刚已经撤销，请刷新页面"))
    require_undoable(bonds[0].at)
    for bond in bonds:
        bond.complaint.hold()
        _untouched(bond.complaint)
    for bond in bonds:
        end(bond, by=by, reason=reason)
        bond.complaint.move_to(Status.CAN)
        bond.complaint.carry(closed_at=moment.now())
        record(What.CANCELLED, bond.complaint, by=by, reason=frozen(What.SPLIT_UNDONE.label))
    whole.move_back_to(Status(bonds[0].before["status"]))
    pks = [bond.pk for bond in bonds]
    record(What.SPLIT_UNDONE, whole, by=by, bonds=pks, side=Side.WHOLE)


def _untouched(item: Complaint) -> None:
    number = {"number": item.number}
    if not item.is_open:
        raise Refused(_("%(number)s 已经结束，不能撤销拆分；请分别办完") % number)
    bound = Bond.objects.lasting().around(item).exclude(kind=BondKind.LINK)
    if bound.exclude(kind=BondKind.SPLIT, complaint=item).exists():
        raise Refused(_("%(number)s 已与别的投诉合并，请先撤销合并再撤销拆分") % number)
    if Membership.objects.lasting().filter(complaint=item).exists():
        raise Refused(_("%(number)s 已并入群体事件，请先移出再撤销拆分") % number)
    went_on = rules.beyond_undoing(item.events.values_list("what", flat=True))
    if went_on:
        acts = "、".join(str(what.label) for what in went_on[:3])
        sentence = _("%(number)s 已有进展（%(acts)s），不能撤销拆分；请分别办完")
        raise Refused(sentence % {**number, "acts": acts})


def others_go_on(event: Event) -> None:
    """Follow an end that settles nothing, withdrawn, void, not accepted: members of such a master
    go on by themselves; and when no item is left and none was closed, the original does."""
    release_members(event)
    _whole_goes_on(event)


def _whole_goes_on(event: Event) -> None:
    bond = Bond.objects.splits().filter(complaint=event.complaint).select_related("other").first()
    if bond is None or bond.other.status != Status.MRG:
        return
    items = Bond.objects.splits().filter(other=bond.other).select_related("complaint")
    statuses = {one.complaint.status for one in items if one.pk != bond.pk}
    if any(Status(s) not in rules.GONE for s in statuses):
        return
    for one in items:
        end(one, by=event.by, reason=frozen(What(event.what).label))
    bond.other.move_back_to(Status(bond.before["status"]))
    pks = [one.pk for one in items]
    record(What.SPLIT_UNDONE, bond.other, by=event.by, bonds=pks, side=Side.WHOLE)
