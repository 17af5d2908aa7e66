"""Cases for training: what can be learnt, without anybody who could be recognised."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.closure.words import CaseState
from huiyin.journey.complaint.models import Complaint

JUDGES = (Role.QA, Role.TRAINER)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Accepted ones are for all of us; drafts for who proposed them and who judges."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system or user.has_role(*JUDGES):
            return self
        return self.filter(Q(state=CaseState.ACCEPTED) | Q(by=user))


class Case(models.Model):
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="cases")
    title = models.CharField(_("标题"), max_length=120)
    category = models.CharField(_("类别"), max_length=20, blank=True)
    story = models.TextField(_("经过"))
    handling = models.TextField(pgettext_lazy("done", "处理"))
    lesson = models.TextField(_("启示"), blank=True)
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.DRAFT)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "complaint",
                condition=~Q(state=CaseState.REFUSED),
                name="one_case_a_complaint",
            ),
        )
        indexes = (models.Index(fields=["state", "-id"], name="cases_by_state"),)

    def __str__(self) -> str:
        return self.title
