"""The words of improvement."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    """Where an improvement stands."""

    PROPOSED = "proposed", _("待确认")
    WORKING = "working", _("整改中")
    DONE = "done", _("待核验")
    WATCHING = "watching", _("效果观察")
    JUDGING = "judging", _("待判定效果")
    EFFECTIVE = "effective", _("有效")
    INEFFECTIVE = "ineffective", _("无效，已再整改")
    DISMISSED = "dismissed", _("不整改")


class Trigger(TextChoices):
    """What called for it (domain §7.4)."""

    HAND = "hand", _("人工发起")
    CRITICAL = "critical", _("S1 投诉")
    CLUSTER = "cluster", _("同类聚集")
    CAUSE = "cause", _("同一成因反复")
    SUPERVISED = "supervised", _("督办")
    REGULATOR = "regulator", _("监管转办或来文")
    CLOSING = "closing", _("结案认为需要改进")
    AGAIN = "again", _("上次整改无效")


class Verdict(TextChoices):
    """What became of a report that it is done."""

    WAITING = "waiting", _("待核验")
    PASSED = "passed", _("核验通过")
    REFUSED = "refused", pgettext_lazy("state", "退回")


class Act(TextChoices):
    """A line of an improvement's own story."""

    PROPOSED = "proposed", _("按规则提出")
    JOINED = "joined", _("并入投诉")
    OPENED = "opened", _("发起整改")
    CHANGED = "changed", _("调整责任人或时限")
    STEP_DONE = "step_done", _("完成步骤")
    STEP_UNDONE = "step_undone", _("取消完成步骤")
    STEP_ADDED = "step_added", _("增加步骤")
    REPORTED = "reported", _("提交整改")
    PASSED = "passed", _("核验通过")
    REFUSED = "refused", _("核验退回")
    COUNTED = "counted", _("统计效果")
    JUDGED = "judged", _("判定效果")
    DISMISSED = "dismissed", _("决定不整改")
    LATE = "late", _("逾期")
