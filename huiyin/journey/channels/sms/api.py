"""Text messages for programs."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.sms.models import Text
from huiyin.journey.channels.sms.permissions import can_write_texts
from huiyin.journey.channels.sms.rules.length import Length, counted
from huiyin.journey.complaint.models import Complaint

router = Router(tags=["sms"])


class TextOut(Schema):
    id: int
    direction: str
    text: str
    parts: int
    at: datetime


class LengthOut(Schema):
    encoding: str
    units: int
    parts: int


@router.get("/complaints/{number}/texts", response=list[TextOut], summary="Text messages")
def texts_of(request: HuiyinRequest, number: str) -> list[Text]:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    return list(complaint.texts.order_by("-pk")[:200])


@router.get("/sms-length", response=LengthOut, summary="How a text is counted")
def length(request: HuiyinRequest, text: str) -> Length:
    can_write_texts.require(request.user, None)
    return counted(text[:5000])
