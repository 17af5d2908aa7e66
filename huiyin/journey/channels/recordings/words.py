"""The words of recordings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from huiyin.journey.conversation.words import CustodyAct

HEARD = (CustodyAct.OPENED, CustodyAct.COPIED)  # custody that tells who listened, and who took it


class RecordingState(TextChoices):
    QUEUED = "queued", _("等待分析")
    ANALYSED = "analysed", _("已分析")
    FAILED = "failed", _("不能分析")


class Speaker(TextChoices):
    CUSTOMER = "customer", _("客户")
    AGENT = "agent", _("坐席")
    OTHER = "other", _("说话人")


class WrittenBy(TextChoices):
    """Where a transcript comes from."""

    PERSON = "person", _("人工听写")
    MACHINE = "machine", _("机器转写")


class JobState(TextChoices):
    QUEUED = "queued", _("转写中")
    DONE = "done", _("已转写")
    FAILED = "failed", _("转写失败")
    CANCELLED = "cancelled", _("已取消")
