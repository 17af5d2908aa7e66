"""Text messages in and out, numbers that want none, and what the house has settled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.remembered import Remembered
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.sms.words import Direction, RuleKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter, Message


class Text(models.Model):
    """One text message. Taken in once by its name there; sent once for its letter."""

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    outer_id = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=40)  # normalised
    text = models.TextField()
    parts = models.PositiveSmallIntegerField(default=1)
    letter = models.OneToOneField(Letter, models.PROTECT, null=True, related_name="text")
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="texts")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "hook", "outer_id", condition=Q(direction="in"), name="text_in_once"
            ),
        )
        indexes = (models.Index(fields=["number", "direction", "-at"], name="texts_of_number"),)

    def __str__(self) -> str:
        return f"{self.direction} {self.pk}"


class Number(models.Model):
    """A number whose owner said that he wants no texts."""

    value = models.CharField(max_length=40, unique=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Rule(models.Model):
    kind = models.CharField(_("种类"), max_length=10, choices=RuleKind.choices)
    value = models.CharField(
        _("内容"), max_length=40, help_text=_("用语、数字，或时段如 22:00-08:00")
    )
    enabled = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    dated = models.DateField(_("日期"), null=True, blank=True)

    class Meta:
        ordering = ("kind", "pk")
        constraints = (models.UniqueConstraint("kind", "value", name="sms_rule_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"

    def save(self, *args: object, **kwargs: object) -> None:
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        settled.forget()


def _settled() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, value in Rule.objects.filter(enabled=True).values_list("kind", "value"):
        found.setdefault(kind, []).append(value)
    return found


settled = Remembered(_settled)


def number_of(kind: str, otherwise: int) -> int:
    """The least of what is settled; `otherwise` while nothing is."""
    values = [int(one) for one in settled().get(kind, ()) if one.isascii() and one.isdigit()]
    return min(values, default=otherwise)
