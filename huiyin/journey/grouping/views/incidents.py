"""Mass incidents: the list, the page of one, and its acts."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.grouping import actions, rules
from huiyin.journey.grouping.actions import About
from huiyin.journey.grouping.models import Incident, JointNotice, Membership
from huiyin.journey.grouping.permissions import can_join, can_open_incident, can_run
from huiyin.journey.grouping.words import EntryKind
from huiyin.journey.triage import shown
from huiyin.journey.triage.models import Category

PAGE = 50
MOST_ENTRIES = 100
OWNERS = (Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.SUPERVISION)


def _seen(request: HuiyinRequest, pk: int) -> Incident:
    visible = Incident.objects.visible_to(request.user).with_counts()
    return get_object_or_404(visible.select_related("owner", "by", "ended_by"), pk=pk)


@login_required
@require_GET
def incidents(request: HuiyinRequest) -> HttpResponse:
    """Those that go on first, by their last activity; ended ones below, page by page."""
    seen = Incident.objects.visible_to(request.user).with_counts().select_related("owner")
    before = request.GET.get("before", "")
    ended = seen.exclude(state="open").order_by("-pk")
    if before.isdecimal():
        ended = ended.filter(pk__lt=int(before[:18]))
    page = list(ended[: PAGE + 1])
    context = {
        "going": [] if before else list(seen.open().order_by("-last_activity_at", "-pk")[:PAGE]),
        "ended": page[:PAGE],
        "before": page[PAGE - 1].pk if len(page) > PAGE else None,
        "may_open": can_open_incident(request.user, None),
        **_choices(),
    }
    return render(request, "grouping/incidents.html", context)


def _choices() -> dict[str, Any]:
    return {
        "owners": User.objects.active().with_role(*OWNERS).order_by("name"),
        "groups": shown.category_groups(),
    }


def _about(request: HuiyinRequest) -> About:
    names = ("title", "category", "concerning", "region")
    return About(**{name: request.POST.get(name, "") for name in names})


def _owner(request: HuiyinRequest) -> User | None:
    asked = request.POST.get("owner", "")
    return User.objects.active().filter(pk=asked).first() if asked.isdecimal() else None


@login_required
@require_POST
def new_incident(request: HuiyinRequest) -> HttpResponse:
    """Open one; with `number` that complaint is its first member."""
    made = actions.open_incident(_about(request), by=request.user, owner=_owner(request))
    number = request.POST.get("number", "")
    if number:
        actions.join(made, actions.named(request.user, number), by=request.user)
    messages.success(request, _("已立群体事件"))
    target = redirect("grouping:incident", made.pk)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": target["Location"]})
    return target


@login_required
@require_http_methods(["GET", "POST"])
def incident(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The page; or what it is about, changed."""
    found = _seen(request, pk)
    if request.method == "POST":
        actions.change(found, _about(request), by=request.user, owner=_owner(request))
        return _again(request, found, _("已保存"))
    context = _page(request, found)
    part = request.GET.get("part", "")
    template = "grouping/members.html" if part == "members" else "grouping/incident.html"
    return render(request, template, context)


def _again(request: HuiyinRequest, found: Incident, sentence: str) -> HttpResponse:
    """The act is done: the page is asked for anew, with the sentence on top."""
    messages.success(request, sentence)
    url = redirect("grouping:incident", found.pk)["Location"]
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if request.htmx else redirect(url)


def _page(request: HuiyinRequest, found: Incident) -> dict[str, Any]:
    user = request.user
    sent = list(found.notices.select_related("by")[:10])
    told = actions.progress_of(sent)
    return {
        "incident": found,
        "category": Category.objects.names([found.category]).get(found.category, ""),
        "entries": list(found.entries.select_related("by")[:MOST_ENTRIES]),
        "notices": [(one, told[one.pk]) for one in sent],
        "may_run": can_run(user, found),
        "may_join": found.is_open and (can_run(user, found) or user.has_role(*OWNERS)),
        "may_open_again": found.ended_at is not None
        and actions.undoable(found.ended_at)
        and can_run(user, found),
        "key": uuid.uuid4(),
        "kinds": [(k.value, k.label) for k in (EntryKind.NOTE, EntryKind.PROGRESS)],
        "placeholders": [f"{{{name}}}" for name in rules.PLACEHOLDERS],
        **_members(request, found),
        **(_choices() if can_run(user, found) else {}),
    }


