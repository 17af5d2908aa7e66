"""Writing on the complaint page, and files under the complaint's own protection."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.templatetags.frame import exact
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions
from huiyin.journey.conversation.models import Evidence, Letter, Message
from huiyin.journey.conversation.words import Kind, PrivacyLevel, Source

MOST_ATTACHED = 20
UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@login_required
@require_POST
@transaction.atomic
def messages(request: HuiyinRequest, number: str) -> HttpResponse:
    """A reply, a note, or what the customer said on the phone; with files."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    kind, text = request.POST.get("kind"), request.POST.get("text", "")
    channel = request.POST.get("channel", "")
    channel = channel if channel in Channel.values else ""
    waived = request.POST.getlist("waived")[:20]
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
        )
    elif kind == Kind.INBOUND:
        message = actions.customer_wrote(
            complaint, by=request.user, text=text, channel=channel or complaint.channel
        )
    else:  # an unknown kind is treated as the one that never leaves the house
        spoken = request.POST.get("spoken") == "1"
        message = actions.note(complaint, by=request.user, text=text, spoken=spoken, waived=waived)
    for upload in request.FILES.getlist("files"):
        actions.add_evidence(
            complaint,
            by=request.user,
            upload=upload,
            message=message,
            internal=message.kind == Kind.NOTE,
        )
    letter = getattr(message, "letter", None)
    if letter is not None:
        return _on_its_way(message, letter)
    said = {
        Kind.OUTBOUND: _("已回复客户"),
        Kind.INBOUND: _("已记录客户的话"),
        Kind.NOTE: _("已写入内部备注"),
    }
    return changed(said[Kind(message.kind)], also={"message-written": message.kind})


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
    return list(complaint.evidence.for_customer().filter(uuid__in=marks)) if marks else []


def is_uuid(text: str) -> bool:
    return UUID_SHAPE.fullmatch(text) is not None


