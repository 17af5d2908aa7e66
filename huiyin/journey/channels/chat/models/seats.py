"""Who sits at the desk, and for how many chats at once."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User


class Seat(models.Model):
    """One person at the chat desk. Whoever never sat there has none."""

    user = models.OneToOneField(User, models.CASCADE, related_name="chat_seat")
    ready = models.BooleanField(_("接待中"), default=False)
    most = models.PositiveSmallIntegerField(
        _("同时接待"), default=5, validators=(MinValueValidator(1), MaxValueValidator(30))
    )
    since = models.DateTimeField(null=True)  # ready or not, since then
    here_at = models.DateTimeField(null=True)  # when his page of the desk was heard of last

    class Meta:
        ordering = ("user",)

    def __str__(self) -> str:
        return f"{self.user} {self.most}"
