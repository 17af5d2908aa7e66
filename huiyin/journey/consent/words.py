"""The words of consent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class How(TextChoices):
    """By what the customer's yes can be proven."""

    LINK = "link", _("确认链接")
    PORTAL = "portal", _("客户在门户同意")
    RECORDING = "recording", _("录音")
    SIGNATURE = "signature", _("签字")
    SPOKEN = "spoken", _("口头")
    CHAT = "chat", _("聊天或来信")


class Choice(TextChoices):
    """What was chosen on the page of a link."""

    ACCEPTED = "accepted", _("同意")
    REFUSED = "refused", _("不同意")
