"""The words of the webhooks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CallState(TextChoices):
    WAITING = "waiting", _("待送达")
    ACCEPTED = "accepted", _("对方已受理")
    DONE = "done", _("对方已办成")
    FAILED = "failed", _("对方没有办成")
    REFUSED = "refused", _("对方拒收")
    LOST = "lost", _("多次未送达，结果不明")
    MISMATCH = "mismatch", _("对账不符")
    CANCELLED = "cancelled", _("已取消，没有发出")


class Said(TextChoices):
    """What an outside system answers of a call."""

    ACCEPTED = "accepted", _("已受理")
    DONE = "done", _("已办成")
    FAILED = "failed", _("没有办成")
