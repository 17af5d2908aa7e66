"""The words of surveys."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ask(TextChoices):
    """What kind of question it is."""

    CSAT = "csat", _("满意度 1–5")
    NPS = "nps", _("推荐意愿 0–10")
    CES = "ces", _("省力程度 1–7")
    ONE = "one", _("单选")
    SEVERAL = "several", _("多选")
    YES = "yes", _("是或否")
    LINE = "line", _("短文本")
    TEXT = "text", _("长文本")
    MATRIX = "matrix", _("评分矩阵")


class Look(TextChoices):
    """How a satisfaction from 1 to 5 is drawn."""

    FACES = "faces", _("表情")
    STARS = "stars", _("星级")


class After(TextChoices):
    """After which event a rule sends; the values are those of the events."""

    CLOSED = "closed", _("结案")
    FED_BACK = "fed_back", _("反馈结果")
    VISITED = "visited", _("回访")


class Way(TextChoices):
    """How the link reaches the customer."""

    MAIL = "mail", _("单独发给客户")
    LETTER = "letter", _("附在结案信里")
    LINK = "link", _("只生成链接")


class State(TextChoices):
    PLANNED = "planned", _("待发送")
    SENT = "sent", _("已发送")
    ANSWERED = "answered", _("已填写")
    SKIPPED = "skipped", _("未发送")


class Skip(TextChoices):
    """Why one that was due was not sent."""

    OPTED_OUT = "opted_out", _("客户不愿收到调查")
    RESTRICTED = "restricted", _("投诉限制查看")
    SENSITIVE = "sensitive", _("涉及人身安全")
    LATELY = "lately", _("30 天内已向这位客户发过调查")
    NOT_ENDED = "not_ended", _("投诉又在办理，还没有结果")
    OFF = "off", _("问卷没有已发布的版本或已停用")


class Metric(TextChoices):
    """What is counted of all answers (domain §5.1, K22–K24)."""

    CSAT = "csat", _("满意度 CSAT")
    NPS = "nps", _("净推荐值 NPS")
    CES = "ces", _("客户费力度 CES")


class Via(TextChoices):
    """Through whom a customer said that he wants no surveys."""

    SELF = "self", _("客户自己")
    STAFF = "staff", _("工作人员登记")
