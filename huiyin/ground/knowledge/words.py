"""The words of knowledge."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    """What kind of text it is: who may approve it, and how its source is written, hang on it."""

    POLICY = "policy", _("政策条款")
    LAW = "law", _("法律法规")
    SCRIPT = "script", _("话术")
    ARTICLE = "article", _("知识文章")


class State(TextChoices):
    """Where a version stands on its way."""

    DRAFT = "draft", _("草稿")
    REVIEW = "review", _("待审核")
    PUBLISHED = "published", _("已发布")
    EXPIRED = "expired", _("已失效")


class Audience(TextChoices):
    """Who reads it."""

    CUSTOMER = "customer", _("客户可见")
    AGENT = "agent", _("内部")
    RESTRICTED = "restricted", _("受限")


class Checked(TextChoices):
    """How sure its source is."""

    HOUSE = "house", _("本企业规定")
    PROPOSED = "proposed", _("产品初始建议，待本企业确认")
    TEXT = "text", _("已对照法律原文")
    SECOND = "second", _("据公开二手资料，引用前请核对原文")
    OPEN = "open", _("未核对，引用前请查原文")


SURE = (Checked.HOUSE, Checked.TEXT)


class Step(TextChoices):
    """The steps of a talk and of a solution, as four training texts name them."""

    LISTEN = "listen", _("倾听")
    RESTATE = "restate", _("复述")
    APOLOGISE = "apologise", _("致歉")
    THANK = "thank", _("感谢")
    VERIFY = "verify", _("核实")
    SOLVE = "solve", _("方案")
    LIMIT = "limit", _("时效")
    FEED_BACK = "feed_back", _("反馈")
    VISIT = "visit", _("回访")


class Turn(TextChoices):
    """What happened to an article: the lines of its history."""

    BEGUN = "begun", _("新建草稿")
    REVISED = "revised", _("开始修订")
    SUBMITTED = "submitted", _("提交审核")
    TAKEN_BACK = "taken_back", _("撤回审核")
    SENT_BACK = "sent_back", _("退回修改")
    APPROVED = "approved", _("审核通过")
    IN_FORCE = "in_force", _("开始生效")
    SUPERSEDED = "superseded", _("被新版本替代")
    EXPIRED = "expired", _("到期失效")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "停用")
    DISCARDED = "discarded", _("丢弃草稿")
    CONFIRMED = "confirmed", _("复审确认仍然有效")
    OWNED = "owned", _("更换负责人")
    IMPORTED = "imported", _("导入草稿")
    LOADED = "loaded", _("随产品装入")


class Place(TextChoices):
    """Where somebody searched."""

    LIST = "list", _("知识库")
    QUOTE = "quote", _("投诉页引用")
    HELP = "help", _("客户帮助页")
    API = "api", _("接口")
