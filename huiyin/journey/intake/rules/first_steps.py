"""先做这些: which handling rule speaks first (domain §4, H01 to H18). Pure."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

SAFETY_RULE, PRIVACY_RULE, MONEY_RULE = "H01", "H02", "H03"
# Whatever the category, these risks come first, in this order.
BY_RISK = (
    ("safety", SAFETY_RULE),
    ("leak", PRIVACY_RULE),
    ("fraud", MONEY_RULE),
)
FOR_A_LIFE = (
    _("停止话术，先关心人：不挂电话，请同事拨打 110 或 120"),
    _("立即叫值班主管到场"),
)


def rule_that_speaks_first(handling_rule: str, risks: Collection[str]) -> str:
    """The category's handling rule, unless a risk outranks it."""
    return next((rule for risk, rule in BY_RISK if risk in risks), handling_rule)
