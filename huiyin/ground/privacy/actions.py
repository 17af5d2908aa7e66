"""Looking behind the mask, with a reason that stays."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.ground.privacy.models import Reveal
from huiyin.ground.refusal import Invalid

SHORTEST_REASON = 4


@transaction.atomic
def reveal(customer: Customer, *, by: User, reason: str, complaint_number: str = "") -> Reveal:
    """Record that `by` looks at this customer's contact points unmasked, and why.

    The caller has checked that `by` sees a complaint of this customer.
    """
    reason = reason.strip()[:200]
    if len(reason) < SHORTEST_REASON:
        sentence = _("请写明查看理由，至少 4 个字，例如：回电核实情况")
        raise Invalid(sentence, reason=sentence)
    return Reveal.objects.create(
        by=by,
        customer=customer,
        what="contact",
        reason=reason,
        complaint_number=complaint_number,
        at=moment.now(),
    )
