"""The words of calls."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Told(TextChoices):
    """What the telephone system tells (docs/phone.md)."""

    RINGING = "ringing", _("振铃")
    ANSWERED = "answered", _("接听")
    HOLD = "hold", _("保持")
    RESUME = "resume", _("恢复通话")
    TRANSFER = "transfer", _("转接")
    HANGUP = "hangup", _("挂断")
    RECORDING = "recording_ready", _("录音就绪")


class Direction(TextChoices):
    INBOUND = "in", _("呼入")
    OUTBOUND = "out", _("呼出")


class CallState(TextChoices):
    RINGING = "ringing", _("振铃中")
    TALKING = "talking", _("通话中")
    HELD = "held", _("保持中")
    ENDED = "ended", _("已结束")
    MISSED = "missed", _("未接听")


class HungUpBy(TextChoices):
    CUSTOMER = "customer", _("客户挂断")
    AGENT = "agent", _("坐席挂断")
    NETWORK = "network", _("线路中断")
    UNKNOWN = "unknown", _("不明")


DROPPED_BY = (HungUpBy.NETWORK, HungUpBy.UNKNOWN)
LIVE = (CallState.RINGING, CallState.TALKING, CallState.HELD)
OVER = (CallState.ENDED, CallState.MISSED)


class Did(TextChoices):
    """What somebody did during a call; only ever added."""

    NOTICE = "notice", _("已告知录音")
    CHECKED = "checked", _("向客户确认仍在等候")
    CALL_BACK = "call_back", _("约定回电")
    HELP = "help", _("请求主管支援")
    CAME = "came", _("主管已响应")
    WARNED = "warned", _("辱骂处置")
    ENDED = "ended", _("因辱骂结束通话")
    LINKED = "linked", _("关联投诉")
    CLOSED = "closed", _("登记挂断")
    DIALLED = "dialled", _("点击呼叫")
    DUE = "due", _("到了约定的回电时间")
    LATE = "late", _("约定的回电已超时")


class Figure(TextChoices):
    """The limits that can be set; their seconds are rows."""

    HOLD_PROMPT = "hold_prompt", _("保持多久后提示向客户确认")
    HOLD_AGAIN = "hold_again", _("之后每隔多久再提示")
    HOLD_OFFER = "hold_offer", _("保持多久后提出回电")
    DROPPED = "dropped", _("掉线后多久内回拨")
    PAUSE = "pause", _("辱骂通话后建议暂停接听")
    RING = "ring", _("没有后续消息，振铃多久后视为已结束")
    STALE = "stale", _("没有挂断消息，多久后视为已结束")
    WRAP_UP = "wrap_up", _("挂断后多久自动保存通话记录")


class Allows(TextChoices):
    """What a step of the ladder allows."""

    CALM = "calm", _("缓和")
    WARN = "warn", _("警告")
    END = "end", _("结束通话")


class Fetch(TextChoices):
    WAITING = "waiting", _("待取回")
    KEPT = "kept", _("已取回，通话尚未关联投诉")
    ATTACHED = "attached", _("已作为证据")
    FAILED = "failed", _("取回失败")
