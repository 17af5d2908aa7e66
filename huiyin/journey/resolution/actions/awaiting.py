"""What waits for somebody's decision."""

from __future__ import annotations

from django.db.models import QuerySet

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.people import roles_of
from huiyin.journey.resolution.words import OfferState


def waiting_for(user: User) -> QuerySet[Offer]:
    """Offers that wait for this person's decision or signature, the oldest first.

    By role alone, his own or of whom he stands in for: whether the sum fits the limits is asked
    when he decides (`cannot_decide`).
    """
    seen = Complaint.objects.visible_to(user)
    called = seen.filter(status=Status.PAP, waits_for__overlap=roles_of(user))
    found = Offer.objects.filter(
        state=OfferState.WAITING, decided_at=None, complaint__in=called.values("pk")
    )
    others = found.exclude(by=user).exclude(signatures__by=user)
    return others.select_related("complaint", "remedy", "by").order_by("at", "pk")
