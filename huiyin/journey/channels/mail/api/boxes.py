"""Whether a mailbox works, for programs. They are set up in `surface/console/api`."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail.actions.trying import tried
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.permissions import can_try_channels

router = Router()


class TriedOut(Schema):
    receiving: str | None = Field(description="empty is well; null: there is no such server")
    sending: str | None


@router.post("/mailboxes/{box}/test", response=TriedOut, summary="Try a mailbox")
def test_box(request: HuiyinRequest, box: int) -> Any:
    """Connect to its servers and sign in; what is wrong, in a sentence."""
    can_try_channels.require(request.user, None)
    return tried(get_object_or_404(Mailbox, pk=box), by=request.user)
