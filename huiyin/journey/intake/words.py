"""The words of intake."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FieldType(TextChoices):
    """What a custom field holds; money is kept in fen, a day as 2026-11-23."""

    TEXT = "text", _("文字")
    NUMBER = "number", _("数字")
    MONEY = "money", _("金额")
    DATE = "date", _("日期")
    CHOICE = "choice", _("单选")
    MULTI_CHOICE = "multi_choice", _("多选")
    FILE = "file", _("文件")


class Via(TextChoices):
    """By which door a complaint came into the system; the channel is how it reached us. A call has
    no door of its own: whoever takes it writes it down on the registration page."""

    STAFF = "staff", _("受理登记页")
    COUNTER = "counter", _("柜台登记")
    PAPER = "paper", _("纸质来信登记")
    API = "api", _("接口")
    IMPORT = "import", _("导入")
    PORTAL = "portal", _("网页门户")
    CHAT = "chat", _("聊天窗口")
    CHAT_KNOWN = "chat_known", _("聊天窗口（网站已验证）")
    MAIL = "mail", _("收件邮箱")
    SMS = "sms", _("短信接入")
    SOCIAL = "social", _("社交媒体接入")


class ReplyBy(TextChoices):
    """How the customer wants to be answered."""

    PHONE = "phone", _("电话")
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    LETTER = "letter", _("信件")
    NONE = "none", _("不必回复，自行查询")


class Element(TextChoices):
    """What a complaint must hold to be handled at once (domain §7.7)."""

    NAME = "name", _("称呼")
    CONTACT = "contact", _("联系方式")
    OBJECT = "object", _("投诉对象")
    WHEN = "when", _("发生时间")
    WHAT = "what", _("经过")
    WANTED = "wanted", _("诉求")
    CATEGORY = "category", _("类别")
    PRIVACY = "privacy", _("隐私告知")
    RECORDING = "recording", _("录音告知")
