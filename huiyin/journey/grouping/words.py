"""The words of grouping."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BondKind(TextChoices):
    """How two complaints belong together."""

    LINK = "link", _("关联")
    MERGE = "merge", _("合并")
    SPLIT = "split", _("拆分")


class LinkNature(TextChoices):
    """Why two complaints are linked. Of CAUSE the second is what the first came from."""

    DUPLICATE = "duplicate", _("重复")
    RELATED = "related", _("相关")
    SAME_CUSTOMER = "same_customer", _("同一客户")
    CAUSE = "cause", _("因果")


class SplitReason(TextChoices):
    """Why one complaint should be several (domain §7.6)."""

    MIXED = "mixed", _("投诉和举报混在一起")
    RESPONDENTS = "respondents", _("有几个被投诉对象")
    MATTERS = "matters", _("分点说了几件事")


class IncidentState(TextChoices):
    OPEN = "open", _("处理中")
    ENDED = "ended", _("已结束")


class EntryKind(TextChoices):
    """What a line of an incident's progress is."""

    NOTE = "note", _("内部进展")
    PROGRESS = "progress", _("对外进展")
    FINDING = "finding", _("联合结论")
    CHANGE = "change", _("变更")


class CopyState(TextChoices):
    """Where one copy of a joint notice stands."""

    WAITING = "waiting", _("待发送")
    TOLD = "told", _("已告知")
    REFUSED = "refused", _("没有发出")


class Side(TextChoices):
    """Which end of a bond a line of the story is told from."""

    MEMBER = "member", _("成员件")
    MASTER = "master", _("主件")
    ITEM = "item", _("拆出的事项")
    WHOLE = "whole", _("原件")
    FIRST = "first", _("关联的一方")
    SECOND = "second", _("关联的另一方")
