"""Finding a person by what was typed, or making a new one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from huiyin.ground.customers import rules
from huiyin.ground.customers.models import ContactPoint, Customer
from huiyin.ground.customers.words import ContactKind
from huiyin.ground.refusal import Invalid


@dataclass(frozen=True)
class Contact:
    """What somebody said about himself, as typed."""

    name: str = ""
    phone: str = ""
    email: str = ""


def points_of(contact: Contact) -> list[tuple[str, str, str]]:
    """(kind, normalised, shown) of each point. Raises Invalid for what cannot be one."""
    points = []
    if contact.phone.strip():
        value = rules.normalise_phone(contact.phone)
        if not value:
            sentence = _("电话号码看起来不对，请检查是否多输或少输了数字")
            raise Invalid(sentence, phone=sentence)
        points.append((ContactKind.PHONE.value, value, rules.shown_phone(value)))
    if contact.email.strip():
        value = rules.normalise_email(contact.email)
        if not value:
            sentence = _("邮箱地址看起来不对，请检查，例如 name@example.com")
            raise Invalid(sentence, email=sentence)
        points.append((ContactKind.EMAIL.value, value, value))
    return points


@transaction.atomic
def find_or_create(contact: Contact) -> Customer:
    """The customer any of these points belongs to, else a new one. Safe for two at once.

    A phone wins over an e-mail address when they belong to two people; nothing is merged here,
    and a point that is somebody else's already stays with him.
    """
    points = points_of(contact)
    name = rules.folded(contact.name)[:80]
    owned = (
        {p.kind: p for p in ContactPoint.objects.filter(_any(points)).select_related("customer")}
        if points
        else {}
    )
    found = next((owned[kind].customer for kind, _v, _s in points if kind in owned), None)
    if found is None:
        customer = Customer.objects.create(name=name)
    else:
        customer = found
        if name and not customer.name:
            customer.name = name
            customer.save(update_fields=["name"])
    missing = [point for point in points if point[0] not in owned]
    if missing:
        ContactPoint.objects.bulk_create(
            [ContactPoint(customer=customer, kind=k, value=v, shown=s) for k, v, s in missing],
            ignore_conflicts=True,
        )
        if found is None:
            winner = _winner_of_a_race(customer, missing)
            if winner != customer.pk:
                customer.delete()
                customer = Customer.objects.get(pk=winner)
    return customer


def _winner_of_a_race(mine: Customer, points: list[tuple[str, str, str]]) -> int:
    """Somebody else may have stored the same point between our look and our insert."""
    owners = ContactPoint.objects.filter(_any(points)).order_by(F("kind").desc())
    ids = list(owners.values_list("customer_id", flat=True))  # phone before email
    return ids[0] if ids and mine.pk not in ids else mine.pk


def _any(points: list[tuple[str, str, str]]) -> object:
    from django.db.models import Q

    wanted = Q()
    for kind, value, _shown in points:
        wanted |= Q(kind=kind, value=value)
    return wanted
