"""The words of the execution."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Doer(TextChoices):
    """Who carries a step out."""

    HANDLER = "handler", _("处理人")
    FINANCE = "finance", _("财务")
    DEPARTMENT = "department", _("部门")
    SYSTEM = "system", _("外部系统")


class StepState(TextChoices):
    PLANNED = "planned", _("未开始")
    OPEN = "open", _("办理中")
    ACCEPTED = "accepted", _("对方已受理")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未办成")
    MISMATCH = "mismatch", _("对账不符")
    RECALLED = "recalled", _("已撤回，待确认")
    CANCELLED = "cancelled", _("已取消")
