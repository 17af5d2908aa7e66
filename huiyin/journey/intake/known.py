"""What the house knows already while somebody is being listened to. Reads only.

Whoever may register learns of a contact: masked name, level, how many complaints. Titles come only
of complaints which this person may see anyway (V26).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked_name
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake import rules

RECENT = timedelta(days=30)
MOST_SHOWN = 5
MOST_COMPARED = 60
ALIKE_ENOUGH = 0.28


@dataclass(frozen=True)
class Acquaintance:
    """The owner of a contact point, as a registrar may know him."""

    name: str
    level: str
    is_vip: bool
    care: list[str]
    count: int
    this_year: int
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        """How many there are beyond the ones shown."""
        return max(self.count - len(self.complaints), 0)

    @property
    def open_ones(self) -> list[Complaint]:
        return [c for c in self.complaints if c.is_open]


def acquaintance(user: User, *, phone: str = "", email: str = "") -> Acquaintance | None:
    """Who is behind this contact point; None when nobody is known."""
    customer = _owner(phone, email)
    if customer is None:
        return None
    year = moment.today().year
    counts = Complaint.objects.filter(customer=customer, restricted=False).aggregate(
        all=Count("pk"), this_year=Count("pk", filter=Q(received_at__year=year))
    )
    visible = Complaint.objects.visible_to(user).filter(customer=customer).for_list()
    return Acquaintance(
        name=masked_name(customer.name),
        level=str(customer.get_level_display()),
        is_vip=customer.level == "vip",
        care=[str(label) for value, label in _care_labels() if value in customer.care],
        count=counts["all"],
        this_year=counts["this_year"],
        complaints=list(visible.order_by("-pk")[:MOST_SHOWN]),
    )


def _care_labels() -> list[tuple[str, str]]:
    from huiyin.ground.customers.words import Care

    return [(value, str(label)) for value, label in Care.choices]


def customer_of(phone: str, email: str) -> Customer | None:
    return _owner(phone, email)


def _owner(phone: str, email: str) -> Customer | None:
    for kind, typed in (("phone", phone), ("email", email)):
        if typed.strip():
            found = Customer.objects.reached_by(kind, typed).first()
            if found:
                return found
    return None


@dataclass(frozen=True)
class Similar:
    """An open complaint that may be the same story, and why we think so."""

    complaint: Complaint
    same_customer: bool
    same_order: bool
    likeness: float

    @property
    def score(self) -> float:
        return self.likeness + 2 * self.same_order + self.same_customer


def similar_open(
    user: User,
    *,
    text: str,
    order_no: str = "",
    phone: str = "",
    email: str = "",
    most: int = MOST_SHOWN,
) -> list[Similar]:
    """Open complaints of the last 30 days that may be the same, the likeliest first."""
    customer = _owner(phone, email)
    order_no = rules.cleaned(order_no)[:64]
    pairs = rules.telling_bigrams(text)
    visible = (
        Complaint.objects.visible_to(user).open().filter(received_at__gt=moment.now() - RECENT)
    )
    by_link = Q(pk__in=[])
    if customer:
        by_link |= Q(customer=customer)
    if order_no:
        by_link |= Q(order_no=order_no)
    candidates = {c.pk: c for c in visible.filter(by_link).for_list()[:MOST_COMPARED]}
    if len(pairs) >= 2:
        candidates |= {c.pk: c for c in _sharing(visible, pairs)}
    if not candidates:
        return []
    texts = dict(Complaint.objects.filter(pk__in=candidates).values_list("pk", "text"))
    likes = rules.likeness(text, [texts[pk] for pk in candidates])
    found = [
        Similar(
            complaint=complaint,
            same_customer=customer is not None and complaint.customer_id == customer.pk,
            same_order=bool(order_no) and complaint.order_no == order_no,
            likeness=like,
        )
        for complaint, like in zip(candidates.values(), likes, strict=True)
    ]
    found = [s for s in found if s.same_order or s.same_customer or s.likeness >= ALIKE_ENOUGH]
    return sorted(found, key=lambda s: (-s.score, -s.complaint.pk))[:most]


def _sharing(visible: object, pairs: list[str]) -> list[Complaint]:
    """Those that share any of these pairs, the ones that share most first."""
    query = " | ".join(f"'{pair}'" for pair in pairs)
    rank = 'ts_rank("complaint_complaint"."search", %s::tsquery)'
    found = visible.extra(  # type: ignore[attr-defined]  # noqa: S610 — parameterised
        where=['"complaint_complaint"."search" @@ %s::tsquery'],
        params=[query],
        select={"shared": rank},
        select_params=[query],
        order_by=["-shared"],
    )
    return list(found.for_list()[:MOST_COMPARED])
