"""The words of social media."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileState(TextChoices):
    """A file of a message, which is fetched by itself."""

    WAITING = "waiting", _("等待取回")
    KEPT = "kept", _("已取回")
    FAILED = "failed", _("没有取到")


class PostState(TextChoices):
    """What was done in public about a post."""

    NEW = "new", _("未公开回复")
    ANSWERED = "answered", _("已公开回复")
    MOVED = "moved", _("已转私下")


class SignalKind(TextChoices):
    """What makes a post a crisis."""

    REACH = "reach", _("作者粉丝数")
    WORD = "word", _("用词")
    SIMILAR = "similar", _("一小时内相似的帖子")


class Mark(TextChoices):
    """Why a person cannot be written to any more."""

    LEFT = "left", _("已取消关注")
