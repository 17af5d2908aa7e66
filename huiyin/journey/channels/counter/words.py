"""The words of the counter."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WalkinState(TextChoices):
    """How far a visit at the counter is."""

    DRAFT = "draft", _("登记中")
    SHOWN = "shown", _("客户核对中")
    DONE = "done", _("已登记")
    DROPPED = "dropped", _("已放弃")


class Signed(TextChoices):
    """By what the customer said that it is right."""

    DRAWN = "drawn", _("屏幕签名")
    TYPED = "typed", _("键入姓名确认")
