"""The words of routing."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class How(TextChoices):
    """How somebody came to have a complaint."""

    ROUTE = "route", _("自动派单")
    GREEN = "green", _("绿色通道")
    DISPATCH = "dispatch", _("人工派单")
    TAKE = "take", _("主动领取")
    HAND_OVER = "hand_over", _("转派")
    PULL_BACK = "pull_back", _("收回")
    RELIEF = "relief", _("整体移交")


class Whom(TextChoices):
    """Whom we wait for."""

    CUSTOMER = "customer", _("等客户补充")
    TESTING = "testing", _("等检测鉴定结果")
    THIRD = "third", _("等第三方答复")


class Post(TextChoices):
    """Who can be on duty (值班): each post is held by a person at any moment."""

    LEAD = "lead", _("组长")
    SUPERVISOR = "supervisor", _("值班主管")
    MANAGER = "manager", _("经理")
    LEGAL = "legal", _("法务")
    PUBLIC_RELATIONS = "pr", _("公关")
    FINANCE = "finance", _("财务")
    SUPERVISION = "supervision", _("督办员")


# Who is called when nobody holds a post: upwards, never down.
ABOVE = {
    Post.LEAD: Post.SUPERVISOR,
    Post.SUPERVISOR: Post.MANAGER,
    Post.LEGAL: Post.MANAGER,
    Post.PUBLIC_RELATIONS: Post.MANAGER,
    Post.FINANCE: Post.MANAGER,
    Post.SUPERVISION: Post.MANAGER,
}
OF_A_TEAM = (Post.LEAD, Post.SUPERVISOR)


class SkillKind(TextChoices):
    LANGUAGE = "language", _("语言")
    CHANNEL = "channel", _("渠道")
    MATTER = "matter", _("业务")


class Why(TextChoices):
    """Why a person was chosen; the sentences stand in why.py."""

    RULE = "rule", _("派单规则")
    ROUTE = "route", _("类别路由")
    UNSURE = "unsure", _("类别待确认")
    NAMED = "named", _("规则指定")
    DEPUTY = "deputy", _("代理")
    SKILLED = "skilled", _("技能相符")
    UNSKILLED = "unskilled", _("技能不足")
    SPARED = "spared", _("情绪轮换")
    ROTATED = "rotated", _("急件轮换")
    LEAST = "least", _("负荷最小")
    ONLY = "only", _("唯一在岗")
    ON_DUTY = "on_duty", _("值班")


class RingEnd(TextChoices):
    """How a call for an S1 ended."""

    ACCEPTED = "accepted", _("有人接办")
    STOPPED = "stopped", _("不再需要")
