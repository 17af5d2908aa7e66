"""The words of text messages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Direction(TextChoices):
    IN = "in", _("收到")
    OUT = "out", _("发出")


class RuleKind(TextChoices):
    """What the house has settled about text messages."""

    STOP = "stop", _("退订用语")
    START = "start", _("恢复用语")
    QUIET = "quiet", _("自动短信的静默时段")
    HOURLY = "hourly", _("每个号码每小时最多几条")
    DAILY = "daily", _("每个号码每天最多几条")
    WINDOW = "window", _("回信并入原投诉的小时数")
    PARTS = "parts", _("一次最多分成几条")
