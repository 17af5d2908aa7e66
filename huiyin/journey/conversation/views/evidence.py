"""Files of a complaint: added, described, held, opened."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.views.serving import served
from huiyin.journey.conversation.words import PrivacyLevel, Source


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
