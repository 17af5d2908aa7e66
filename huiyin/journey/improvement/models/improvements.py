"""Improvements: where they come from, their steps, reports, files, and what was counted."""

from __future__ import annotations

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.search import rules as search
from huiyin.ground.worktime.words import Unit
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.models.settings import Kind, Rule
from huiyin.journey.improvement.people import SEES_ALL, departments_of
from huiyin.journey.improvement.words import Act, Stage, Trigger, Verdict


class ImprovementQuerySet(models.QuerySet["Improvement"]):
    def open(self) -> Self:
        return self.filter(stage__in=rules.OPEN)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Who opens and verifies sees all but those of restricted complaints he does not see; the
        owner and his department see theirs, and no more of any complaint; whoever sees a source
        sees what became of it. Whoever is barred from a source sees none of it."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        sources = Source.objects.filter(improvement=OuterRef("pk"))
        # Asked source by source, never the other way round: complaints are many.
        ours = Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint"))
        seen = self._owned(user)
        if user.has_role(*SEES_ALL):
            secret = sources.filter(~Exists(ours), complaint__restricted=True)
            seen |= Q(~Exists(secret))
        else:
            seen |= Q(Exists(sources.filter(Exists(ours))))
        barred = ComplaintAccess.objects.filter(
            complaint__improvement_sources__improvement=OuterRef("pk"),
            user=user,
            sight=Sight.BARRED,
        )
        return self.filter(seen).exclude(Exists(barred))

    @staticmethod
    def _owned(user: User) -> Q:
        mine = Q(person__in=[user.pk, *user.stands_in_for])
        if departments := departments_of(user):
            mine |= Q(department__in=departments)
        return mine & ~Q(stage=Stage.PROPOSED)

    def owned_by(self, user: User) -> Self:
        """What is this person's or his department's, whatever became of it."""
        return self.filter(self._owned(user))

    def owed_by(self, user: User) -> Self:
        """What this person or his department has to do now."""
        return self.filter(self._owned(user), stage__in=rules.OWED)

    def with_all(self) -> Self:
        """What a row or a page shows, in one query."""
        return self.select_related(
            "kind",
            "rule",
            "lead",
            "department__head",
            "department__deputy_head",
            "department__duty",
            "person",
            "by",
            "done_by",
            "verified_by",
            "ended_by",
        )


