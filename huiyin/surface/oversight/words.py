"""The words of oversight."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Burn(TextChoices):
    """Why something asks for a supervisor now, the hottest first."""

    UNSIGNED = "unsigned", _("S1 未签收")
    LATE = "late", _("已超时")
    TASK = "task", _("部门任务超时")
    SUPERVISION = "supervision", _("督办到期")
    SOON = "soon", _("一小时内到期")
    STUCK = "stuck", _("等待过久")
