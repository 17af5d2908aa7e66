"""Who is on duty, who is away, and whom an S1 calls."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.routing.words import Post, RingEnd


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def at(self, now: datetime) -> Self:
        return self.filter(starts_at__lte=now, ends_at__gt=now)


class DutyShift(models.Model):
    """Who is on duty (值班) at a post from then until then: of one team, or of the whole house."""

    post = models.CharField(_("岗位"), max_length=12, choices=Post.choices)
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("小组")
    )
    person = models.ForeignKey(
        User, models.CASCADE, related_name="duty_shifts", verbose_name=_("值班人")
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_forwards"),
        )
        indexes = (models.Index(fields=["ends_at", "post"], name="shift_by_end"),)

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.person}"

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": gettext("结束要晚于开始")})


class RungQuerySet(models.QuerySet["Rung"]):
    def live(self) -> Self:
        return self.filter(retired_at=None)


class Rung(models.Model):
    """Whom an S1 calls, and for how many minutes before the next is called too (绿色通道)."""

    position = models.PositiveSmallIntegerField(_("顺序"), unique=True)
    post = models.CharField(_("岗位"), max_length=12, choices=Post.choices)
    minutes = models.PositiveSmallIntegerField(
        _("几分钟无人应答转下一级"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RungQuerySet.as_manager()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.position} {self.get_post_display()}"


class RingQuerySet(models.QuerySet["Ring"]):
    def lasting(self) -> Self:
        return self.filter(ended_at=None)

    def calling(self, person: User) -> Self:
        """Those that this person can answer now, the longest waiting first."""
        waiting = self.lasting().filter(complaint__status=Status.DIS)
        return waiting.filter(calls__person=person).order_by("pk")


class Ring(models.Model):
    """An S1 calls those on duty until one accepts; whoever was called may, however late."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="rings")
    rung = models.PositiveSmallIntegerField()  # position of the one called last
    post = models.CharField(max_length=12, choices=Post.choices)
    started_at = models.DateTimeField()
    passes_at = models.DateTimeField(null=True)  # to the next; none is left: never
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=RingEnd.choices, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = RingQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("complaint", condition=Q(ended_at=None), name="rings_once"),
        )
        indexes = (
            models.Index(
                fields=["passes_at"], condition=Q(ended_at__isnull=True), name="ring_passes"
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.post}"


class RingCall(models.Model):
    """One person was called once, for one ring."""

    ring = models.ForeignKey(Ring, models.CASCADE, related_name="calls")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.CharField(max_length=12, choices=Post.choices)
    let_in = models.BooleanField(default=False)  # sees the complaint only because he was called
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("ring", "person", name="called_once"),)

    def __str__(self) -> str:
        return f"{self.ring_id} → {self.person}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def not_over(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now, cancelled_at=None)


class Absence(models.Model):
    """Somebody is away from then until then, and who stands in (离岗安排)."""

    person = models.ForeignKey(
        User, models.CASCADE, related_name="absences", verbose_name=_("离岗的人")
    )
    deputy = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("代理人")
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    reason = models.CharField(_("原因"), max_length=120, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    usual_deputy = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="absence_forwards"
            ),
        )
        indexes = (
            models.Index(
                fields=["starts_at"],
                condition=Q(ended_at__isnull=True, cancelled_at__isnull=True),
                name="absence_lasting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.starts_at}"
