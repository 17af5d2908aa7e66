"""The panel of the complaint page: what belongs together with this complaint, and its acts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.views import acted
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Message
from huiyin.journey.conversation.permissions import can_reply
from huiyin.journey.conversation.words import Kind
from huiyin.journey.grouping import actions, rules
from huiyin.journey.grouping.actions import Tie
from huiyin.journey.grouping.models import Bond, Incident
from huiyin.journey.grouping.permissions import (
    can_join,
    can_link,
    can_merge,
    can_run,
    can_split,
)
from huiyin.journey.grouping.words import BondKind, LinkNature, Side
from huiyin.journey.intake import known
from huiyin.journey.intake.models import Intake

MOST_INCIDENTS = 30


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """Links, master, members, whole, items, incident, as far as the reader may see them."""
    user = request.user
    grouped = actions.is_grouped(complaint)
    rights = _rights(request, complaint)
    if not grouped and not any(rights.values()):
        return None
    ties = actions.ties(user, complaint) if grouped else []
    member = actions.membership_of(complaint) if grouped else None
    incident = member.incident if member else None
    if member and not Incident.objects.visible_to(user).filter(pk=member.incident_id).exists():
        member = incident = None
    by_side: dict[str, list[Tie]] = {}
    for tie in ties:
        by_side.setdefault(actions.side_of(tie.bond, tie.complaint.pk), []).append(tie)
    members = [t for t in by_side.get(Side.MASTER, []) if t.complaint.status == Status.MRG]
    last = _last_words(tie.complaint for tie in members)
    items = by_side.get(Side.WHOLE, [])
    return {
        "complaint": complaint,
        "links": by_side.get(Side.FIRST, []) + by_side.get(Side.SECOND, []),
        "master": next(iter(by_side.get(Side.MEMBER, [])), None),
        "members": [(tie, _unanswered(tie, last)) for tie in members],
        "past_members": [t for t in by_side.get(Side.MASTER, []) if t not in members],
        "items": items,
        "whole": next(iter(by_side.get(Side.ITEM, [])), None),
        "membership": member,
        "incident": incident,
        "public": incident.entries.filter(kind="progress").first() if incident else None,
        "rests_unseen": complaint.status == Status.MRG and not (by_side.get(Side.MEMBER) or items),
        "natures": LinkNature.choices,
        "undo_days": settings.UNDO_DAYS,
        "split_reasons": _proposal(complaint) if rights["may_split"] else [],
        "may_unmerge": can_merge(user, complaint),
        "may_unsplit": bool(items)
        and complaint.status == Status.MRG
        and can_split(user, complaint),
        "may_reply": can_reply(user, complaint),
        "may_leave": bool(member)
        and (can_join(user, complaint) or (incident is not None and can_run(user, incident))),
        "incidents": _open_incidents(request) if rights["may_join"] and not member else [],
        **rights,
    }


def _rights(request: HuiyinRequest, complaint: Complaint) -> dict[str, bool]:
    """What this person may begin here now."""
    user, status = request.user, Status(complaint.status)
    going = complaint.is_open and status not in (Status.NEW, Status.REG)
    free = going and status not in rules.UNDER_PROMISE | rules.STANDING_STILL
    may_merge = can_merge(user, complaint)
    return {
        "may_link": complaint.status != Status.ARC and can_link(user, complaint),
        "may_merge": free and may_merge,
        "may_split": free and can_split(user, complaint),
        "may_join": status not in (*rules.GONE, Status.ARC) and can_join(user, complaint),
    }


def _open_incidents(request: HuiyinRequest) -> list[Incident]:
    found = Incident.objects.visible_to(request.user).open().order_by("-last_activity_at")
    return list(found[:MOST_INCIDENTS])


def _proposal(complaint: Complaint) -> list[str]:
    about = Intake.objects.filter(complaint=complaint).values_list("concerning", flat=True)
    found = rules.split_reasons(complaint.text, complaint.wanted, about.first() or "")
    return [str(one.label) for one in found]


def _last_words(members: Iterable[Complaint]) -> dict[int, Message]:
    """The last thing said with each customer, in one query."""
    pks = [one.pk for one in members]
    if not pks:
        return {}
    said = Message.objects.filter(complaint__in=pks).exclude(kind=Kind.NOTE)
    last = said.order_by("complaint", "-pk").distinct("complaint")
    return {message.complaint_id: message for message in last}


def _unanswered(tie: Tie, last: dict[int, Message]) -> Message | None:
    """What the member's customer said last, when nobody has answered since he was merged."""
    message = last.get(tie.complaint.pk)
    waits = message is not None and message.kind == Kind.INBOUND and message.at >= tie.bond.at
    return message if waits else None


