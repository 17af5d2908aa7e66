"""Supervisions, the measures filed for them, and the rules that begin them."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Department, User
from huiyin.ground.worktime.words import Unit
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.supervision import rules
from huiyin.journey.supervision.people import headed_by
from huiyin.journey.supervision.words import Ending, Level, Stage, Trigger, Verdict, Whom


class Term(models.Model):
    """How long each level gives for filing measures, where nobody says otherwise."""

    level = models.CharField(_("等级"), max_length=10, choices=Level.choices, unique=True)
    amount = models.DecimalField(
        _("报送措施时限"),
        max_digits=6,
        decimal_places=2,
        validators=(MinValueValidator(Decimal("0.25")), MaxValueValidator(rules.MOST_AMOUNT)),
    )
    unit = models.CharField(_("单位"), max_length=10, choices=Unit.choices)
    calendar_code = models.CharField(_("工作日历"), max_length=40, default="office")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.get_level_display())

    def clean(self) -> None:
        if self.amount is not None and not rules.is_limit(float(self.amount), self.unit):
            raise ValidationError({"amount": _("天数请填整数；半天请改用小时")})


class Rule(models.Model):
    """When supervision begins by itself. Each fires once for a complaint and a cause."""

    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    trigger = models.CharField(
        _("触发"), max_length=12, choices=[c for c in Trigger.choices if c[0] != Trigger.HAND]
    )
    least = models.PositiveSmallIntegerField(
        _("次数"),
        default=1,
        validators=(MinValueValidator(1), MaxValueValidator(99)),
        help_text=_("来诉与催办、重办、群体事件达到几次（几件）才触发；其他触发不看次数"),
    )
    condition = models.JSONField(_("条件"), null=True, blank=True)
    level = models.CharField(_("等级"), max_length=10, choices=Level.choices)
    whom = models.CharField(_("督办谁"), max_length=8, choices=Whom.choices, default=Whom.HANDLER)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("部门"),
        help_text=_("督办部门负责人时填写；协办部门超时的，就是超时的那个部门"),
    )
    amount = models.DecimalField(
        _("报送措施时限"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=(MinValueValidator(Decimal("0.25")), MaxValueValidator(rules.MOST_AMOUNT)),
        help_text=_("留空按等级的时限"),
    )
    unit = models.CharField(
        _("时限单位"), max_length=10, choices=Unit.choices, default=Unit.WORK_DAYS
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.amount is not None and not rules.is_limit(float(self.amount), self.unit):
            raise ValidationError({"amount": _("天数请填整数；半天请改用小时")})
        named = self.department is not None or self.trigger == Trigger.TASK_LATE
        if self.whom == Whom.HEAD and not named:
            raise ValidationError({"department": _("督办部门负责人时，请选择部门")})


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def open(self) -> Self:
        return self.exclude(stage=Stage.LIFTED)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever sees the complaint, and the head of the supervised department, who sees no more
        of the complaint than stands here. Whoever is barred sees neither."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        # Asked row by row of the supervisions, never the other way round: complaints are many.
        ours = Exists(Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint")))
        return self.filter(Q(ours) | self._addressed(user))

    def addressed_to(self, user: User) -> Self:
        """What this person's departments owe."""
        return self.filter(self._addressed(user))

    @staticmethod
    def _addressed(user: User) -> Q:
        heads = headed_by(user)
        if not heads:
            return Q(pk__in=[])
        barred = ComplaintAccess.objects.filter(
            complaint=OuterRef("complaint"), user=user, sight=Sight.BARRED
        )
        return Q(Q(department__in=heads), ~Exists(barred))

    def with_all(self) -> Self:
        """What a row or a page shows, in one query."""
        return self.select_related(
            "complaint__customer",
            "complaint__team",
            "complaint__assignee",
            "department__head",
            "department__deputy_head",
            "by",
            "lifted_by",
            "rule",
        )


class Supervision(models.Model):
    """One complaint watched at one level: who owes measures until when, and how it ended."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="supervisions")
    level = models.CharField(_("等级"), max_length=10, choices=Level.choices)
    trigger = models.CharField(max_length=12, choices=Trigger.choices, default=Trigger.HAND)
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+")
    whom = models.CharField(max_length=8, choices=Whom.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="supervisions", db_index=False
    )
    reason = models.CharField(_("原因"), max_length=rules.LONGEST_REASON)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DUE)
    due_at = models.DateTimeField()  # of its clock, for the order of the list
    late = models.BooleanField(default=False)  # measures were not filed in time
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    words = models.CharField(max_length=rules.LONGEST_REASON, blank=True)  # of who lifted it
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                "complaint",
                condition=Q(department=None) & ~Q(stage=Stage.LIFTED),
                name="handler_supervised_once",
            ),
            models.UniqueConstraint(
                "complaint",
                "department",
                condition=Q(department__isnull=False) & ~Q(stage=Stage.LIFTED),
                name="department_supervised_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at", "id"], condition=~Q(stage=Stage.LIFTED), name="supervised_by_due"
            ),
            models.Index(
                fields=["department", "due_at", "id"],
                condition=~Q(stage=Stage.LIFTED),
                name="supervised_by_department",
            ),
            models.Index(
                fields=["-lifted_at", "-id"], condition=Q(stage=Stage.LIFTED), name="lifted_last"
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.level}"

    @property
    def subject(self) -> str:
        """What its clock is called by."""
        return f"supervision:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.stage != Stage.LIFTED

    @property
    def person(self) -> User | None:
        """Who owes the measures now: the handler, or the head of the department."""
        if self.department is not None:
            return self.department.head or self.department.deputy_head
        return self.complaint.assignee

    @property
    def addressee(self) -> str:
        """“品控部 · 沈卓”, or the handler; a complaint that nobody has yet is the team's."""
        person = self.person.name if self.person else ""
        if self.department is not None:
            return " · ".join(filter(None, (self.department.shown_name, person)))
        team = self.complaint.team.name if self.complaint.team else ""
        return person or team


class Measure(models.Model):
    """What the supervised says he did and will do, and what the officer said to it."""

    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="measures")
    text = models.TextField(_("措施"))
    files = models.ManyToManyField(Evidence, related_name="+")
    late = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.WAITING)
    note = models.CharField(max_length=rules.LONGEST_REASON, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "supervision",
                condition=Q(verdict=Verdict.WAITING),
                name="one_measure_waits",
            ),
        )
        indexes = (
            models.Index(
                fields=["at", "id"], condition=Q(verdict=Verdict.WAITING), name="measures_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.supervision_id} {self.verdict}"


class Firing(models.Model):
    """A rule fired for this complaint and this cause: it does so once, however many workers run."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="firings")
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("rule", "complaint", "cause", name="fired_once"),)

    def __str__(self) -> str:
        return f"{self.rule_id} {self.complaint_id} {self.cause}"
