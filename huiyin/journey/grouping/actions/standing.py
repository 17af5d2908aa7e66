"""How a complaint stands to others: read through what the reader may see, and asked before acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.rules import looks_like_number
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.models import Message
from huiyin.journey.conversation.words import Kind
from huiyin.journey.grouping import rules
from huiyin.journey.grouping.models import Bond, Incident, Membership
from huiyin.journey.grouping.words import BondKind, LinkNature, Side

MOST_SHOWN = 60


def named(user: User, number: str, *, field: str = "other") -> Complaint:
    """The complaint of a number typed into `field`, if this person sees it; else as if there were
    none."""
    visible = Complaint.objects.visible_to(user).select_related("customer", "team", "assignee")
    typed = looks_like_number(number)
    found = visible.filter(number=typed).first() if typed else None
    if found is None:
        sentence = _("没有找到这个编号的投诉，或者您无权查看")
        raise Invalid(sentence, **{field: sentence})
    return found


def require_undoable(at: datetime) -> None:
    """A few days to think better of it; afterwards both have gone their way."""
    days = settings.UNDO_DAYS
    if not rules.may_undo(at, moment.now(), days):
        raise Refused(
            _("已超过 %(days)s 天，不能再撤销；请分别办理，并在备注里写明情况") % {"days": days}
        )


def undoable(at: datetime) -> bool:
    return rules.may_undo(at, moment.now(), settings.UNDO_DAYS)


def is_grouped(complaint: Complaint) -> bool:
    """Whether it has anything to do with another; one query."""
    bound = Q(complaint=OuterRef("pk")) | Q(other=OuterRef("pk"))
    here = Complaint.objects.filter(pk=complaint.pk)
    return here.filter(
        Exists(Bond.objects.lasting().filter(bound))
        | Exists(Membership.objects.lasting().filter(complaint=OuterRef("pk")))
    ).exists()


@dataclass(frozen=True)
class Tie:
    """A bond as the reader of one end sees it: the other end is shown to whoever may see it."""

    bond: Bond
    complaint: Complaint  # the other end
    is_undoable: bool

    @property
    def words(self) -> str:
        """What the other one is to this one."""
        return words_of(self.bond, self.side)

    @property
    def side(self) -> Side:
        return side_of(self.bond, self.complaint.pk)

    @property
    def state(self) -> str:
        """Where the other end stands; a whole that rests has been split, not merged."""
        rests = self.side == Side.ITEM and self.complaint.status == Status.MRG
        return _("已拆分") if rests else str(self.complaint.get_status_display())


def side_of(bond: Bond, other_pk: int) -> Side:
    """Which side of the bond the reader stands on, when this is the other end."""
    on_first = bond.other_id == other_pk
    sides = {
        BondKind.MERGE: (Side.MEMBER, Side.MASTER),
        BondKind.SPLIT: (Side.ITEM, Side.WHOLE),
        BondKind.LINK: (Side.FIRST, Side.SECOND),
    }
    first, second = sides[BondKind(bond.kind)]
    return first if on_first else second


def words_of(bond: Bond, side: str) -> str:
    """“主件”, “起因是” …: what follows is the number of the other end."""
    if bond.kind == BondKind.LINK:
        if bond.nature == LinkNature.CAUSE:
            return _("起因是") if side == Side.FIRST else _("引发了")
        return str(LinkNature(bond.nature).label)
    return {
        Side.MEMBER: _("主件"),
        Side.MASTER: _("成员件"),
        Side.ITEM: _("拆自"),
        Side.WHOLE: _("拆出"),
    }[Side(side)]


def ties(user: User, complaint: Complaint) -> list[Tie]:
    """The lasting bonds whose other end this person sees; two queries."""
    related = ("complaint__customer", "complaint__assignee", "complaint__team", "by")
    others = ("other__customer", "other__assignee", "other__team")
    bonds = list(
        Bond.objects.lasting()
        .around(complaint)
        .select_related(*related, *others)
        .order_by("kind", "pk")[: 4 * MOST_SHOWN]
    )
    if not bonds:
        return []
    ends = {b.other if b.complaint_id == complaint.pk else b.complaint for b in bonds}
    visible = Complaint.objects.visible_to(user).filter(pk__in=[end.pk for end in ends])
    seen = set(visible.values_list("pk", flat=True))
    found = []
    for bond in bonds:
        end = bond.other if bond.complaint_id == complaint.pk else bond.complaint
        if end.pk in seen:
            found.append(Tie(bond, end, undoable(bond.at)))
    return found[:MOST_SHOWN]


def membership_of(complaint: Complaint) -> Membership | None:
    lasting = Membership.objects.lasting().filter(complaint=complaint)
    return lasting.select_related("incident__owner", "by").first()


def members_of(master: Complaint) -> list[Bond]:
    """The merges into this one that last, whatever became of the members."""
    merges = Bond.objects.merges().filter(other=master)
    return list(merges.select_related("complaint__customer", "complaint__team", "other"))


def merged_members(master: Complaint) -> list[Complaint]:
    """The members that go with it now."""
    return [b.complaint for b in members_of(master) if b.complaint.status == Status.MRG]


def master_of(complaint: Complaint) -> Complaint | None:
    """What this one is merged into."""
    merge = Bond.objects.merges().filter(complaint=complaint).select_related("other").first()
    return merge.other if merge is not None else None


def untold_members(master: Complaint, since: datetime) -> int:
    """How many members' customers have not been written to by a person since then (MG-04)."""
    told = (
        Message.objects.public()
        .filter(complaint=OuterRef("complaint"), kind=Kind.OUTBOUND, at__gte=since)
        .exclude(by=User.objects.system())
    )
    merges = Bond.objects.merges().filter(other=master, complaint__status=Status.MRG)
    return merges.exclude(Exists(told)).count()


