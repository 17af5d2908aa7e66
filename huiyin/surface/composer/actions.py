"""Keeping what is being written, putting it forward, and remembering how complaints ended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.resolution.permissions import can_propose
from huiyin.journey.resolution.words import OfferState
from huiyin.surface.composer import rules
from huiyin.surface.composer.models import Composing, Precedent
from huiyin.surface.composer.writing import LARGEST, Option, content_of, drafted

KEPT_FOR = timedelta(days=30)


@transaction.atomic
def keep(complaint: Complaint, *, by: User, options: Sequence[Option]) -> Composing | None:
    """Keep what is typed so far; nothing typed, nothing kept."""
    can_propose.require(by, complaint)
    mine = Composing.objects.filter(complaint=complaint, user=by)
    if not options:
        mine.delete()
        return None
    content = content_of(list(options))
    if len(json.dumps(content, ensure_ascii=False)) > LARGEST:
        raise Invalid(_("方案草稿太长，无法保存，请精简说法"))
    made, _new = Composing.objects.update_or_create(
        complaint=complaint, user=by, defaults={"content": content, "updated_at": moment.now()}
    )
    return made


def discard(complaint: Complaint, *, by: User) -> None:
    Composing.objects.filter(complaint=complaint, user=by).delete()


@transaction.atomic
def put_forward(complaint: Complaint, *, by: User, options: Sequence[Option]) -> list[Offer]:
    """Propose the round that was written; its draft has then done its work."""
    can_propose.require(by, complaint)
    if not options:
        raise Invalid(_("请先选一种补救方式，写好至少一个方案"))
    remedies = {one.code: one for one in Remedy.objects.usable()}
    language = complaint.customer.language
    drafts = [drafted(one, remedies, language) for one in options]
    offers = resolution.propose_round(complaint, by=by, drafts=drafts)
    discard(complaint, by=by)
    return offers


def sweep() -> int:
    """Forget what nobody touched for 30 days. Safe to run at any time and twice."""
    old = Composing.objects.filter(updated_at__lt=moment.now() - KEPT_FOR)
    return old.delete()[0]


def remember(event: Event) -> None:
    """A complaint was closed: how it ended is found by those that are like it."""
    complaint = event.complaint
    closing = complaint.closings.order_by("-pk").first()
    if closing is None or not complaint.category or complaint.closed_at is None:
        return
    done = complaint.offers.filter(state=OfferState.EXECUTED).order_by("-pk").first()
    first, second, third = rules.levels(complaint.category)
    Precedent.objects.update_or_create(
        complaint=complaint,
        defaults={
            "closing": closing,
            "remedy_id": closing.remedy_id,
            "amount_fen": (done.paid_fen or 0) if done else 0,
            "level1": first,
            "level2": second,
            "level3": third,
            "ended_at": closing.at,
        },
    )


def forget(event: Event) -> None:
    """It was opened again: how it ends is not known yet."""
    if event.complaint.closed_at is None:
        Precedent.objects.filter(complaint=event.complaint).delete()
