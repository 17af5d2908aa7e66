"""Taking a list out: permitted, counted, with a reason that stays."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.privacy.actions import record_export
from huiyin.ground.privacy.models import Export
from huiyin.ground.refusal import Invalid
from huiyin.surface.exchange.permissions import can_export
from huiyin.surface.exchange.words import FileKind
from huiyin.surface.workbench.lists import Filters

MOST_EXPORTED = 10_000


@transaction.atomic
def begin_export(filters: Filters, *, by: User, kind: str, reason: str) -> Export:
    """Record that `by` takes these rows out, and why; the file may then be fetched for a while."""
    can_export.require(by, None)
    if kind not in FileKind.values:
        raise Invalid(_("请选择 CSV 或 Excel"))
    count = filters.pick(by, moment.now())[: MOST_EXPORTED + 1].count()
    if count > MOST_EXPORTED:
        raise Invalid(
            _("符合条件的投诉超过 %(most)d 条，请先用筛选缩小范围，再分几次导出")
            % {"most": MOST_EXPORTED}
        )
    if not count:
        raise Invalid(_("没有符合条件的投诉可以导出"))
    asked = filters.query()
    return record_export(by=by, reason=reason, kind=kind, asked=asked, rows=count)