@login_required
@require_POST
def undo(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """Take a reply back before it leaves; its words return to whoever wrote them."""
    message = seen_message(request, number, pk)
    actions.undo(message, by=request.user)
    return changed(_("已撤回，客户不会收到"), also={"reply-undone": {"text": message.text}})


@login_required
@require_POST
def plan(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """Another moment for a reply that waits; without one it leaves now."""
    message = seen_message(request, number, pk)
    planned = planned_at(request.POST)
    when = actions.plan(message, by=request.user, at=planned)
    said = _("已改到 %(time)s 发出") % {"time": exact(when)} if planned else _("马上发出")
    return changed(said)


def seen_message(request: HuiyinRequest, number: str, pk: int) -> Message:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    return get_object_or_404(complaint.messages.select_related("complaint", "by"), pk=pk)


@login_required
@require_GET
def attachable(request: HuiyinRequest, number: str) -> HttpResponse:
    """Files that may go with a reply: none that is internal or sensitive."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    files = complaint.evidence.for_customer().order_by("-pk")[:MOST_ATTACHED]
    return render(request, "conversation/attachable.html", {"files": files})


@login_required
@require_GET
def presets(request: HuiyinRequest, number: str) -> HttpResponse:
    """Moments to choose from, by the calendar of the complaint's team."""
    visible = Complaint.objects.visible_to(request.user).select_related("team")
    complaint = get_object_or_404(visible, number=number)
    moments = [(label, timezone.localtime(at)) for label, at in actions.presets(complaint)]
    return render(request, "conversation/presets.html", {"moments": moments})


@login_required
@require_POST
@transaction.atomic
def evidence(request: HuiyinRequest, number: str) -> HttpResponse:
    """Files added to the complaint itself."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    uploads = request.FILES.getlist("files")
    for upload in uploads:
        actions.add_evidence(
            complaint,
            by=request.user,
            upload=upload,
            internal=request.POST.get("internal") == "1",
            described=described(request.POST),
        )
    return changed(_("已添加 %(count)s 个文件") % {"count": len(uploads)})


def described(asked: Mapping[str, str]) -> actions.Description:
    """What a form says about a file; an unreadable moment is refused with its field."""
    typed = asked.get("happened_at", "").strip()
    happened = moment.read(typed)
    if typed and happened is None:
        sentence = _("时间请写成 2026-11-22 09:12")
        raise Invalid(sentence, happened_at=sentence)
    if happened is not None and timezone.is_naive(happened):
        happened = timezone.make_aware(happened)
    return actions.Description(
        kind=asked.get("kind", ""),
        about=asked.get("about", ""),
        source=asked.get("source") or Source.STAFF,
        happened_at=happened,
        place=asked.get("place", ""),
        privacy=asked.get("privacy") or PrivacyLevel.ORDINARY,
    )


@login_required
@require_POST
def description(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """What a file is, said better."""
    found = seen_evidence(request, uuid)
    actions.describe(found, by=request.user, described=described(request.POST))
    return changed(_("已保存证据说明"))


@login_required
@require_POST
def hold(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    found = seen_evidence(request, uuid)
    actions.hold(found, by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已保全，任何人都不能删除"))


@login_required
@require_POST
def release(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    found = seen_evidence(request, uuid)
    actions.release(found, by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已解除保全"))


@login_required
@require_GET
def evidence_file(request: HuiyinRequest, uuid: UUID) -> HttpResponseBase:
    """The file, to whoever sees its complaint, and to nobody else; every look is on record."""
    found = seen_evidence(request, uuid)
    actions.opened(found, by=request.user)
    return served(found, asked=request.headers)


def seen_evidence(request: HuiyinRequest, uuid: UUID) -> Evidence:
    """The evidence of this id, if the caller sees its complaint; 404 otherwise."""
    visible = Complaint.objects.visible_to(request.user)
    found = Evidence.objects.select_related("complaint").filter(complaint__in=visible)
    return get_object_or_404(found, uuid=uuid)


def served(evidence: Evidence, *, asked: Mapping[str, str] | None = None) -> FileResponse:
    """As an attachment, with the type we found, in a sandbox: it can do nothing here (V09).

    `asked`: the headers of a request that may want a part of it (a player that jumps).
    """
    file = (Path(settings.EVIDENCE_DIR) / evidence.path).open("rb")
    etag = f'"{evidence.sha256}"'
    part = _part(asked, etag, evidence.size) if asked is not None else None
    if part is not None and part.first >= evidence.size:
        file.close()
        response = FileResponse(io.BytesIO(b""), status=416, content_type=evidence.media_type)
        response["Content-Range"] = f"bytes */{evidence.size}"
    else:
        response = FileResponse(
            file if part is None else _Slice(file, part),
            status=200 if part is None else 206,
            as_attachment=True,
            filename=evidence.name,
            content_type=evidence.media_type,
        )
    if part is not None and response.status_code == 206:
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{evidence.size}"
        response["Content-Length"] = str(part.last - part.first + 1)
    if asked is not None:
        response["Accept-Ranges"] = "bytes"
        response["ETag"] = etag
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True)
class Part:
    first: int
    last: int  # both are sent


RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def _part(asked: Mapping[str, str], etag: str, size: int) -> Part | None:
    """One range (RFC 9110 §14); several, or of another version of the file, get the whole."""
    found = RANGE.fullmatch(asked.get("Range", "").strip())
    if found is None or asked.get("If-Range", etag) != etag or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        return Part(max(0, size - int(last)), size - 1) if int(last) else Part(size, size)
    if last and int(last) < int(first):
        return None
    return Part(int(first), min(int(last), size - 1) if last else size - 1)


class _Slice(io.RawIOBase):
    """A part of a file, read as if there were no more of it."""

    def __init__(self, file: IO[bytes], part: Part) -> None:
        file.seek(part.first)
        self.file, self.left = file, part.last - part.first + 1

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        data = self.file.read(min(len(into), self.left))
        into[: len(data)] = data
        self.left -= len(data)
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()
