"""The complaint page and the parts of it that refresh themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.lifecycle import STEPS
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, DueKind, Status
from huiyin.journey.conversation.permissions import can_note, can_reply, can_take_down
from huiyin.journey.conversation.ways import chosen, ways_of
from huiyin.journey.conversation.words import Kind
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.triage.models import Category
from huiyin.surface.workbench import next_act, panels
from huiyin.surface.workbench.models import Look
from huiyin.surface.workbench.story import story

WRITTEN_BY_STAFF = [(c.value, c.label) for c in Channel if c not in (Channel.IMPORT, Channel.API)]


@login_required
@require_GET
def complaint(request: HuiyinRequest, number: str) -> HttpResponse:
    """Everything about one complaint on one screen."""
    found = _seen(request, number)
    look = Look.objects.filter(user=request.user, complaint=found).first()
    shown = panels.contexts(request, found, panels.PROMPT)
    ways = ways_of(found)
    context = _header(request, found, shown) | {
        "panels": [(panel, shown.get(panel.name)) for panel in panels.PROMPT],
        "kinds": _kinds(request, found),
        "channels": WRITTEN_BY_STAFF,
        "ways": ways,
        "chosen_way": chosen(ways, found.customer.preferred),
        "sealed": found.status == Status.ARC,
        **_story(request, found, since=look.at if look else None),
    }
    return render(request, "workbench/complaint.html", context)


def _kinds(request: HuiyinRequest, found: Complaint) -> list[str]:
    """What this person may write here; the first is open."""
    asked = (
        (Kind.OUTBOUND, can_reply),
        (Kind.NOTE, can_note),
        (Kind.INBOUND, can_take_down),
    )
    return [str(kind) for kind, may in asked if may(request.user, found)]


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    beside = ("customer", "team", "assignee", "received_by", "intake")
    related = visible.select_related(*beside)
    return get_object_or_404(related.prefetch_related("customer__contact_points"), number=number)


def _header(
    request: HuiyinRequest, found: Complaint, shown: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    acts = next_act.acts(found, shown, reader=request.user)
    clocks = [clock for clock, _why in shown["clocks"]["clocks"]]
    clocks = [c for c in clocks if not c.stopped_at or c.kind == DueKind.FIRST_RESPONSE]
    return {
        "complaint": found,
        "steps": [(label, _step(at, found)) for at, label in enumerate(STEPS)],
        "category": Category.objects.names([found.category]).get(found.category, ""),
        "state": grouping.state_of(found),
        "mine": found.assignee_id == request.user.pk,
        "acts": acts,
        "waits_for": "" if acts and acts[0].primary else next_act.waits_for(found),
        "clocks": sorted(clocks, key=lambda c: DueKind.values.index(c.kind))[:4],
        "late_tasks": _late_tasks(shown),
    }


def _late_tasks(shown: dict[str, dict[str, Any]]) -> int:
    """How many departments owe something that is late, as their clocks say."""
    now = moment.now()
    late = {
        clock.subject
        for _label, own in shown["clocks"].get("others", [])
        for clock, _why in own
        if clock.kind in (DueKind.TASK, DueKind.TASK_SIGN_IN)
        and clock.stopped_at is None
        and clock.due_at < now
    }
    return len(late)


def _step(at: int, found: Complaint) -> str:
    if at < found.step:
        return "done"
    return "now" if at == found.step else "ahead"


@login_required
@require_GET
def story_part(request: HuiyinRequest, number: str) -> HttpResponse:
    """What came before a given entry of the story."""
    found = _seen(request, number)
    told = _story(request, found, before=_small(request.GET.get("before", "")))
    return render(request, "workbench/story.html", {"complaint": found, **told})


def _moment(text: str) -> datetime | None:
    """Milliseconds since 1970, as the page was given them."""
    since = _small(text)
    return datetime.fromtimestamp(since / 1000, UTC) if since and since < 10**13 else None


def _small(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _story(
    request: HuiyinRequest,
    found: Complaint,
    *,
    before: int | None = None,
    since: datetime | None = None,
) -> dict[str, Any]:
    entries, earlier = story(found, before=before, since=since, reader=request.user)
    return {
        "entries": entries,
        "earlier": earlier,
        "since": int(since.timestamp() * 1000) if since else "",
    }


@login_required
@require_GET
def panel(request: HuiyinRequest, number: str, name: str) -> HttpResponse:
    """One panel, refreshed."""
    found = _seen(request, number)
    wanted = panels.BY_NAME.get(name)
    context = wanted.context(request, found) if wanted else None
    if wanted is None or context is None:
        return HttpResponse(status=204)
    return render(request, wanted.template, {"complaint": found, **context})


@login_required
@require_GET
def anew(request: HuiyinRequest, number: str, half: str) -> HttpResponse:
    """What a page that stands shows anew when something has happened: head, story and first panels,
    or the late panels; in two answers for the whole page, however many panels it has. A panel that
    has nothing to say stays as it is."""
    found = _seen(request, number)
    wanted = panels.LATE if half == "late" else panels.PROMPT
    shown = panels.contexts(request, found, wanted)
    context: dict[str, Any] = {"complaint": found}
    if half == "prompt":
        since = _moment(request.GET.get("since", ""))
        context |= _header(request, found, shown) | _story(request, found, since=since)
    context |= {"half": half, "panels": [(p, shown[p.name]) for p in wanted if p.name in shown]}
    return render(request, "workbench/anew.html", context)


@login_required
@require_GET
def late_panels(request: HuiyinRequest, number: str) -> HttpResponse:
    """The panels that the page asks for as soon as it stands. One that has nothing to say yet is
    there, hidden: it shows itself when it has."""
    found = _seen(request, number)
    shown = panels.contexts(request, found, panels.LATE)
    late = [(panel, shown.get(panel.name)) for panel in panels.LATE]
    return render(request, "workbench/panels.html", {"complaint": found, "panels": late})


@login_required
@require_POST
def look(request: HuiyinRequest, number: str) -> HttpResponse:
    """The page is before somebody's eyes. The answer: before whose else, and when last something
    happened, so that a page which missed the news hears of it."""
    found = _seen(request, number)
    now = moment.now()
    Look.objects.update_or_create(user=request.user, complaint=found, defaults={"at": now})
    here = Look.objects.here(found, now).exclude(user=request.user).select_related("user")
    return JsonResponse(
        {
            "here": [one.user.name for one in here.order_by("user__name")[:5]],
            "changed": found.last_activity_at.isoformat(),
        }
    )
