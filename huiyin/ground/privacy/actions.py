"""Looking behind the mask, with a reason that stays."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.ground.privacy.models import Export, Reveal
from huiyin.ground.refusal import Invalid

SHORTEST_REASON = 4


@transaction.atomic
def reveal(customer: Customer, *, by: User, reason: str, complaint_number: str = "") -> Reveal:
    """Record that `by` looks at this customer's contact points unmasked, and why.

    The caller has checked that `by` sees a complaint of this customer.
    """
    reason = _checked(reason, _("请写明查看理由，至少 4 个字，例如：回电核实情况"))
    return Reveal.objects.create(
        by=by,
        customer=customer,
        what="contact",
        reason=reason,
        complaint_number=complaint_number,
        at=moment.now(),
    )


@transaction.atomic
def record_export(
    *, by: User, reason: str, kind: str, asked: Mapping[str, str], rows: int
) -> Export:
    """Record that `by` takes a list out of the house, and why, before a byte of it leaves.

    The caller has checked that `by` may, and that every row is visible to him.
    """
    reason = _checked(reason, _("请写明导出理由，至少 4 个字，例如：月度复盘会使用"))
    return Export.objects.create(
        by=by, kind=kind, asked=dict(asked), rows=rows, reason=reason, at=moment.now()
    )


def _checked(reason: str, sentence: str) -> str:
    reason = " ".join(reason.replace("\x00", "").split())[:200]
    if len(reason) < SHORTEST_REASON:
        raise Invalid(sentence, reason=sentence)
    return reason
