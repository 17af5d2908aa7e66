"""The words of letters on paper."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Media(TextChoices):
    """What a scan can be."""

    PDF = "application/pdf", _("PDF")
    JPEG = "image/jpeg", _("JPEG")
    PNG = "image/png", _("PNG")
    WEBP = "image/webp", _("WebP")
    TIFF = "image/tiff", _("TIFF")


class ScanState(TextChoices):
    """How far a scan is that was kept."""

    KEPT = "kept", _("生成预览中")
    READY = "ready", _("已生成预览")
    FAILED = "failed", _("打不开")


class PieceState(TextChoices):
    """What became of a letter that came in."""

    WAITING = "waiting", pgettext_lazy("paper", "待登记")
    REGISTERED = "registered", _("已登记")
    ATTACHED = "attached", _("并入原投诉")
    DISMISSED = "dismissed", pgettext_lazy("paper", "不处理")


class ReadState(TextChoices):
    """Whether the text of a page was read."""

    NONE = "none", _("未识别")
    QUEUED = "queued", _("等待识别")
    READ = "read", _("已识别")
    FAILED = "failed", _("识别失败")


class Found(TextChoices):
    """What is looked for in a letter."""

    NAME = "name", _("姓名")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮箱")
    ADDRESS = "address", _("通信地址")
    ORDER = "order_no", _("订单号")
    AMOUNT = "amount", _("涉及金额")
    DATED = "dated_on", _("写信日期")
    WANTED = "wanted", _("要求")
    NUMBER = "number", _("提到的投诉编号")


class Verdict(TextChoices):
    """What a person made of something found."""

    ACCEPTED = "accepted", pgettext_lazy("paper", "采用")
    EDITED = "edited", _("改过")
    REJECTED = "rejected", pgettext_lazy("paper", "不采用")


class PostState(TextChoices):
    """How far a letter of ours is."""

    TO_PRINT = "to_print", _("待打印")
    PRINTED = "printed", _("已打印，待寄出")
    POSTED = "posted", _("已寄出")
    RETURNED = "returned", _("被退回")
