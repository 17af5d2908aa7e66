"""The words of customers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    NORMAL = "normal", _("普通")
    VIP = "vip", _("VIP")
    BUSINESS = "business", _("企业")


class Care(TextChoices):
    """Who needs more time or another way; set with the person's knowledge (CUS.3)."""

    SENIOR = "senior", _("老年")
    DISABLED = "disabled", _("残障")
    MINOR = "minor", _("未成年")


class ContactKind(TextChoices):
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮箱")
    WECHAT = "wechat", _("微信")
    SOCIAL = "social", _("社交账号")
    POSTAL = "postal", _("通信地址")
    OTHER = "other", _("其他")


class Preferred(TextChoices):
    """By which channel this person wants to be answered; the values are those of channels."""

    PHONE = "phone", _("电话")
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    SOCIAL = "social", _("社交账号")
    LETTER = "letter", _("信件")
    PORTAL = "portal", _("查询页")
