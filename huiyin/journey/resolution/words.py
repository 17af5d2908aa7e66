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


class Ask(TextChoices):
    """What a calculator's question is answered with."""

    MONEY = "money", _("金额")
    COUNT = "count", _("数量")
    DATE = "date", _("日期")
    CHOICE = "choice", _("选项")
    YES = "yes", _("是否")
    RATE = "rate", _("年利率")
    SHARE = "share", _("百分比")


class Mark(TextChoices):
    """How well a number of the law is known."""

    VERIFIED = "V", _("已与法律原文核对")
    SECONDARY = "S", _("来自二手资料，未经核对")
    GENERAL = "K", _("来自一般常识，未经核对")
    HOUSE = "D", _("本企业自定")


class Unit(TextChoices):
    """What a number counts."""

    FEN = "fen", _("分（金额）")
    TIMES = "times", _("倍")
    DAYS = "days", _("日")
    PERCENT = "percent", _("百分比")
    RULE = "rule", _("规则（没有数字）")


class Calculator(TextChoices):
    SEVEN_DAYS = "seven_days", _("七日无理由退货")
    PREPAID = "prepaid", _("预付卡退费")
    FRAUD = "fraud", _("退一赔三")
    FOOD = "food", _("食品十倍或三倍赔偿")
    FREIGHT = "freight", _("运费")
    PARTIAL = "partial", _("按瑕疵部分退款")
