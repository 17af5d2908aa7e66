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
