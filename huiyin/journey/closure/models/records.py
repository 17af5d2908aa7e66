"""What was told, asked, decided and opened again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.journey.closure.words import Outcome, Satisfaction, VisitResult
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Message
from huiyin.journey.investigation.words import Cause, Liability
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.words import ResponseKind


class Feedback(models.Model):
    """The result as the customer was told it: measures, result, prevention."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="feedbacks")
    measures = models.TextField(_("采取的措施"))
    result = models.TextField(_("处理结果"))
    prevention = models.TextField(_("如何避免再发生"), blank=True)
    # Annex G of ISO 10002: what kinds of response it was, several where it was several.
    kinds = ArrayField(
        models.CharField(max_length=12, choices=ResponseKind.choices),
        verbose_name=_("答复种类"),
        default=list,
    )
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        indexes = (GinIndex(fields=["kinds"], name="feedback_by_kinds"),)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at}"

    @property
    def kind_labels(self) -> list[str]:
        return [str(ResponseKind(kind).label) for kind in self.kinds]


class Visit(models.Model):
    """One call-back, reached or not."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="visits")
    result = models.CharField(max_length=12, choices=VisitResult.choices)
    words = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.result}"


class Closing(models.Model):
    """How it ended. One for each time it was closed."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="closings")
    outcome = models.CharField(_("结论"), max_length=12, choices=Outcome.choices)
    cause = models.CharField(_("成因"), max_length=10, choices=Cause.choices)
    liability = models.CharField(_("责任方"), max_length=10, choices=Liability.choices)
    remedy = models.ForeignKey(Remedy, models.PROTECT, verbose_name=_("补救方式"))
    satisfaction = models.CharField(_("满意度"), max_length=12, choices=Satisfaction.choices)
    improvement = models.BooleanField(_("需要改进"), default=False)
    # What must not happen again: departments read it, so nothing of the customer.
    prevent = models.CharField(_("什么不能再发生"), max_length=100, blank=True)
    note = models.CharField(_("说明"), max_length=1000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.outcome}"


class Reopening(models.Model):
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="reopenings")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at}"
