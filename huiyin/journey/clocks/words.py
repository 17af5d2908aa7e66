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
    CALLBACK = "callback", _("回电")
    STEP = "step", _("执行")
    PROMISE = "promise", _("承诺")
    IMPROVEMENT = "improvement", _("整改")


# What a complaint itself runs by; the other kinds belong to a subject of a later stage.
OWN_KINDS = (
    ClockKind.SIGN_IN,
    ClockKind.FIRST_RESPONSE,
    ClockKind.RESOLUTION,
    ClockKind.FEEDBACK,
    ClockKind.VISIT,
    ClockKind.UPDATE,
    ClockKind.INTERIM,
)


class PolicyStatus(TextChoices):
    IN_FORCE = "in_force", _("执行中")
    UNVERIFIED = "unverified", _("待核实")
    REPEALED = "repealed", _("已废止")


class PauseRule(TextChoices):
    """What a pause does to a limit in days."""

    ANEW = "anew", _("余下天数从恢复次日重新起算")
    SHIFT = "shift", _("按停表总时长整体顺延（不足一天算一天）")


class Measure(TextChoices):
    """From where the place of a rung is measured."""

    PERCENT = "percent", _("已用时间的百分比")
    SINCE_START = "since", _("开始计时后")
    BEFORE_DUE = "before", _("到期前")
    AFTER_DUE = "after", _("到期后")


class RungKind(TextChoices):
    REMINDER = "reminder", _("提醒")
    ESCALATION = "escalation", _("逐级上报")
    NOTICE = "notice", _("正式催办通知")


class Receiver(TextChoices):
    """Whom a rung tells; posts are asked of the roster at that moment."""

    ASSIGNEE = "assignee", _("处理人")
    LEAD = "lead", _("组长")
    SUPERVISOR = "supervisor", _("值班主管")
    MANAGER = "manager", _("值班经理")
    MANAGERS = "managers", _("全体经理")
    LEGAL = "legal", _("法务")
    PUBLIC_RELATIONS = "pr", _("公关")
    SUPERVISION = "supervision", _("督办员")
    DEPT_HANDLER = "dept_handler", _("部门经办")
    DEPT_HEAD = "dept_head", _("部门负责人")


class PauseFor(TextChoices):
    """What a clock stands still for: a wait (routing's `Whom`), or a suspension."""

    CUSTOMER = "customer", _("等客户补充")
    TESTING = "testing", _("等检测鉴定结果")
    THIRD = "third", _("等第三方答复")
    SUSPENDED = "suspended", _("挂起")


class RequestState(TextChoices):
    ASKED = "asked", _("待审批")
    GRANTED = "granted", _("已同意")
    REFUSED = "refused", _("不同意")
    RENEWED = "renewed", _("已续期")
    WOKEN = "woken", _("已解挂")
    LAPSED = "lapsed", _("已失效")


class Level(TextChoices):
    """Who decides on more time (domain §7.3)."""

    LEAD = "lead", _("组长")
    MANAGER = "manager", _("经理")
    LEGAL = "legal", _("法务")


class SuspendReason(TextChoices):
    CUSTOMER_AWAY = "customer_away", _("客户暂时无法配合")
    AGREED_DATE = "agreed_date", _("与客户约定了日期")
    SUPPLY = "supply", _("等待配件或货源")
    AUTHORITY = "authority", _("等待有关机关处理")
    FORCE_MAJEURE = "force_majeure", _("不可抗力")
    OTHER = "other", _("其他")
