"""Writing on the complaint page, and files under the complaint's own protection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.words import Kind, PrivacyLevel, Source


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
        message = actions.reply(
            complaint, by=request.user, text=text, channel=channel, waived=waived
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
    said = {
        Kind.OUTBOUND: _("已回复客户"),
        Kind.INBOUND: _("已记录客户的话"),
        Kind.NOTE: _("已写入内部备注"),
    }
    return changed(said[Kind(message.kind)], also={"message-written": message.kind})


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
    return served(found)


def seen_evidence(request: HuiyinRequest, uuid: UUID) -> Evidence:
    """The evidence of this id, if the caller sees its complaint; 404 otherwise."""
    visible = Complaint.objects.visible_to(request.user)
    found = Evidence.objects.select_related("complaint").filter(complaint__in=visible)
    return get_object_or_404(found, uuid=uuid)


def served(evidence: Evidence) -> FileResponse:
    """As an attachment, with the type we found, in a sandbox: it can do nothing here (V09)."""
    response = FileResponse(
        (Path(settings.EVIDENCE_DIR) / evidence.path).open("rb"),
        as_attachment=True,
        filename=evidence.name,
        content_type=evidence.media_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