# --- acts


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("customer", "team", "assignee"), number=number)


def _bond(request: HuiyinRequest, number: str, pk: int) -> Bond:
    """A bond of this complaint whose both ends this person sees."""
    complaint = _seen(request, number)
    around = Bond.objects.around(complaint).select_related(
        "complaint__team", "complaint__assignee", "other__team", "other__assignee"
    )
    bond = get_object_or_404(around, pk=pk)
    ends = Complaint.objects.visible_to(request.user).filter(
        pk__in=(bond.complaint_id, bond.other_id)
    )
    get_object_or_404(Bond, pk=pk if ends.count() == 2 else 0)
    return bond


def _other(request: HuiyinRequest) -> Complaint:
    """The one typed, or else the one picked from the list."""
    typed = request.POST.get("other", "").strip() or request.POST.get("picked", "")
    return actions.named(request.user, typed)


@login_required
@require_GET
def candidates(request: HuiyinRequest, number: str) -> HttpResponse:
    """Open complaints that may be the same story: of this customer, of this order, alike."""
    complaint = _seen(request, number)
    customer = complaint.customer
    found = known.similar_open(
        request.user,
        text=complaint.text,
        order_no=complaint.order_no,
        phone=customer.contact("phone"),
        email=customer.contact("email"),
        most=8,
    )
    alike = [one for one in found if one.complaint.pk != complaint.pk]
    return render(request, "grouping/candidates.html", {"alike": alike})


@login_required
@require_POST
def links(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    actions.link(
        complaint,
        to=_other(request),
        by=request.user,
        nature=request.POST.get("nature", ""),
        reason=request.POST.get("reason", ""),
    )
    return changed(_("已关联"))


@login_required
@require_POST
def merging(request: HuiyinRequest, number: str) -> HttpResponse:
    """Merge this one into another, or the other into this one."""
    complaint, other = _seen(request, number), _other(request)
    into_this = request.POST.get("direction") == "into_this"
    member, master = (other, complaint) if into_this else (complaint, other)
    reason = request.POST.get("reason", "")
    actions.merge(member, into=master, by=request.user, reason=reason)
    sentence = _("%(member)s 已并入 %(master)s，%(days)s 天内可以撤销") % {
        "member": member.number,
        "master": master.number,
        "days": settings.UNDO_DAYS,
    }
    return acted(request, complaint, sentence)


@login_required
@require_POST
def undoing(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """Take a link or a merge back."""
    bond = _bond(request, number, pk)
    reason = request.POST.get("reason", "")
    if bond.kind == BondKind.MERGE:
        actions.unmerge(bond, by=request.user, reason=reason)
        sentence = _("已撤销合并，恢复为合并前的样子")
    else:
        bond = get_object_or_404(Bond, pk=bond.pk, kind=BondKind.LINK)
        actions.unlink(bond, by=request.user, reason=reason)
        sentence = _("已取消关联")
    return acted(request, _seen_or(request, bond, number), sentence)


def _seen_or(request: HuiyinRequest, bond: Bond, number: str) -> Complaint:
    return bond.complaint if bond.complaint.number == number else bond.other


@login_required
@require_POST
def answer(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """Answer the customer of one member, and nobody else."""
    bond = get_object_or_404(Bond, pk=_bond(request, number, pk).pk, kind=BondKind.MERGE)
    member = bond.complaint
    text = request.POST.get("text", "")
    channel = actions.way_to(member, by_machine=False)
    conversation.reply(member, by=request.user, text=text, channel=channel)
    return changed(_("已回复 %(number)s 的客户") % {"number": member.number})


@login_required
@require_POST
def joint_reply(request: HuiyinRequest, number: str) -> HttpResponse:
    """One text to the customer of this master and to those of all its members."""
    complaint = _seen(request, number)
    sent = actions.reply_to_all(complaint, by=request.user, text=request.POST.get("text", ""))
    return changed(_("已分别回复 %(count)s 位客户") % {"count": len(sent)})
