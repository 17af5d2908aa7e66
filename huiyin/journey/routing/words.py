"""The words of routing."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class How(TextChoices):
    """How somebody came to have a complaint."""

    ROUTE = "route", _("自动派单")
    GREEN = "green", _("绿色通道")
    DISPATCH = "dispatch", _("人工派单")
    TAKE = "take", _("主动领取")
    HAND_OVER = "hand_over", _("转派")


class Whom(TextChoices):
    """Whom we wait for."""

    CUSTOMER = "customer", _("等客户补充")
    TESTING = "testing", _("等检测鉴定结果")
    THIRD = "third", _("等第三方答复")
