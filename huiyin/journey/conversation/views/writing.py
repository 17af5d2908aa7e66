"""A reply, a note, what the customer said; a reply taken back, moved, sent once more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.templatetags.frame import exact
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions, rules
from huiyin.journey.conversation.models import Evidence, Letter, Message, Part
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.conversation.words import Kind, PartState

MOST_ATTACHED = 20
UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@login_required
@require_POST
@transaction.atomic
def messages(request: HuiyinRequest, number: str) -> HttpResponse:
    """A reply, a note, or what the customer said on the phone; with files. Sent again under the key
    of the page, because the answer was lost, it is the one that is there."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    message, is_new = actions.once(
        complaint,
        by=request.user,
        key=request.POST.get("key", ""),
        body=_sent(request),
        write=lambda: _written(request, complaint),
    )
    letter = getattr(message, "letter", None)
    if letter is not None and (is_new or letter.pending):
        return _on_its_way(message, letter)
    said = {
        Kind.OUTBOUND: _("已回复客户"),
        Kind.INBOUND: _("已记录客户的话"),
        Kind.NOTE: _("已写入内部备注"),
    }
    words = said[Kind(message.kind)] if is_new else _("刚才已经写下，没有重复")
    return changed(words, also={"message-written": message.kind})


def _sent(request: HuiyinRequest) -> dict[str, object]:
    """What makes two sendings the same."""
    asked = request.POST
    return {
        **{name: asked.get(name, "") for name in ("kind", "channel", "planned_at", "spoken")},
        "text": rules.written(asked.get("text", "")),
        "attached": sorted(asked.getlist("attached")),
        "files": [[one.name, one.size] for one in request.FILES.getlist("files")],
    }


def _written(request: HuiyinRequest, complaint: Complaint) -> Message:
    kind, text = request.POST.get("kind"), request.POST.get("text", "")
    channel = request.POST.get("channel", "")
    channel = channel if channel in Channel.values else ""
    waived = request.POST.getlist("waived")[:20]
    uploads = request.FILES.getlist("files")
    if kind == Kind.OUTBOUND:
        planned = planned_at(request.POST)
        message = actions.reply(
            complaint,
            by=request.user,
            text=text,
            channel=channel,
            waived=waived,
            leaves_at=actions.leaves_at(planned),
            planned=planned is not None,
            attached=chosen(complaint, request.POST),
            uploaded=[rules.Going(one.name or "", one.size or 0) for one in uploads],
        )
    elif kind == Kind.INBOUND:
        message = actions.customer_wrote(
            complaint, by=request.user, text=text, channel=channel or complaint.channel
        )
    else:  # an unknown kind is treated as the one that never leaves the house
        spoken = request.POST.get("spoken") == "1"
        message = actions.note(complaint, by=request.user, text=text, spoken=spoken, waived=waived)
    for upload in uploads:
        actions.add_evidence(
            complaint,
            by=request.user,
            upload=upload,
            message=message,
            internal=message.kind == Kind.NOTE,
        )
    return message


def _on_its_way(message: Message, letter: Letter) -> HttpResponse:
    """A reply that is carried can be taken back, as long as it has not left."""
    address = reverse("conversation:undo", args=(message.complaint.number, message.pk))
    undo = {"label": _("撤回"), "url": address, "seconds": int(actions.UNDO_FOR.total_seconds())}
    words = _("将在 10 秒后发出")
    if letter.planned_at:
        words = _("已定在 %(time)s 发出") % {"time": exact(letter.planned_at)}
    told = {"toast": {"text": words, "kind": "good", "undo": undo}}
    return changed(also={"message-written": message.kind, **told})


def planned_at(asked: Mapping[str, str]) -> datetime | None:
    """The moment that the writer chose; an unreadable one is refused with its field."""
    typed = asked.get("planned_at", "").strip()
    found = moment.read(typed)
    if typed and found is None:
        sentence = _("时间请写成 2026-11-22 09:12")
        raise Invalid(sentence, planned_at=sentence)
    return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found


def chosen(complaint: Complaint, asked: QueryDict) -> list[Evidence]:
    """Files of this complaint that go with the reply, of those that the customer may have."""
    marks = [mark for mark in asked.getlist("attached")[:MOST_ATTACHED] if is_uuid(mark)]
    return actions.to_attach(complaint, marks)


def is_uuid(text: str) -> bool:
    return UUID_SHAPE.fullmatch(text) is not None


@login_required
@require_POST
def undo(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """Take a reply back before it leaves; words, way and files return to whoever wrote them."""
    message = seen_message(request, number, pk)
    actions.undo(message, by=request.user)
    back = {"text": message.text, "channel": message.channel, "files": _went_with(message)}
    return changed(_("已撤回，客户不会收到"), also={"reply-undone": back})


def _went_with(message: Message) -> list[dict[str, str | int]]:
    """Uploaded with it or chosen for it: they are evidence already, so they can be chosen again."""
    letter = getattr(message, "letter", None)
    own = Q(message=message) | Q(pk__in=letter.attached.values("pk") if letter else [])
    files = message.complaint.evidence.for_customer().filter(own)[:MOST_ATTACHED]
    return [{"uuid": str(one.uuid), "name": one.name, "size": one.size} for one in files]


@login_required
@require_POST
def plan(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """Another moment for a reply that waits; without one it leaves now."""
    message = seen_message(request, number, pk)
    planned = planned_at(request.POST)
    when = actions.plan(message, by=request.user, at=planned)
    said = _("已改到 %(time)s 发出") % {"time": exact(when)} if planned else _("马上发出")
    return changed(said)


@login_required
@require_http_methods(["GET", "POST"])
def resend(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """A reply that did not arrive, once more."""
    message = seen_message(request, number, pk)
    if request.method == "POST":
        typed = request.POST.get("point", "")
        point = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else None
        actions.resend(message, by=request.user, point=point)
        return changed(_("已放回发件箱，马上再发"))
    parts = list(Part.objects.filter(letter__message=message))
    gone = sum(one.state == PartState.SENT for one in parts)
    context = {
        "message": message,
        "addresses": actions.addresses_of(message),
        "gone": gone,
        "rest": len(parts) - gone,
    }
    return render(request, "conversation/resend.html", context)


def seen_message(request: HuiyinRequest, number: str, pk: int) -> Message:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    return get_object_or_404(complaint.messages.select_related("complaint", "by"), pk=pk)


@login_required
@require_GET
def attachable(request: HuiyinRequest, number: str) -> HttpResponse:
    """Files that may go with a reply: none that is internal or sensitive."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    newest = complaint.evidence.for_customer().select_related("complaint").order_by("-pk")
    files = [one for one in newest[:MOST_ATTACHED] if can_open_evidence(request.user, one)]
    return render(request, "conversation/attachable.html", {"files": files})


@login_required
@require_GET
def presets(request: HuiyinRequest, number: str) -> HttpResponse:
    """Moments to choose from, by the calendar of the complaint's team."""
    visible = Complaint.objects.visible_to(request.user).select_related("team")
    complaint = get_object_or_404(visible, number=number)
    moments = [(label, timezone.localtime(at)) for label, at in actions.presets(complaint)]
    return render(request, "conversation/presets.html", {"moments": moments})
