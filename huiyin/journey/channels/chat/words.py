"""The words of chats."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChatState(TextChoices):
    """How far a chat is."""

    WAITING = "waiting", _("排队中")
    OPEN = "open", _("会话中")
    ENDED = "ended", _("已结束")


LIVE = (ChatState.WAITING, ChatState.OPEN)


class By(TextChoices):
    """Whose line it is. A whisper is among ourselves: the visitor never gets it."""

    VISITOR = "visitor", _("访客")
    AGENT = "agent", _("客服")
    WHISPER = "whisper", _("悄悄话")
    SYSTEM = "system", _("系统")


class Ender(TextChoices):
    """Who ended it, or what."""

    AGENT = "agent", _("客服结束")
    VISITOR = "visitor", _("访客结束")
    TIME = "time", _("久未回应")
    MESSAGE = "message", _("转为留言")


class Outcome(TextChoices):
    """What a chat became."""

    COMPLAINT = "complaint", _("登记为投诉")
    EXISTING = "existing", _("归入已有投诉")
    NONE = "none", _("仅咨询，不登记")


class Ask(TextChoices):
    """What can be asked before a chat."""

    NAME = "name", _("称呼")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮箱")
    ORDER = "order", _("订单号")
    CATEGORY = "category", _("问题类别")
    TEXT = "text", _("文字")


class Position(TextChoices):
    """Where on the page the button stands."""

    RIGHT = "right", _("右下角")
    LEFT = "left", _("左下角")


class DeviceKind(TextChoices):
    """What a visitor holds in his hand."""

    PHONE = "phone", _("手机")
    TABLET = "tablet", _("平板")
    COMPUTER = "computer", _("电脑")


class App(TextChoices):
    """In whose own browser he reads the page."""

    WECHAT = "wechat", _("微信")
    WECOM = "wecom", _("企业微信")
    ALIPAY = "alipay", _("支付宝")
    DINGTALK = "dingtalk", _("钉钉")
    WEIBO = "weibo", _("微博")
    DOUYIN = "douyin", _("抖音")


class AlarmKind(TextChoices):
    """What a supervisor is told of a chat."""

    WARNED = "warned", _("首答将要超时")
    NEARLY = "nearly", _("首答马上超时")
    MISSED = "missed", _("首答已超时")
    UNANSWERED = "unanswered", _("接入后没有应答，已放回队列")
    OFFLINE = "offline", _("接待人离线，已放回队列")
    UNSUMMED = "unsummed", _("结束后很久没有小结")
    NOBODY = "nobody", _("有人排队，没有人在接待")
    DANGER = "danger", _("访客的话像 S1，还没有人应答")
