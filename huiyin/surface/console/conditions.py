"""What the conditions of a custom field can ask: the complaint's first facts, and other fields."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from huiyin.ground.conditions.rules import Attribute
from huiyin.ground.conditions.words import Kind
from huiyin.journey.complaint.words import Channel
from huiyin.journey.intake.models import Field
from huiyin.journey.intake.words import FieldType
from huiyin.journey.routing.conditions import KINDS, category_choices

FACTS = (
    Attribute("category", _("类别"), Kind.CATEGORY, category_choices),
    Attribute("channel", _("渠道"), Kind.CHOICE, lambda: Channel.choices),
    Attribute("order_no", _("订单号"), Kind.LINE),
    Attribute("wanted", _("诉求"), Kind.LINE),
)


def at_the_door() -> Iterable[Attribute]:
    """Known while somebody registers: nothing yet of who will handle it."""
    return [*FACTS, *(_of(field) for field in Field.objects.live())]


def _of(field: Field) -> Attribute:
    spec = field.spec
    unit = _("分") if field.type == FieldType.MONEY else ""  # answers are kept in fen
    return Attribute(
        field.key, spec.label, KINDS[FieldType(field.type)], lambda: spec.options, unit
    )
