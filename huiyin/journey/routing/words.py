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