class Improvement(models.Model):
    """One action that is to keep complaints from coming again: whose, until when, and whether it
    helped. Its words are written for departments: nothing of a customer belongs in them."""

    title = models.CharField(_("标题"), max_length=rules.LONGEST_TITLE)
    text = models.TextField(_("要改什么、为什么"), blank=True)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="improvements")
    trigger = models.CharField(max_length=12, choices=Trigger.choices, default=Trigger.HAND)
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, related_name="+")
    cause = models.CharField(
        max_length=160, blank=True
    )  # why it was proposed, and for which period
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.WORKING)
    lead = models.ForeignKey(Complaint, models.PROTECT, related_name="+")  # its clock runs there
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="improvements", db_index=False
    )
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="improvements")
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    # What its effect is measured by: complaints of this category (and below), of this object.
    category = models.CharField(max_length=20, blank=True)
    object_field = models.CharField(max_length=40, blank=True)
    object_value = models.CharField(max_length=200, blank=True)
    effect_days = models.PositiveSmallIntegerField(default=rules.EFFECT_DAYS)
    target_percent = models.PositiveSmallIntegerField(default=50)
    again_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="again")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField(null=True)  # what K28 counts by
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    effect_due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=rules.LONGEST_WORDS, blank=True)  # of who ended it
    sort_at = models.DateTimeField()  # when its stage asks for somebody, for the order of lists
    search = SearchVectorField(null=True, editable=False)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("cause", condition=~Q(cause=""), name="proposed_once_a_cause"),
        )
        indexes = (
            models.Index(fields=["stage", "sort_at", "id"], name="improvements_by_stage"),
            models.Index(fields=["sort_at", "id"], name="improvements_by_time"),
            models.Index(fields=["department", "sort_at", "id"], name="improvements_by_dept"),
            models.Index(
                fields=["effect_due_at"],
                condition=Q(stage=Stage.WATCHING),
                name="effects_to_count",
            ),
            models.Index(
                fields=["first_due_at"],
                condition=Q(first_due_at__isnull=False),
                name="improvements_due",
            ),
            GinIndex(fields=["search"], name="improvements_by_words"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """What people call it."""
        return f"ZG-{self.pk}"

    @property
    def subject(self) -> str:
        """What its clock is called by."""
        return f"improvement:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.stage in rules.OPEN

    @property
    def is_late(self) -> bool:
        """Still owed, and its date is past."""
        return self.stage == Stage.WORKING and bool(self.due_at and self.due_at <= moment.now())

    @property
    def owner(self) -> str:
        """“品控部 · 沈卓”, or the person."""
        department = self.department.shown_name if self.department else ""
        return " · ".join(filter(None, (department, self.person.name if self.person else "")))

    def remember_words(self) -> None:
        """What it is found by."""
        self.search = search.document(self.title, self.text, self.object_value)


class Source(models.Model):
    """A complaint from which it was learned."""

    improvement = models.ForeignKey(
        Improvement, models.CASCADE, related_name="sources", db_index=False
    )
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="improvement_sources")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("improvement", "complaint", name="one_source_a_complaint"),
        )

    def __str__(self) -> str:
        return f"{self.improvement_id} ← {self.complaint_id}"


class PlanStep(models.Model):
    """One step of the plan, from the checklist of its kind or added by whoever works on it."""

    improvement = models.ForeignKey(Improvement, models.CASCADE, related_name="steps")
    text = models.CharField(_("步骤"), max_length=rules.LONGEST_STEP)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text


class Report(models.Model):
    """What whoever did it says that he did, and what another person found (never changed after)."""

    improvement = models.ForeignKey(Improvement, models.PROTECT, related_name="reports")
    text = models.TextField(_("做了什么"))
    late = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.WAITING)
    note = models.CharField(max_length=rules.LONGEST_WORDS, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "improvement", condition=Q(verdict=Verdict.WAITING), name="one_report_waits"
            ),
        )
        indexes = (
            models.Index(
                fields=["at", "id"], condition=Q(verdict=Verdict.WAITING), name="reports_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.verdict}"


class File(models.Model):
    """Evidence that it is done. Not of a complaint: that one may be sealed by now, and whoever
    brings it need not see it. Bytes lie where evidence lies."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="files")
    name = models.CharField(max_length=140)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Check(models.Model):
    """What was counted before and after, frozen; what a person said to it."""

    improvement = models.OneToOneField(Improvement, models.PROTECT, related_name="check_of")
    before_from = models.DateTimeField()
    before_to = models.DateTimeField()
    after_from = models.DateTimeField()
    after_to = models.DateTimeField()
    before = models.PositiveIntegerField()
    before_of = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    after_of = models.PositiveIntegerField()
    suggests = models.BooleanField()  # that it helped
    at = models.DateTimeField()

    def __str__(self) -> str:
        return (
            f"{self.improvement_id} {self.before}/{self.before_of} → {self.after}/{self.after_of}"
        )

    @property
    def before_rate(self) -> float:
        return rules.rate(self.before, self.before_of)

    @property
    def after_rate(self) -> float:
        return rules.rate(self.after, self.after_of)


class Line(models.Model):
    """The story of an improvement. Only ever added (a trigger refuses change and deletion)."""

    improvement = models.ForeignKey(
        Improvement, models.PROTECT, related_name="lines", db_index=False
    )
    act = models.CharField(max_length=12, choices=Act.choices)
    text = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=["improvement", "id"], name="story_of_improvement"),)

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.act}"
