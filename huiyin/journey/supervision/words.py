"""The words of supervision."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """How hard it is watched (济南条例 28, 潍坊条例 26); carried on the spine by its value."""

    ORDINARY = "ordinary", _("普通督办")
    POSTED = "posted", _("挂牌督办")
    SUMMONS = "summons", _("约谈督办")


class Trigger(TextChoices):
    """What began it."""

    HAND = "hand", _("人工提出")
    OVERDUE = "overdue", _("解决时限超时")
    TASK_LATE = "task_late", _("协办部门超时")
    REPEATS = "repeats", _("多次来诉或催办")
    MASS = "mass", _("群体事件")
    MISHANDLED = "mishandled", _("办理不当重办")
    REGULATOR = "regulator", _("监管转办或来文")
    UNHEEDED = "unheeded", _("督办逾期未报措施")


class Whom(TextChoices):
    """Who is to file measures."""

    HANDLER = "handler", _("处理人")
    HEAD = "head", _("部门负责人")


class Stage(TextChoices):
    """Where a supervision stands."""

    DUE = "due", _("待报措施")
    FILED = "filed", _("措施待审")
    ACCEPTED = "accepted", _("措施已采纳")
    LIFTED = "lifted", _("已解除")


class Verdict(TextChoices):
    """What became of measures that were filed."""

    WAITING = "waiting", _("待审")
    ACCEPTED = "accepted", _("已采纳")
    REFUSED = "refused", _("退回重报")


class Ending(TextChoices):
    """Why a supervision was lifted."""

    DONE = "done", _("措施已落实")
    MISTAKEN = "mistaken", _("督办不当，撤销")
