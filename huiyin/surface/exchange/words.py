"""The words of exchange."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Column(TextChoices):
    """What a column of a file can hold, in the order in which headers are recognised."""

    TEXT = "text", _("投诉内容")
    WANTED = "wanted", _("诉求")
    NAME = "name", _("客户称呼")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮箱")
    CHANNEL = "channel", _("渠道")
    CATEGORY = "category", _("类别")
    SEVERITY = "severity", _("级别")
    RECEIVED_AT = "received_at", _("受理时间")
    HAPPENED_ON = "happened_on", _("发生日期")
    ORDER_NO = "order_no", _("订单号")
    CONCERNING = "concerning", _("投诉对象")
    PLACE = "place", _("地点")
    AMOUNT = "amount", _("涉及金额（元）")
    EXTERNAL_ID = "external_id", _("外部编号")


class State(TextChoices):
    """Where an import stands; moves in actions/imports.py."""

    MAPPING = "mapping", _("待核对列")
    CHECKING = "checking", _("正在检查")
    CHECKED = "checked", _("已检查，待导入")
    RUNNING = "running", _("正在导入")
    HALTED = "halted", _("已暂停")
    DONE = "done", _("已完成")
    FAILED = "failed", _("无法读取")


class Outcome(TextChoices):
    """What became of one row."""

    ADDED = "added", _("新增")
    KNOWN = "known", _("此前已导入")
    BAD = "bad", _("未导入")


class FileKind(TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"
