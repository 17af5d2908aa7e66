"""{% keep row … %}: rows of lists are drawn once for everybody who looks within the minute.

A queue is asked for again by everybody at each change, and nearly all of its rows are as they were.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.translation import get_language

from huiyin.ground import moment
from huiyin.journey.complaint.models import Complaint

register = template.Library()

MOST_KEPT = 4000  # rows, some 2 kB each
_kept: OrderedDict[tuple[Any, ...], str] = OrderedDict()


class Keep(template.Node):
    """Draws its inside, or gives what it drew for the very same row before."""

    def __init__(self, row: FilterExpression, also: list[FilterExpression], inside: NodeList):
        self.row = row
        self.also = also
        self.nodelist = inside

    def render(self, context: template.Context) -> str:
        key = (*_shown(self.row.resolve(context)), *(repr(v.resolve(context)) for v in self.also))
        drawn = _kept.get(key)
        if drawn is None:
            drawn = _kept[key] = self.nodelist.render(context)
            if len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return drawn


def _shown(row: Complaint) -> tuple[Any, ...]:
    """Everything a row can show: its own fields and names beside it, the language, the minute."""
    fields = [
        tuple(value) if isinstance(value, list) else value
        for name, value in row.__dict__.items()
        if name != "_state"
    ]
    now = moment.now()
    customer, assignee, team = row.customer, row.assignee, row.team
    people = (customer.name, customer.level, assignee and assignee.name, team and team.name)
    owner = row._state.fields_cache.get("owner")  # only where the list shows it
    return (
        *fields,
        *people,
        owner and owner.name,
        get_language(),
        now.date(),
        now.hour,
        now.minute,
    )


@register.filter
def among(value: Any, many: Container[Any]) -> bool:
    return value in many


@register.tag
def keep(parser: Parser, token: Token) -> Keep:
    """{% keep row also … %}…{% endkeep %}: `also` is what else the inside depends on."""
    _name, row, *also = token.split_contents()
    inside = parser.parse(("endkeep",))
    parser.delete_first_token()
    return Keep(parser.compile_filter(row), [parser.compile_filter(one) for one in also], inside)
