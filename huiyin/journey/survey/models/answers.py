"""What customers answered. Rows are only ever added (trigger); who may read what stands here."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.survey.models.designs import Survey, Version
from huiyin.journey.survey.models.sending import Invitation
from huiyin.journey.triage.words import Emotion

SEES_WHO = (Role.MANAGER, Role.QA)  # who said what, of all
SEES_HOUSE = (Role.MANAGER, Role.QA, Role.SUPERVISION)  # figures of every team
SEES_TEAM = (Role.AGENT, Role.SPECIALIST, Role.LEAD, Role.SUPERVISOR)  # are judged by them
RESTRICTED = Q(complaint__restricted=True)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def told_whole_to(self, user: User | AnonymousUser) -> Self:
        """Answers of which this person may know who gave them: managers and quality officers all,
        others what the customer allowed of the complaints they see; of restricted complaints
        nobody. Fails closed."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        if user.has_role(*SEES_WHO):
            return self.exclude(RESTRICTED)
        if not user.has_role(*SEES_HOUSE, *SEES_TEAM):
            return self.none()
        seen = Exists(Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint")))
        return self.filter(Q(seen), consent=True).exclude(RESTRICTED)

    def counted_for(self, user: User | AnonymousUser) -> Self:
        """Answers that figures shown to this person may count. Whoever is judged by them gets
        them in batches (`released_at`), so that no figure moves by one answer alone."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        if user.has_role(*SEES_WHO):
            return self.exclude(RESTRICTED)
        batched = self.filter(released_at__isnull=False).exclude(RESTRICTED)
        if user.has_role(*SEES_HOUSE):
            return batched
        if user.has_role(*SEES_TEAM):
            return batched.filter(team__in=user.team_ids)
        return self.none()


class Answer(models.Model):
    """One filled-in survey. What charts group by is kept as it was when it was answered."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="answer")
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers", db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="answers")
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="survey_answers")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    handler = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    category = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    said = models.JSONField()  # by question
    consent = models.BooleanField(default=False)  # those who handled it may know who said it
    csat = models.PositiveSmallIntegerField(null=True)
    nps = models.PositiveSmallIntegerField(null=True)
    ces = models.PositiveSmallIntegerField(null=True)
    low = models.BooleanField(default=False)
    text = models.TextField(blank=True)  # all free text of it
    emotion = models.CharField(max_length=20, choices=Emotion.choices, blank=True)
    intensity = models.PositiveSmallIntegerField(default=0)
    themes = ArrayField(models.CharField(max_length=20), default=list)  # categories it speaks of
    keywords = ArrayField(models.CharField(max_length=40), default=list)
    risks = ArrayField(models.CharField(max_length=20), default=list)
    search = SearchVectorField(null=True, editable=False)
    released_at = models.DateTimeField(null=True)  # counted for those whom it judges

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["survey", "at"], name="answers_by_day"),
            models.Index(fields=["survey", "-id"], name="answers_of_survey"),
            models.Index(fields=["team", "survey", "at"], name="answers_of_team"),
            models.Index(
                fields=["team", "survey", "id"],
                condition=Q(released_at=None),
                name="answers_unreleased",
            ),
            GinIndex(fields=["search"], name="answers_by_words"),
        )

    def __str__(self) -> str:
        return f"{self.survey_id} {self.pk}"

    @property
    def scores(self) -> dict[str, int]:
        found: dict[str, Any] = {"csat": self.csat, "nps": self.nps, "ces": self.ces}
        return {kind: score for kind, score in found.items() if score is not None}


class Item(models.Model):
    """One choice of one answer, so that distributions are counted by the database."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="items")
    question = models.CharField(max_length=8)
    row = models.CharField(max_length=20, blank=True)
    option = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.question} {self.row} {self.option}"
