"""The words of call-backs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CallbackKind(TextChoices):
    """Why somebody must be called."""

    VISIT = "visit", _("回访")
    PROMISE = "promise", _("承诺未兑现致电")
    LOW_SCORE = "low_score", _("低分回访")
    ASKED = "asked", _("客户约回电")
    TALK = "talk", _("客户希望再沟通")
    DROPPED = "dropped", _("掉线回拨")


class State(TextChoices):
    OPEN = "open", _("待拨打")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")


class Result(TextChoices):
    """What came of one try."""

    SATISFIED = "satisfied", _("满意")
    FAIR = "fair", _("一般")
    UNSATISFIED = "unsatisfied", _("不满意")
    NO_OPINION = "no_opinion", _("未作评价")
    DECLINED = "declined", _("不愿接受回访")
    TALKED = "talked", _("已沟通")
    LATER = "later", _("客户约定另时")
    NOT_REACHED = "not_reached", _("未接通")
    WRONG_NUMBER = "wrong_number", _("号码不对")


IN_VAIN = (Result.NOT_REACHED, Result.WRONG_NUMBER)
OPINIONS = (Result.SATISFIED, Result.FAIR, Result.UNSATISFIED)


class PartOfDay(TextChoices):
    MORNING = "morning", _("上午")
    NOON = "noon", _("中午")
    AFTERNOON = "afternoon", _("下午")
    EVENING = "evening", _("晚上")


class Step(TextChoices):
    """The steps of a call, in the order in which they are spoken."""

    OPEN = "open", _("开场")
    ASK = "ask", _("询问")
    HAPPY = "happy", _("满意时")
    UNHAPPY = "unhappy", _("不满意时")
    END = "end", _("结束语")
