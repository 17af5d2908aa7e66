"""The words of cooperation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    """Where a task stands; `lifecycle.py` says how it goes on."""

    SENT = "sent", _("待签收")
    SIGNED = "signed", _("办理中")
    ANSWERED = "answered", _("已答复待确认")
    RETURNED = "returned", _("已退回待处理")
    DISPUTED = "disputed", _("争议待裁定")
    DONE = "done", _("已办结")
    CANCELLED = "cancelled", _("已撤销")


class Part(TextChoices):
    """Who answers for the whole, and who for a piece of it (济南条例 29)."""

    LEAD = "lead", _("主办")
    CO = "co", _("协办")


class Shows(TextChoices):
    """What of the complaint the asked may read. The customer is masked in all of it."""

    QUESTION = "question", _("只看问题")
    MASKED = "masked", _("问题和遮盖后的投诉内容")
    FILES = "files", _("问题、遮盖后的投诉内容和所选文件")


class End(TextChoices):
    """How a department's time with a task came to an end."""

    DONE = "done", _("办结")
    RETURNED = "returned", pgettext_lazy("state", "退回")
    FORWARDED = "forwarded", _("转出")
    RULED = "ruled", _("裁定给别人")
    CANCELLED = "cancelled", _("撤销")


class Verdict(TextChoices):
    """What whoever asked says of an answer."""

    ACCEPTED = "accepted", pgettext_lazy("state", "采纳")
    REDO = "redo", _("退回重办")


class Beside(TextChoices):
    """What a template reminds of beside the task: an act of another stage."""

    NOTHING = "", _("无")
    BAR = "bar", _("让被投诉人回避")
    HOLD = "hold", _("保全证据")
    RESTRICT = "restrict", _("限制查看")
