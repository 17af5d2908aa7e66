"""The words of the conversation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    INBOUND = "inbound", _("客户来信")
    OUTBOUND = "outbound", _("回复客户")
    NOTE = "note", _("内部备注")


class LetterState(TextChoices):
    QUEUED = "queued", _("待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")
    HELD = "held", _("留在发件箱")
    CANCELLED = "cancelled", _("已取消")


class Source(TextChoices):
    """Who brought a piece of evidence."""

    CUSTOMER = "customer", _("客户")
    STAFF = "staff", _("工作人员")
