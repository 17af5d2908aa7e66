"""The words of promises."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PromiseKind(TextChoices):
    """What was promised; the sentence says the rest."""

    REFUND = "refund", _("退款")
    COMPENSATE = "compensate", _("赔偿补偿")
    RESHIP = "reship", _("补发")
    EXCHANGE = "exchange", _("换货")
    REPAIR = "repair", _("维修")
    SEND = "send", _("寄送")
    VISIT = "visit", _("上门")
    CALL = "call", _("回电")
    REPLY = "reply", _("答复")
    UPDATE = "update", _("告知进展")
    RESOLVE = "resolve", _("处理办结")
    OTHER = "other", _("其他承诺")


# Money of ours: authority is asked for these.
MONEY = (PromiseKind.REFUND, PromiseKind.COMPENSATE)
# What goes to the customer anew.
GOODS = (PromiseKind.RESHIP, PromiseKind.EXCHANGE)


class State(TextChoices):
    OPEN = "open", _("待兑现")
    BROKEN = "broken", _("未按时兑现")
    KEPT = "kept", _("已兑现")
    RELEASED = "released", _("已解除")


class Origin(TextChoices):
    """Where it was given."""

    OFFER = "offer", _("客户同意的方案")
    REPLY = "message", _("给客户的回复")
    CALL = "note", _("通话备注")
    CALLBACK = "callback", _("约定回电")
    HAND = "hand", _("人工登记")
    RENEWED = "promise", _("重新商定")


class Fault(TextChoices):
    """Why a sentence is not sent as it stands."""

    NO_DATE = "no_date", _("没有写明时间")
    AUTHORITY = "authority", _("超出权限")
