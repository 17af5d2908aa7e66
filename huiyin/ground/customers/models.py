"""Customers and the ways to reach them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.customers.rules import normalise
from huiyin.ground.customers.words import Care, ContactKind, Level, Preferred
from huiyin.ground.people.models import User


class CustomerQuerySet(models.QuerySet["Customer"]):
    def reached_by(self, kind: str, typed: str) -> Self:
        """Whoever owns this contact point, in any spelling."""
        value = normalise(kind, typed)
        if not value:
            return self.none()
        return self.filter(contact_points__kind=kind, contact_points__value=value)


class Customer(models.Model):
    name = models.CharField(_("称呼"), max_length=80, blank=True)
    level = models.CharField(_("级别"), max_length=10, choices=Level.choices, default=Level.NORMAL)
    care = ArrayField(
        models.CharField(max_length=10, choices=Care.choices),
        verbose_name=_("关怀"),
        default=list,
        blank=True,
    )
    language = models.CharField(_("语言"), max_length=10, blank=True)
    preferred = models.CharField(
        _("希望的答复方式"), max_length=10, choices=Preferred.choices, blank=True
    )
    note = models.CharField(_("备注"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or str(_("匿名客户"))

    @property
    def care_names(self) -> list[str]:
        return [str(Care(one).label) for one in self.care]

    def contact(self, kind: str) -> str:
        """The first contact point of this kind, as it was given, of addresses the last: people
        move. "" when there is none."""
        shown = [point.shown for point in self.contact_points.all() if point.kind == kind]
        return (shown[-1] if kind == ContactKind.POSTAL else shown[0]) if shown else ""


class ContactPoint(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    value = models.CharField(max_length=254)  # normalised; what is compared
    shown = models.CharField(max_length=254)  # as people write it
    verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("pk",)
        constraints = (models.UniqueConstraint("kind", "value", name="contact_point_once"),)

    def __str__(self) -> str:
        return self.kind


class CustomerChange(models.Model):
    """Who changed what we keep of a person, from what to what. Rows are only ever added."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="changes")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    # [{"field": "级别", "before": "普通", "after": "VIP"}]; contact points only masked
    changes = models.JSONField(_("内容"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.at}"
