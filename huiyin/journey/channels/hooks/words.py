"""The words of hooks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ArrivalState(TextChoices):
    KEPT = "kept", _("待处理")
    TAKEN = "taken", _("已处理")
    FAILED = "failed", _("处理失败")
