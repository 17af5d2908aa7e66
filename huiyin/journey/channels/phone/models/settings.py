"""Whose telephone is whose, how long things may take, and the ladder for abusive calls."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.people.models import User
from huiyin.ground.remembered import Remembered
from huiyin.journey.channels.phone.words import Allows, Figure

NUMBER = RegexValidator(r"\A[0-9A-Za-z_.+*#-]{1,32}\Z", _("分机号只能用数字、字母和 . _ + * # -"))


class Extension(models.Model):
    """A number of the telephone system, and the person whose it is."""

    number = models.CharField(_("分机号"), max_length=32, unique=True, validators=[NUMBER])
    user = models.ForeignKey(
        User, models.CASCADE, related_name="extensions", verbose_name=_("人员")
    )
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        phones.forget()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        gone = super().delete(*args, **kwargs)
        phones.forget()
        return gone


def _phones() -> dict[str, int]:
    found = Extension.objects.filter(enabled=True, user__is_active=True)
    return dict(found.values_list("number", "user_id"))


phones = Remembered(_phones)  # number → user


class Limit(models.Model):
    """One figure, as it is set; where it comes from."""

    code = models.CharField(_("用途"), max_length=20, choices=Figure.choices, unique=True)
    seconds = models.PositiveIntegerField(
        _("秒"), validators=[MinValueValidator(5), MaxValueValidator(86400)]
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    dated = models.DateField(_("日期"), null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.get_code_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        limits.forget()


# Where a row is missing: a product without its reference rows still guards a call.
OTHERWISE = {
    Figure.HOLD_PROMPT: 60,
    Figure.HOLD_AGAIN: 60,
    Figure.HOLD_OFFER: 120,
    Figure.DROPPED: 180,
    Figure.PAUSE: 1800,
    Figure.RING: 180,
    Figure.STALE: 14400,
    Figure.WRAP_UP: 1800,
}


def _limits() -> dict[str, int]:
    rows = dict(Limit.objects.values_list("code", "seconds"))
    return {str(code): rows.get(code, seconds) for code, seconds in OTHERWISE.items()}


limits = Remembered(_limits)


class Rung(models.Model):
    """One step with an abusive caller: what to say, and what it allows."""

    position = models.PositiveSmallIntegerField(_("顺序"))
    allows = models.CharField(_("性质"), max_length=6, choices=Allows.choices)
    name_zh = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    words_zh = models.CharField(_("怎样说"), max_length=300)
    words_en = models.CharField(_("英文说法"), max_length=400, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    dated = models.DateField(_("日期"), null=True, blank=True)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("position", "pk")

    def __str__(self) -> str:
        return self.name_zh

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        ladder.forget()

    @property
    def name(self) -> str:
        return in_own(self.name_zh, self.name_en)

    @property
    def words(self) -> str:
        return in_own(self.words_zh, self.words_en)


ladder = Remembered(lambda: list(Rung.objects.filter(enabled=True).order_by("position", "pk")))
