"""{% load masks %}: what of a person is shown by default."""

from __future__ import annotations

from django import template

from huiyin.ground.customers.models import ContactPoint
from huiyin.ground.privacy import rules

register = template.Library()

register.filter("masked_name", rules.masked_name)
register.filter("masked_mail", rules.masked_email)
register.filter("masked_phone", rules.masked_phone)


@register.filter
def masked_point(point: ContactPoint) -> str:
    return rules.masked(point.kind, point.value)
