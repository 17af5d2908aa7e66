"""The findings panel, the evidence panel, and the index of evidence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.panels import rows
from huiyin.journey.channels.recordings.models import Quote
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.permissions import (
    can_describe,
    can_hold,
    can_note,
    can_open_evidence,
)
from huiyin.journey.conversation.views import seen_evidence
from huiyin.journey.conversation.words import EvidenceKind, PrivacyLevel, Source
from huiyin.journey.investigation import actions, rules
from huiyin.journey.investigation.forms import SHARE, asked
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.permissions import can_find
from huiyin.journey.investigation.shown import bar, differences, proofs_for
from huiyin.journey.investigation.words import Party

SHOWN = 10
IN_PANEL = 4
MOST_LISTED = 500
LONGEST_Q = 100


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    found = _findings(complaint)[:SHOWN]
    last = found[0] if found else None
    may_find = rules.may_be_found(complaint.status) and can_find(request.user, complaint)
    return {
        "finding": last,
        "bar": bar(last) if last else [],
        "proofs": proofs_for(last, request.user) if last else [],
        "earlier": differences(found, request.user),
        "first": found[-1] if len(found) > 1 else None,
        "may_find": may_find,
        **(_form(request, complaint, last) if may_find else {}),
    }


def _findings(complaint: Complaint) -> list[Finding]:
    found: list[Finding] = rows(
        complaint,
        "findings",
        lambda found: found.select_related("by").prefetch_related("shares", "proofs__evidence"),
    )
    for finding in found:
        for proof in finding.proofs.all():
            proof.evidence.complaint = complaint
    return found


def _form(request: HuiyinRequest, complaint: Complaint, last: Finding | None) -> dict[str, Any]:
    """What the form begins with: the last finding, and the evidence that there is."""
    said = {share.party: share.percent for share in last.shares.all()} if last else {}
    whys = last.whys if last else []
    return {
        "groups": [
            (group.label, [(cause.value, cause.label) for cause in causes])
            for group, causes in rules.GROUPS.items()
        ],
        "parties": [
            (f"{SHARE}{party.value}", party.label, said.get(party.value, ""), tone(party.value))
            for party in Party
        ],
        "whys": [
            (step, whys[step - 1] if step <= len(whys) else "")
            for step in range(1, rules.MOST_WHYS + 1)
        ],
        "brought": _brought(request, complaint, last),
    }


def tone(party: str) -> str:
    return party.replace("RSP.", "").replace(".", "-")


def _brought(
    request: HuiyinRequest, complaint: Complaint, last: Finding | None
) -> list[tuple[Evidence, str, str]]:
    """Each piece with what the last finding says of it; twice where it supports two facts."""
    said: dict[int, list[tuple[str, str]]] = {}
    for proof in last.proofs.all() if last else ():
        said.setdefault(proof.evidence_id, []).append((proof.fact, proof.place))
    held_up = _quotes(complaint)
    found = []
    for one in _evidence(complaint)[: rules.MOST_PROOFS]:
        if can_open_evidence(request.user, one):
            told = [*said.get(one.pk, []), *held_up.get(one.pk, [])]
            found += [(one, *each) for each in dict.fromkeys(told or [("", one.place)])]
    return found


def _quotes(complaint: Complaint) -> dict[int, list[tuple[str, str]]]:
    """Places of recordings that somebody put up for the finding: evidence → (fact, place)."""
    found: dict[int, list[tuple[str, str]]] = {}
    if not any(one.media_type.startswith("audio/") for one in _evidence(complaint)):
        return found
    rows_ = Quote.objects.filter(recording__complaint=complaint, for_finding=True)
    for one in rows_.select_related("recording").only("place", "words", "recording__evidence_id")[
        : rules.MOST_PROOFS
    ]:
        told = (one.words or _("录音 %(place)s") % {"place": one.place}, one.place)
        found.setdefault(one.recording.evidence_id, []).append(told)
    return found


def _evidence(complaint: Complaint) -> list[Evidence]:
    """All of it, asked for once with the page."""
    found: list[Evidence] = rows(complaint, "evidence", lambda found: found.select_related("by"))
    for one in found:
        one.complaint = complaint
    return found


def evidence_panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """The last pieces, and the way to the index of all; None where there is none."""
    found = _evidence(complaint)
    if not found:
        return None
    last = [(one, can_open_evidence(request.user, one)) for one in found[::-1][:IN_PANEL]]
    return {"last": last, "count": len(found), "held": sum(one.held for one in found)}


@login_required
@require_POST
def findings(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    actions.find(complaint, by=request.user, **asked(request.POST))
    return changed(_("已保存核实结论"))


@login_required
@require_GET
def evidence_index(request: HuiyinRequest, number: str) -> HttpResponse:
    """证据目录: what there is, what it supports, who may open it; to be printed too."""
    visible = Complaint.objects.visible_to(request.user).select_related("team", "assignee")
    complaint = get_object_or_404(visible, number=number)
    q = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_Q]
    kind = request.GET.get("kind", "")
    found = complaint.evidence.select_related("by").prefetch_related("proofs")
    if kind in EvidenceKind.values:
        found = found.filter(kind=kind)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(about__icontains=q))
    user = request.user
    last = complaint.findings.first()
    listed = [_row(one, user, last) for one in found.order_by("pk")[:MOST_LISTED]]
    if q:  # a name that he may not read is not found by it either
        listed = [row for row in listed if row["may_open"]]
    context = {
        "complaint": complaint,
        "rows": listed,
        "q": q,
        "kind": kind,
        "may_add": complaint.status != Status.ARC and can_note(user, complaint),
        "kinds": EvidenceKind.choices,
        "sources": Source.choices,
        "privacies": PrivacyLevel.choices,
    }
    template = "inside.html" if request.htmx else "index.html"
    return render(request, f"investigation/evidence/{template}", context)


def _row(one: Evidence, user: Any, last: Finding | None) -> dict[str, Any]:
    may_open = can_open_evidence(user, one)
    counts = [proof for proof in one.proofs.all() if last and proof.finding_id == last.pk]
    return {
        "it": one,
        "may_open": may_open,
        "proofs": counts if may_open else [],
        "may_describe": one.complaint.status != Status.ARC and may_open and can_describe(user, one),
        "may_hold": can_hold(user, one),
    }


@login_required
@require_GET
def custody(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """保管记录 of one piece: who brought, opened, described, held it; for those who may hold it."""
    found = seen_evidence(request, uuid)
    can_hold.require(request.user, found)
    context = {"it": found, "custody": list(found.custody.select_related("by")[:200])[::-1]}
    return render(request, "investigation/evidence/custody.html", context)