def _members(request: HuiyinRequest, found: Incident) -> dict[str, Any]:
    """A page of the members that this person sees, and how many he does not."""
    visible = Complaint.objects.visible_to(request.user)
    mine = found.memberships.filter(complaint__in=visible)
    related = mine.select_related(
        "complaint__customer", "complaint__assignee", "complaint__team", "incident"
    )
    after = request.GET.get("after", "")
    lasting = related.lasting().order_by("pk")
    if after.isdecimal():
        lasting = lasting.filter(pk__gt=int(after[:18]))
    rows = list(lasting[: PAGE + 1])
    left = (
        []
        if after
        else [
            one
            for one in related.exclude(left_at=None).order_by("-left_at")[:PAGE]
            if one.left_at and actions.undoable(one.left_at)
        ]
    )
    user, runs = request.user, can_run(request.user, found)
    timing = Clock.objects.timing([one.complaint for one in rows[:PAGE]])
    return {
        "members": [
            (one, runs or can_join(user, one.complaint), timing.get(one.complaint_id))
            for one in rows[:PAGE]
        ],
        "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "left": [(one, runs or can_join(user, one.complaint)) for one in left],
        "seen_count": mine.lasting().count(),
    }


@login_required
@require_POST
def members(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Join by hand (numbers in a line) or those ticked among the proposed."""
    found = _seen(request, pk)
    if request.POST.get("from") == "complaint":  # one, and its page stays open
        one = actions.named(request.user, request.POST.get("numbers", ""))
        actions.join(found, one, by=request.user)
        return changed(_("已并入 %(title)s") % {"title": found.title})
    typed = request.POST.get("numbers", "").replace("，", " ").replace(",", " ").replace("、", " ")
    numbers = [*typed.split(), *request.POST.getlist("number")][: rules.MOST_JOINED_AT_ONCE]
    if not numbers:
        sentence = _("请填写要并入的投诉编号")
        raise Invalid(sentence, numbers=sentence)
    told = _joined(request, found, list(dict.fromkeys(numbers)))
    refused = [f"{one['number']}：{one['sentence']}" for one in told if not one["done"]]
    done = len(told) - len(refused)
    if refused:
        messages.warning(request, "；".join(refused[:5]))
    return _again(request, found, _("已并入 %(count)s 件") % {"count": done})


@login_required
@require_POST
def joining(request: HuiyinRequest) -> HttpResponse:
    """A selection of the queue joins an incident; each is an act of its own."""
    asked = request.POST.get("incident", "")
    found = _seen(request, int(asked[:18]) if asked.isdecimal() else 0)
    numbers = list(dict.fromkeys(request.POST.getlist("number")))[: rules.MOST_JOINED_AT_ONCE]
    return JsonResponse({"results": _joined(request, found, numbers)})


@login_required
@require_GET
def options(request: HuiyinRequest) -> HttpResponse:
    """The open ones to choose from, for the selection of the queue."""
    seen = Incident.objects.visible_to(request.user).open().order_by("-last_activity_at")
    return render(request, "grouping/options.html", {"incidents": seen[:PAGE]})


def _joined(request: HuiyinRequest, found: Incident, numbers: list[str]) -> list[dict[str, Any]]:
    visible = Complaint.objects.visible_to(request.user).select_related("team", "assignee")
    there = {one.number: one for one in visible.filter(number__in=[n.upper() for n in numbers])}
    told = actions.join_many(found, there.values(), by=request.user)
    results = []
    for number in numbers:
        one = there.get(number.upper())
        refusal = told[one.number] if one else _("没有找到，或者您无权查看")
        sentence = refusal or _("已并入 %(title)s") % {"title": found.title}
        subject = one.subject if one else ""
        results.append(
            {"number": number, "subject": subject, "done": not refusal, "sentence": sentence}
        )
    return results


def _membership(request: HuiyinRequest, pk: int, member: int) -> tuple[Incident, Membership]:
    found = _seen(request, pk)
    visible = Complaint.objects.visible_to(request.user)
    related = found.memberships.select_related("incident", "complaint__team")
    return found, get_object_or_404(related.filter(complaint__in=visible), pk=member)


@login_required
@require_POST
def leaving(request: HuiyinRequest, pk: int, member: int) -> HttpResponse:
    found, membership = _membership(request, pk, member)
    actions.leave(membership, by=request.user, reason=request.POST.get("reason", ""))
    days = {"days": settings.UNDO_DAYS}
    sentence = _("已移出，%(days)s 天内可以放回") % days
    if request.POST.get("from") == "complaint":
        return changed(sentence)
    return _again(request, found, sentence)


@login_required
@require_POST
def putting_back(request: HuiyinRequest, pk: int, member: int) -> HttpResponse:
    found, membership = _membership(request, pk, member)
    actions.put_back(membership, by=request.user)
    return _again(request, found, _("已放回"))


@login_required
@require_GET
def proposals(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Open complaints that may belong to it, of those this person sees."""
    found = _seen(request, pk)
    context = {"incident": found, "alike": actions.proposed(found, by=request.user)}
    return render(request, "grouping/proposals.html", context)


@login_required
@require_POST
def entries(request: HuiyinRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "")
    actions.enter(found, by=request.user, kind=kind, text=text)
    said = {
        EntryKind.PROGRESS: _("已写下，成员的客户在门户能看到"),
        EntryKind.FINDING: _("已写下联合结论"),
    }
    return _again(request, found, said.get(EntryKind(kind), _("已写下")))


@login_required
@require_POST
def ending(request: HuiyinRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    actions.finish(found, by=request.user, text=request.POST.get("text", ""))
    return _again(request, found, _("群体事件已结束"))


@login_required
@require_POST
def reopening(request: HuiyinRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    actions.open_again(found, by=request.user)
    return _again(request, found, _("已重新打开"))


@login_required
@require_POST
def preview(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Whom it reaches and what the first of them reads; nothing is sent."""
    found = _seen(request, pk)
    text, english = request.POST.get("text", ""), request.POST.get("text_en", "")
    context = {
        "incident": found,
        "preview": actions.previewed(found, by=request.user, text=text),
        "text": text,
        "text_en": english,
        "key": _key(request),
    }
    return render(request, "grouping/preview.html", context)


def _key(request: HuiyinRequest) -> uuid.UUID:
    """The mark of this one notice; somebody who sends none sends a new one."""
    typed = request.POST.get("key", "")
    plain = typed.replace("-", "")
    is_one = len(plain) == 32 and all(c in "0123456789abcdef" for c in plain)
    return uuid.UUID(plain) if is_one else uuid.uuid4()


@login_required
@require_POST
def notices(request: HuiyinRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    actions.tell_all(
        found,
        by=request.user,
        text=request.POST.get("text", ""),
        text_en=request.POST.get("text_en", ""),
        key=_key(request),
    )
    return _again(request, found, _("告知正在逐件发出，进度见下"))


@login_required
@require_GET
def progress(request: HuiyinRequest, pk: int, notice: int) -> HttpResponse:
    """How far one notice has come."""
    found = _seen(request, pk)
    one = get_object_or_404(JointNotice.objects.filter(incident=found), pk=notice)
    context = {"incident": found, "notice": one, "told": actions.progress_of([one])[one.pk]}
    return render(request, "grouping/progress.html", context)
