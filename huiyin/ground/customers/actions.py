"""Finding a person by what was typed, making a new one, and what is kept of him later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import now

from huiyin.ground import moment
from huiyin.ground.customers import rules
from huiyin.ground.customers.models import ContactPoint, Customer, CustomerChange
from huiyin.ground.customers.permissions import can_describe, can_set_level
from huiyin.ground.customers.words import Care, ContactKind, Preferred
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _


@dataclass(frozen=True)
class Contact:
    """What somebody said about himself, as typed."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""  # where letters go; no key of a person: a family shares one


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


ADD_POINTS = """
INSERT INTO customers_contactpoint (customer_id, kind, value, shown, created_at)
VALUES {rows} ON CONFLICT (kind, value) DO NOTHING
"""


@transaction.atomic(savepoint=False)
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
    if missing and _added(customer, missing) < len(missing) and found is None:
        winner = _winner_of_a_race(customer, missing)
        if winner != customer.pk:
            customer.delete()
            customer = Customer.objects.get(pk=winner)
    return customer


def _added(customer: Customer, points: list[tuple[str, str, str]]) -> int:
    """How many of the points became his; the others were stored a moment ago by somebody else."""
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(points))
    values = [v for kind, value, shown in points for v in (customer.pk, kind, value, shown, now())]
    with connection.cursor() as cursor:
        cursor.execute(ADD_POINTS.format(rows=rows), values)
        return int(cursor.rowcount)


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


@transaction.atomic
def describe(
    customer: Customer,
    *,
    by: User,
    level: str,
    care: Sequence[str],
    language: str,
    note: str,
    preferred: str = "",
) -> CustomerChange | None:
    """Say how this person is to be treated. None when that is how it was already."""
    can_describe.require(by, customer)
    stored = Customer.objects.select_for_update().get(pk=customer.pk)
    if level != stored.level:
        can_set_level.require(by, customer)
    before = _described(stored)
    stored.level, stored.language, stored.note = level, language, rules.folded(note)[:500]
    stored.preferred = preferred if preferred in Preferred.values else ""
    stored.care = [one for one in Care.values if one in care]
    after = _described(stored)
    changes = [
        {"field": name, "before": before[name], "after": said}
        for name, said in after.items()
        if said != before[name]
    ]
    if not changes:
        return None
    stored.save(update_fields=["level", "care", "language", "note", "preferred"])
    return CustomerChange.objects.create(customer=stored, by=by, changes=changes, at=moment.now())


def _described(customer: Customer) -> dict[str, str]:
    return {
        _("级别"): str(customer.get_level_display()),
        _("关怀"): "、".join(str(Care(one).label) for one in customer.care),
        _("语言"): str(dict(settings.LANGUAGES).get(customer.language, "")),
        _("希望的答复方式"): str(customer.get_preferred_display() or ""),
        _("备注"): customer.note,
    }


@transaction.atomic
def add_contact(customer: Customer, *, by: User, contact: Contact) -> CustomerChange:
    """One more way to reach this person, or the name he had not told.

    A point that is somebody else's stays his: it is refused, without saying whose it is.
    """
    can_describe.require(by, customer)
    points = points_of(contact)
    name = "" if customer.name else rules.folded(contact.name)[:80]
    if not points and not name and not contact.address.strip():
        raise Invalid(_("请填写要补充的电话、邮箱、地址或称呼"))
    known = ContactPoint.objects.filter(_any(points)) if points else ContactPoint.objects.none()
    for point in known:
        field = {point.kind: _("这个联系方式已经在客户资料里，不用再添加")}
        raise Refused(next(iter(field.values())), **field)
    made = ContactPoint.objects.bulk_create(
        [ContactPoint(customer=customer, kind=k, value=v, shown=s) for k, v, s in points],
        ignore_conflicts=True,
    )
    if name:
        Customer.objects.filter(pk=customer.pk, name="").update(name=name)
    made += keep_address(customer, contact.address)
    changes = [
        {"field": str(point.get_kind_display()), "before": "", "after": _("已补充")}
        for point in made
    ]
    if name:
        changes.append({"field": _("称呼"), "before": "", "after": _("已补充")})
    return CustomerChange.objects.create(customer=customer, by=by, changes=changes, at=moment.now())


@transaction.atomic
def learn_name(customer: Customer, name: str, *, by: User) -> None:
    """What a system calls somebody who has told no name; who has one keeps it."""
    if Customer.objects.filter(pk=customer.pk, name="").update(name=name[:80]):
        changes = [{"field": _("称呼"), "before": "", "after": _("已补充")}]
        CustomerChange.objects.create(customer=customer, by=by, changes=changes, at=moment.now())


@transaction.atomic
def keep_address(customer: Customer, address: str) -> list[ContactPoint]:
    """Where letters to this person go from now on; an earlier one stays behind it. Nothing where
    there is none, or it was the last one already."""
    lines = [rules.folded(line) for line in address.splitlines()]
    shown = "\n".join(line for line in lines if line)
    if not shown:
        return []
    if not rules.ADDRESS_LEAST <= len(shown) <= rules.ADDRESS_MOST:
        sentence = _("通信地址请写 5 到 200 个字")
        raise Invalid(sentence, address=sentence)
    if customer.contact(ContactKind.POSTAL) == shown:
        return []
    # One that comes back is the newest again.
    value = rules.address_key(shown, customer.pk)
    ContactPoint.objects.filter(kind=ContactKind.POSTAL, value=value).delete()
    point = ContactPoint.objects.create(
        customer=customer, kind=ContactKind.POSTAL, value=value, shown=shown
    )
    getattr(customer, "_prefetched_objects_cache", {}).pop("contact_points", None)
    return [point]
