"""The words of triage."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    """Who read: the rules, or a person."""

    RULE = "rule", _("系统建议")
    HUMAN = "human", _("人工判断")


class Risk(TextChoices):
    """A real fact or a real intent in this complaint (domain/conventions)."""

    SAFETY = "safety", _("人身安全")
    SELF_HARM = "self_harm", _("自伤风险")
    FRAUD = "fraud", _("欺诈盗刷")
    LEAK = "leak", _("信息泄露")
    HEAVY_LOSS = "heavy_loss", _("重大损失")
    LEGAL = "legal_against_us", _("法律行动")
    REGULATOR = "regulator", _("监管投诉")
    MEDIA = "media", _("媒体曝光")
    VULNERABLE = "vulnerable", _("特殊群体")
    GROUP = "group_event", _("群体事件")


# Threats by us or by those who act for us: a finding about conduct, not a risk group.
CONDUCT = "conduct"
CONDUCT_LABEL = _("我方言行")


class Emotion(TextChoices):
    ANGRY = "angry", _("愤怒")
    DISAPPOINTED = "disappointed", _("失望")
    ANXIOUS = "anxious", _("焦虑")
    DESPERATE = "desperate", _("绝望")
    CALM = "calm", _("平静")


class Urgency(TextChoices):
    NOW = "now", _("立即")
    SOON = "soon", _("尽快")
    NORMAL = "normal", _("常规")


class Scope(TextChoices):
    SINGLE = "single", _("单个客户")
    SEVERAL = "several", _("数个客户")
    GROUP = "group", _("一群客户")
    PUBLIC = "public", _("社会公众")


class Nature(TextChoices):
    """NAT of the facets: which kind of grievance it is."""

    RIGHTS = "NAT.1", _("权益侵害型")
    SERVICE = "NAT.2", _("服务体验型")
    CONTRACT = "NAT.3", _("合同纠纷型")
    SAFETY = "NAT.4", _("安全隐私型")


class Part(TextChoices):
    """The parts of the severity score (domain §4.2), the least severity, and the bands."""

    IMPACT = "impact", _("影响")
    EMOTION = "emotion", _("情绪")
    SPREAD = "spread", _("扩散")
    RECURRENCE = "recurrence", _("重复")
    CAP = "cap", _("封顶")
    FLOOR = "floor", _("底线")
    BAND = "band", _("分档")


class RejectReason(TextChoices):
    """Why a complaint is not taken up (不予受理)."""

    NOT_OURS = "not_ours", _("不属于本企业的商品或服务")
    IN_COURT = "in_court", _("法院或仲裁机构已受理或已有裁决")
    SETTLED = "settled", _("同一事项已经处理完毕，没有新的事实")
    NO_FACTS = "no_facts", _("没有可以核实的事实，补充后仍不明确")
    NOT_CONCERNED = "not_concerned", _("投诉人与事项无关且没有委托")
    OUT_OF_TIME = "out_of_time", _("超过法定或约定的期限")
