"""The words of the closure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    UPHELD = "upheld", _("支持")
    PARTLY = "partly", _("部分支持")
    NOT_UPHELD = "not_upheld", _("不支持")


class VisitResult(TextChoices):
    SATISFIED = "satisfied", _("满意")
    FAIR = "fair", _("一般")
    UNSATISFIED = "unsatisfied", _("不满意")
    NO_OPINION = "no_opinion", _("未作评价")
    DECLINED = "declined", _("不愿接受回访")
    NOT_REACHED = "not_reached", _("未接通")


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", _("满意")
    FAIR = "fair", _("一般")
    UNSATISFIED = "unsatisfied", _("不满意")
    UNKNOWN = "unknown", _("未表态")


class WayKind(TextChoices):
    """Where somebody can turn whose claim we do not accept (ISO 10002 7.9)."""

    REVIEW = "review", _("内部复核")
    HOTLINE = "hotline", _("12315 消费者投诉")
    MEDIATION = "mediation", _("调解")
    ARBITRATION = "arbitration", _("仲裁")
    COURT = "court", _("诉讼")
    REGULATOR = "regulator", _("监管部门")
    OTHER = "other", _("其他")


class MediatorKind(TextChoices):
    """Who brings the two sides together."""

    HOTLINE = "hotline", _("12315 调解")
    PEOPLE = "people", _("人民调解")
    TRADE = "trade", _("行业调解")
    ASSOCIATION = "association", _("消费者协会调解")
    COURT = "court", _("法院诉前调解")
    OTHER = "other", _("其他调解")


class MediationOutcome(TextChoices):
    REACHED = "reached", _("达成协议")
    FAILED = "failed", _("调解不成")
    WITHDRAWN = "withdrawn", _("撤回或终止")


class Need(TextChoices):
    FIELD = "field", _("填写的内容")
    EVIDENCE = "evidence", _("一种证据")
    SIGN_OFF = "sign_off", _("签核")


class SignState(TextChoices):
    ASKED = "asked", _("待签核")
    SIGNED = "signed", _("已签核")
    REFUSED = "refused", _("不同意")
    VOID = "void", _("不再需要")


class CaseState(TextChoices):
    DRAFT = "draft", _("待审核")
    ACCEPTED = "accepted", _("已入库")
    REFUSED = "refused", _("未采用")
