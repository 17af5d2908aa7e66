"""The words of the resolution."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OfferState(TextChoices):
    WAITING = "waiting", _("待审批")
    DENIED = "denied", _("已驳回")
    OFFERED = "offered", _("待客户答复")
    AGREED = "agreed", _("客户已同意")
    DECLINED = "declined", _("客户不同意")
    EXECUTED = "executed", _("已执行")
