"""The words of the console."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Group(TextChoices):
    """The drawers of the console's front page, in order."""

    PEOPLE = "people", _("人员与团队")
    SORTING = "sorting", _("分类与分级")
    TIME = "time", _("时限与派单")
    SOLVING = "solving", _("方案与话术")
    RECORDS = "records", _("记录与系统")


class Did(TextChoices):
    """What somebody did to a setting."""

    CREATED = "created", _("新增")
    CHANGED = "changed", _("修改")
    RETIRED = "retired", pgettext_lazy("state", "停用")
    RESTORED = "restored", _("恢复")
    REMOVED = "removed", _("移除")
    RESET = "reset", _("重置密码")
    ISSUED = "issued", _("签发")
    REVOKED = "revoked", _("吊销")
    RETRIED = "retried", _("重发")
    CANCELLED = "cancelled", _("取消发送")
    IMPORTED = "imported", _("导入")
    TRIED = "tried", _("发送测试")
