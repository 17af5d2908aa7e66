"""The words of work time."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """How an allowance is counted (domain §3.1)."""

    HOURS = "hours", _("小时")
    WORK_HOURS = "work_hours", _("工作小时")
    DAYS = "days", _("自然日")
    WORK_DAYS = "work_days", _("工作日")


class DayKind(TextChoices):
    HOLIDAY = "holiday", _("放假")
    MAKEUP = "makeup", _("调休上班")
