"""Notices inside the product, and the words of letters as data."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.remembered import Remembered
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.surface.inbox.entries import entry_of


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One line in somebody's bell. Told once for each event, however often the follower runs.

    What is of no complaint (a budget, knowledge) has a `key` instead, under which it is told once,
    and the `address` of the page that it is about; its words tell nothing of any complaint.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=300)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint("event", "user", name="notice_once"),
            models.UniqueConstraint(
                "key", "user", condition=~models.Q(key=""), name="notice_of_key_once"
            ),
            models.CheckConstraint(
                condition=models.Q(complaint__isnull=False, event__isnull=False, key="")
                | (models.Q(complaint=None, event=None) & ~models.Q(key="")),
                name="notice_of_event_or_key",
            ),
        )
        indexes = (
            models.Index(
                fields=["user", "-id"], condition=models.Q(read_at=None), name="unread_notices"
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def entry(self) -> str:
        """Where its reader decides what it asks for; "" when it asks for nothing."""
        if self.event is None or self.complaint is None:
            return self.address
        return entry_of(self.event, self.complaint.number)

    @property
    def page(self) -> str:
        """Where it leads whoever sees the complaint."""
        if self.entry or self.complaint is None:
            return self.entry
        return reverse("workbench:complaint", args=[self.complaint.number])


class LetterTemplate(models.Model):
    """Subject and body of a letter to a customer. Placeholders come from a fixed table only."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("用途"), max_length=80)
    subject_zh = models.CharField(_("主题"), max_length=200)
    body_zh = models.TextField(_("正文"))
    subject_en = models.CharField(_("英文主题"), max_length=200, blank=True)
    body_en = models.TextField(_("英文正文"), blank=True)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class PhraseQuerySet(models.QuerySet["Phrase"]):
    def for_category(self, category: str) -> Self:
        """Phrases in use for this category: those for all, and those of a prefix of its code."""
        ways = category.split(".")
        prefixes = ["", *(".".join(ways[: at + 1]) for at in range(len(ways)))]
        return self.filter(retired_at=None, category_prefix__in=prefixes)


class Phrase(models.Model):
    """Words that people say again and again: put into a reply with one click, then edited."""

    title = models.CharField(_("标题"), max_length=60)
    category_prefix = models.CharField(
        _("类别前缀"),
        max_length=20,
        blank=True,
        help_text=_("只在这类投诉里提供，如 SF 或 SF.02；留空表示都提供"),
    )
    text_zh = models.TextField(_("内容"), max_length=2000)
    text_en = models.TextField(_("英文内容"), max_length=4000, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title


class OwnPhraseQuerySet(models.QuerySet["OwnPhrase"]):
    def of(self, user: User) -> Self:
        """One's own alone, whatever one's role."""
        return self.filter(user=user)


class OwnPhrase(models.Model):
    """The same of one person, made while writing; nobody else sees it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(_("标题"), max_length=60)
    shortcut = models.CharField(_("快捷词"), max_length=20, blank=True)  # typed after a slash
    text = models.TextField(_("内容"), max_length=2000)

    objects = OwnPhraseQuerySet.as_manager()

    class Meta:
        ordering = ("title", "pk")
        constraints = (
            models.UniqueConstraint(
                "user",
                "shortcut",
                condition=~models.Q(shortcut=""),
                name="own_shortcut_once",
            ),
        )
        indexes = (models.Index(fields=["user", "title", "id"], name="own_phrases"),)

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """What somebody is to be told of a clock: at once, after quiet hours, or in one digest.

    Kept apart from the notice, because who is told of forty things at once is told once.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="reminders")
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    text = models.CharField(max_length=300)
    urgent = models.BooleanField(default=False)
    in_product = models.BooleanField(default=True)
    at = models.DateTimeField()
    noticed_at = models.DateTimeField(null=True)
    mail_at = models.DateTimeField(null=True)  # not before; none where no mail is wanted
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("event", "user", name="reminded_once"),)
        indexes = (
            models.Index(
                fields=["user", "id"],
                condition=models.Q(noticed_at=None, in_product=True),
                name="reminders_to_show",
            ),
            models.Index(
                fields=["mail_at"],
                condition=models.Q(mailed_at=None, mail_at__isnull=False),
                name="reminders_to_mail",
            ),
            models.Index(fields=["at"], name="reminders_by_age"),
        )

    def __str__(self) -> str:
        return self.text


class QuietHours(models.Model):
    """When somebody gets no mail (免打扰): a person's own, else a role's, else everybody's."""

    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("人员")
    )
    role = models.CharField(
        _("角色"),
        max_length=20,
        choices=Role.choices,
        blank=True,
        help_text=_("人员和角色都留空：所有人"),
    )
    begins = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"), help_text=_("早于开始即到次日；与开始相同即不免打扰"))

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "quiet hours"
        constraints = (
            models.UniqueConstraint("user", "role", name="quiet_once", nulls_distinct=False),
        )

    def __str__(self) -> str:
        whose = str(self.user or "") or str(self.get_role_display())
        return f"{whose or gettext('所有人')} {self.begins:%H:%M}–{self.ends:%H:%M}"

    def clean(self) -> None:
        if self.user is not None and self.role:
            raise ValidationError({"role": _("人员和角色只选一项")})


class DigestRule(models.Model):
    """From how many reminders on they come as one: the only row."""

    most = models.PositiveSmallIntegerField(
        _("逐条提醒至多"),
        default=5,
        validators=(MinValueValidator(1), MaxValueValidator(100)),
        help_text=_("一段时间内提醒更多时合成一条，例如停机恢复后"),
    )
    minutes = models.PositiveSmallIntegerField(
        _("多少分钟内"), default=10, validators=(MinValueValidator(1), MaxValueValidator(1440))
    )

    def __str__(self) -> str:
        return gettext("%(minutes)s 分钟内超过 %(most)s 条合成一条") % {
            "minutes": self.minutes,
            "most": self.most,
        }

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        digest_rule.forget()


digest_rule = Remembered(lambda: DigestRule.objects.first() or DigestRule())
