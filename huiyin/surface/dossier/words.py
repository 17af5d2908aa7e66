"""The words of the dossier."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Paper(TextChoices):
    CASE = "case", _("卷宗")
    FOLLOW_UP = "follow_up", _("跟进表")
    TEXT = "text", _("卷宗（纯文本）")


class State(TextChoices):
    """Where a printing stands."""

    WAITING = "waiting", _("排队中")
    WORKING = "working", _("正在生成")
    READY = "ready", _("可以下载")
    FAILED = "failed", _("没有生成")
    GONE = "gone", _("已清除")
    SHOWN = "shown", _("页面打印")
