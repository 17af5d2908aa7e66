"""The words of the clocks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClockKind(TextChoices):
    SIGN_IN = "sign_in", _("签收")
    FIRST_RESPONSE = "first_response", _("首次响应")
    RESOLUTION = "resolution", _("解决")
    FEEDBACK = "feedback", _("反馈")
    VISIT = "visit", _("回访")
    UPDATE = "update", _("进展告知")
    INTERIM = "interim", _("临时措施")
    # Of later stages, by their subject: one for each task, one for each supervision.
    TASK_SIGN_IN = "task_sign_in", _("部门签收")
    TASK = "task", _("部门答复")
    SUPERVISION = "supervision", _("督办")


class PolicyStatus(TextChoices):
    IN_FORCE = "in_force", _("执行中")
    UNVERIFIED = "unverified", _("待核实")
    REPEALED = "repealed", _("已废止")


class PauseRule(TextChoices):
    """What a pause does to a limit in days."""

    ANEW = "anew", _("余下天数从恢复次日重新起算")
    SHIFT = "shift", _("按停表总时长整体顺延（不足一天算一天）")