def items_of(whole: Complaint) -> list[Complaint]:
    """What was split off it, whatever became of it."""
    splits = Bond.objects.splits().filter(other=whole).select_related("complaint")
    return [one.complaint for one in splits]


def state_of(complaint: Complaint) -> str:
    """Where it stands, in a word; what was split has not been merged."""
    if complaint.status == Status.MRG and Bond.objects.splits().filter(other=complaint).exists():
        return _("已拆分")
    return str(complaint.get_status_display())


def whole_of(item: Complaint) -> Complaint | None:
    """What this one was split off."""
    split = Bond.objects.splits().filter(complaint=item).select_related("other").first()
    return split.other if split is not None else None


# --- the story: what a line says to this reader -----------------------------------------------

BOUND = frozenset(
    {What.LINKED, What.UNLINKED, What.MERGED, What.UNMERGED, What.SPLIT, What.SPLIT_UNDONE}
)
GATHERED = frozenset({What.INCIDENT_JOINED, What.INCIDENT_LEFT, What.INCIDENT_TOLD})


@dataclass(frozen=True)
class Told:
    """What a line of the story adds for this reader: words, and where they lead."""

    words: str
    number: str = ""
    incident: int | None = None


def told_of(user: User, events: Iterable[Event]) -> dict[int, Told]:
    """By event. Facts hold ids only: what is behind them is told to whoever may see it."""
    bound = [e for e in events if e.what in BOUND]
    gathered = [e for e in events if e.what in GATHERED]
    return _told_of_bonds(user, bound) | _told_of_incidents(user, gathered)


def _told_of_bonds(user: User, events: list[Event]) -> dict[int, Told]:
    if not events:
        return {}
    bonds = Bond.objects.select_related("complaint", "other").in_bulk(
        {pk for e in events for pk in _bonds_in(e)}
    )
    ends = {c for bond in bonds.values() for c in (bond.complaint_id, bond.other_id)}
    visible = Complaint.objects.visible_to(user).filter(pk__in=ends)
    seen = set(visible.values_list("pk", flat=True))
    told: dict[int, Told] = {}
    for event in events:
        found = [bonds[pk] for pk in _bonds_in(event) if pk in bonds]
        found = [b for b in found if {b.complaint_id, b.other_id} <= seen]
        if not found:
            continue
        ends_ = [b.other if b.complaint_id == event.complaint_id else b.complaint for b in found]
        words = words_of(found[0], str(event.facts.get("side", "")))
        undone = event.what in (What.UNLINKED, What.UNMERGED, What.SPLIT_UNDONE)
        why = found[0].ended_reason if undone else found[0].reason
        numbers = "、".join(end.number for end in ends_)
        text = f"{words} {numbers}" + (f" · {why}" if why else "")
        told[event.pk] = Told(text, number=ends_[0].number)
    return told


def _bonds_in(event: Event) -> list[int]:
    many = event.facts.get("bonds") or [event.facts.get("bond")]
    return [pk for pk in many if isinstance(pk, int)]


def _told_of_incidents(user: User, events: list[Event]) -> dict[int, Told]:
    if not events:
        return {}
    asked = {e.pk: e.facts.get("incident") for e in events}
    seen = Incident.objects.visible_to(user).in_bulk([pk for pk in asked.values() if pk])
    return {event: Told(seen[pk].title, incident=pk) for event, pk in asked.items() if pk in seen}
