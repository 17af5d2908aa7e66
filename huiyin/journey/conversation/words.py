"""The words of the conversation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    INBOUND = "inbound", _("客户来信")
    OUTBOUND = "outbound", _("回复客户")
    NOTE = "note", _("内部备注")


class LetterState(TextChoices):
    QUEUED = "queued", _("待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")
    HELD = "held", _("留在发件箱")
    CANCELLED = "cancelled", _("已取消")
    UNDONE = "undone", _("已撤回")


class PartState(TextChoices):
    """How far one message of a letter is that leaves as several."""

    WAITING = "waiting", _("待发送")
    BEGUN = "begun", _("正在发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("没有发出")
    UNKNOWN = "unknown", _("可能已发出")


class Reach(TextChoices):
    """What the other side told of a letter since it took it."""

    DELIVERED = "delivered", _("已送达")
    READ = "read", _("已阅读")
    MISSED = "missed", _("未送达")


class Source(TextChoices):
    """Who brought a piece of evidence."""

    CUSTOMER = "customer", _("客户")
    STAFF = "staff", _("工作人员")
    DEPARTMENT = "department", _("协办部门")
    THIRD_PARTY = "third", _("第三方")


class EvidenceKind(TextChoices):
    """What a piece of evidence is."""

    RECORDING = "recording", _("录音")
    CHAT = "chat", _("聊天记录")
    EMAIL = "email", _("邮件")
    SCREENSHOT = "screenshot", _("截图")
    PHOTO = "photo", _("照片")
    CCTV = "cctv", _("监控录像")
    CONTRACT = "contract", _("合同")
    INVOICE = "invoice", _("发票单据")
    LAB_REPORT = "lab_report", _("检测报告")
    OTHER = "other", _("其他材料")


class PrivacyLevel(TextChoices):
    """Who may open a piece of evidence among those who see its complaint."""

    ORDINARY = "ordinary", _("普通")
    PERSONAL = "personal", _("含个人信息")
    SENSITIVE = "sensitive", _("敏感")


class CustodyAct(TextChoices):
    """What happened to a piece of evidence since it came."""

    OPENED = "opened", _("打开")
    DESCRIBED = "described", _("修改说明")
    HELD = "held", _("保全")
    RELEASED = "released", _("解除保全")
    COPIED = "copied", _("复制")


class Receiver(TextChoices):
    """Who got a copy of a piece of evidence."""

    STAFF = "staff", _("工作人员")
    CUSTOMER = "customer", _("客户")
    OUTSIDE = "outside", _("外部单位")
