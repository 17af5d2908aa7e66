"""The words of the investigation (facets CAU and RSP of the taxonomy)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Cause(TextChoices):
    PRODUCT = "CAU.1", _("产品质量缺陷")
    PROMISE = "CAU.2", _("服务承诺未兑现")
    COMMUNICATION = "CAU.3", _("沟通信息不对称")
    SYSTEM = "CAU.4", _("系统技术故障")
    PEOPLE = "CAU.5", _("人员操作或技能")
    PROCESS = "CAU.6", _("流程或政策设计")
    THIRD_PARTY = "CAU.7", _("第三方或供应商")
    MANAGEMENT = "CAU.8", _("管理不当或设施")
    EXPECTATION = "CAU.9", _("客户原因或期望差距")


class Liability(TextChoices):
    MERCHANT = "RSP.1", _("商家（本企业）")
    CARRIER = "RSP.2", _("物流")
    CUSTOMER = "RSP.3", _("客户自身")
    FORCE_MAJEURE = "RSP.4", _("不可抗力")
    SUPPLIER = "RSP.5", _("平台、支付或供应商")
    OPEN = "RSP.6", _("待定")


class Party(TextChoices):
    """Who answers for a part of it: facet RSP, with supplier and platform told apart."""

    MERCHANT = "RSP.1", _("商家（本企业）")
    CARRIER = "RSP.2", _("物流")
    SUPPLIER = "RSP.5.1", _("供应商")
    PLATFORM = "RSP.5.2", _("平台或支付")
    CUSTOMER = "RSP.3", _("客户自身")
    FORCE_MAJEURE = "RSP.4", _("不可抗力")
    OPEN = "RSP.6", _("待定")


class CauseGroup(TextChoices):
    """The four groups of causes (source 000); each cause of the facet stands in one of them."""

    PRODUCT = "product", _("产品质量")
    SERVICE = "service", _("服务承诺")
    COMMUNICATION = "communication", _("沟通信息")
    SYSTEM = "system", _("系统技术")
