"""The words of guidance."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Into(TextChoices):
    """Where a passage was used."""

    REPLY = "reply", _("回复客户")
    OFFER = "offer", _("方案")
    NOTE = "note", _("内部备注")
    READ = "read", _("查阅")


class Verdict(TextChoices):
    """Whether it was of use."""

    HELPED = "helped", _("有帮助")
    NOT_HELPED = "not_helped", _("没帮助")
