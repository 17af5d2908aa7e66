"""Rules of sending, as programs write them; the console writes the same rows."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from huiyin.ground.conditions import rules as conditions
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.journey.routing.conditions import attributes
from huiyin.journey.survey.models import SendRule
from huiyin.journey.survey.permissions import can_rule


@transaction.atomic
def save_rule(rule: SendRule, *, by: User, **fields: Any) -> SendRule:
    """Make a rule or change one. Raises Invalid with the fields at fault."""
    can_rule.require(by, rule)
    if fields.get("condition"):
        fields["condition"] = _checked(fields["condition"])
    for name, value in fields.items():
        setattr(rule, name, value)
    try:
        rule.full_clean()
    except ValidationError as wrong:
        faults = {name: " ".join(texts) for name, texts in wrong.message_dict.items()}
        raise Invalid(next(iter(faults.values())), **faults) from wrong
    rule.save()
    return rule


def _checked(condition: Any) -> dict[str, Any]:
    try:
        return conditions.checked(condition, attributes())
    except ValueError as wrong:
        raise Invalid(str(wrong), condition=str(wrong)) from wrong
