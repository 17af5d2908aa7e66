"""The words of the resolution."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OfferState(TextChoices):
    WAITING = "waiting", _("待审批")
    DENIED = "denied", _("已驳回")
    OFFERED = "offered", _("待客户答复")
    AGREED = "agreed", _("客户已同意")
    DECLINED = "declined", _("客户不同意")
    EXECUTED = "executed", _("已执行")
    PASSED = "passed", _("未选")  # the customer took another option of the round
    CHANGED = "changed", _("已被修改")  # the approver put another in its place


class FieldType(TextChoices):
    """What a remedy's own field holds."""

    MONEY = "money", _("金额")
    TEXT = "text", _("文字")
    DATE = "date", _("日期")
    CHOICE = "choice", _("选项")
    COUNT = "count", _("数量")


class ResponseKind(TextChoices):
    """The kinds of response of ISO 10002, annex G (GB/T 19012)."""

    REFUND = "refund", _("退款")
    REPLACEMENT = "replacement", _("更换")
    REPAIR = "repair", _("维修或返工")
    SUBSTITUTE = "substitute", _("替代品")
    TECHNICAL_HELP = "technical", _("技术协助")
    INFORMATION = "information", _("提供信息")
    REFERRAL = "referral", _("转介")
    FINANCIAL_HELP = "financial", _("经济协助")
    OTHER_HELP = "help", _("其他协助")
    COMPENSATION = "compensation", _("补偿赔偿")
    APOLOGY = "apology", _("道歉")
    GOODWILL = "goodwill", _("善意礼品或凭证")
    CHANGE = "change", _("产品、流程或政策改进")


class MoneyKind(TextChoices):
    """Whose authority a remedy's money asks for (domain §6.6)."""

    GOODWILL = "goodwill", _("善意补偿、优惠券")
    REFUND = "refund", _("退款、费用")
    COMPENSATION = "compensation", _("赔偿、补偿")
    PUNITIVE = "punitive", _("三倍、十倍赔偿")
    INJURY = "injury", _("人身伤害赔偿")
