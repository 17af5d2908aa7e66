"""When a survey is sent, to whom it was, and who wants none."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.customers.models import Customer
from huiyin.ground.language import in_english
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status
from huiyin.journey.survey.models.designs import Survey, Version
from huiyin.journey.survey.words import After, Skip, State, Via, Way

LONGEST_ALIVE = 30  # days: an older link would reach into the archive


class SendRule(models.Model):
    """After which event, to whom, how and when a survey goes out. The first that fits sends."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="rules", verbose_name=_("问卷"))
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    after = models.CharField(_("在什么之后"), max_length=10, choices=After.choices)
    condition = models.JSONField(_("条件"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(
        _("抽样比例（%）"),
        default=100,
        validators=(MinValueValidator(1), MaxValueValidator(100)),
        help_text=_("按投诉编号抽取，同一件投诉每次算都一样"),
    )
    delay_hours = models.PositiveSmallIntegerField(
        _("延后几小时"), default=2, validators=(MaxValueValidator(240),)
    )
    way = models.CharField(_("方式"), max_length=8, choices=Way.choices, default=Way.MAIL)
    expires_days = models.PositiveSmallIntegerField(
        _("链接有效天数"),
        default=14,
        validators=(MinValueValidator(1), MaxValueValidator(LONGEST_ALIVE)),
    )
    remind_days = models.PositiveSmallIntegerField(
        _("几天后提醒一次"),
        default=3,
        validators=(MaxValueValidator(LONGEST_ALIVE),),
        help_text=_("0 表示不提醒；提醒只发一次"),
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.name_en if in_english() and self.name_en else self.name

    def clean(self) -> None:
        if self.way == Way.LETTER and self.after != After.CLOSED:
            raise ValidationError({"way": _("只有结案之后才有结案信；请改为单独发邮件")})
        if self.remind_days and self.remind_days >= self.expires_days:
            raise ValidationError({"remind_days": _("提醒要在链接失效之前")})


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def alive(self, now: datetime) -> Self:
        """May be answered: sent, not answered yet, not expired, the complaint not sealed."""
        return self.filter(state=State.SENT, expires_at__gt=now).exclude(
            complaint__status=Status.ARC
        )

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """To whoever sees the complaint: that it was sent, never what was answered."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        ours = Exists(Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint")))
        return self if user.is_system else self.filter(ours)


class Invitation(models.Model):
    """One survey to one customer about one complaint: planned, sent once, answered once.

    The token is made from the house's secret and `salt`; only its hash is kept. `draft` is what
    was typed so far. Whether it was delivered or opened is not tracked: no pixel tells us.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="invitations")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="invitations", db_index=False
    )
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations", db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="invitations")
    rule = models.ForeignKey(SendRule, models.SET_NULL, null=True, related_name="+")
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    why = models.CharField(max_length=12, choices=Skip.choices, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    token_hash = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=64)
    expires_days = models.PositiveSmallIntegerField(default=14)
    remind_days = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    mailed = models.BooleanField(default=False)  # else the link was only made
    expires_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    draft = models.JSONField(default=dict)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=["send_at"], condition=Q(state=State.PLANNED), name="surveys_to_send"
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(state=State.SENT, reminded_at=None, remind_at__isnull=False),
                name="surveys_to_remind",
            ),
            models.Index(fields=["customer", "-sent_at"], name="surveys_of_customer"),
            models.Index(fields=["survey", "sent_at"], name="surveys_sent"),
            models.Index(fields=["survey", "-id"], name="invitations_of_survey"),
        )

    def __str__(self) -> str:
        return f"{self.survey_id} → {self.complaint_id}"

    @property
    def is_english(self) -> bool:
        return self.language.startswith("en")


class OptOut(models.Model):
    """A customer who wants no surveys. Taken back, the row goes."""

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="survey_opt_out")
    via = models.CharField(max_length=8, choices=Via.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.customer_id}"
