"""What pages of a complaint share."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse

from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint.models import Complaint


def acted(request: HuiyinRequest, complaint: Complaint, sentence: str) -> HttpResponse:
    """An act went well. Who no longer sees the complaint (it waited for him only) goes home."""
    if Complaint.objects.visible_to(request.user).filter(pk=complaint.pk).exists():
        return changed(sentence)
    messages.success(request, sentence)
    return HttpResponse(status=204, headers={"HX-Redirect": settings.LOGIN_REDIRECT_URL})
