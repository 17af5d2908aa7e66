"""Promises, what became of them, and the sentences that are none."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Team, User
from huiyin.ground.refusal import Refused
from huiyin.ground.remembered import Remembered
from huiyin.ground.worktime.words import Unit
from huiyin.journey.complaint.events import frozen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Message
from huiyin.journey.promises.rules import told
from huiyin.journey.promises.words import MONEY, Origin, PromiseKind, State
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.rules import yuan

LONGEST_WHAT = 200
LONGEST_SENTENCE = 500
LONGEST_REASON = 300
SOON = timedelta(hours=24)


class Usual(models.Model):
    """How long each kind takes as a rule: the date a better wording proposes."""

    kind = models.CharField(_("承诺种类"), max_length=12, choices=PromiseKind.choices, unique=True)
    amount = models.DecimalField(
        _("通常时限"),
        max_digits=6,
        decimal_places=2,
        validators=(MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(90))),
    )
    unit = models.CharField(_("单位"), max_length=10, choices=Unit.choices)
    call_amount = models.DecimalField(
        _("未兑现时主管致电时限（工作小时）"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(4),
        validators=(MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(80))),
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=40, default="1")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        usual_times.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        done = super().delete(*args, **kwargs)
        usual_times.forget()
        return done

    def clean(self) -> None:
        """Days are whole ones: half a working day would propose a date that is over."""
        whole = self.unit in (Unit.DAYS, Unit.WORK_DAYS)
        if whole and self.amount is not None and self.amount != int(self.amount):
            raise ValidationError({"amount": _("按天计的时限请填写整数，例如 1、2、3")})


usual_times = Remembered(lambda: {row.kind: row for row in Usual.objects.all()})


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def owed(self) -> Self:
        """Still to be done: open, and broken ones that nobody has made good yet."""
        return self.filter(Q(state=State.OPEN) | Q(state=State.BROKEN, kept_at=None))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever sees the complaint. Asked row by row: complaints are many. Fails closed."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        return self.filter(
            Exists(Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint")))
        )

    def held_by(self, user: User) -> Self:
        """Open ones follow whoever handles the complaint, else who answers for it; what has
        ended stays with whoever owed it then."""
        follows = Q(owner=None, complaint__assignee=user)
        answers = Q(owner=None, complaint__assignee=None, complaint__owner=user)
        nobody = Q(owner=None, complaint__assignee=None, complaint__owner=None)
        return self.filter(Q(owner=user) | follows | answers | Q(nobody, by=user))

    def with_all(self) -> Self:
        """What a row shows, in one query."""
        return self.select_related(
            "complaint__customer",
            "complaint__team",
            "complaint__assignee",
            "complaint__owner",
            "owner",
            "team",
            "by",
            "kept_by",
            "remedy",
        )


class Promise(models.Model):
    """What was promised to a customer: what, how much, by when, by whose word, and what became
    of it. The words never change (trigger)."""

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="promises", db_index=False
    )
    kind = models.CharField(_("承诺种类"), max_length=12, choices=PromiseKind.choices)
    what = models.CharField(_("承诺内容"), max_length=LONGEST_WHAT)
    amount_fen = models.BigIntegerField(_("金额（分）"), default=0)
    due_at = models.DateTimeField(_("期限"))
    first_due_at = models.DateTimeField()  # before it was moved
    assumed = models.BooleanField(default=False)  # no date was said on the phone: the usual one
    beyond = models.BooleanField(default=False)  # on the phone, above the speaker's authority
    origin = models.CharField(_("来源"), max_length=10, choices=Origin.choices)
    source = models.CharField(max_length=60)  # "offer:3", "message:9", "callback:4"
    sentence = models.CharField(_("原话"), max_length=LONGEST_SENTENCE, blank=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="promises")
    remedy = models.ForeignKey(Remedy, models.PROTECT, null=True, related_name="+")
    authority = models.CharField(_("权限"), max_length=120, blank=True)  # on whose word
    # Empty: whoever handles the complaint owes it. Written down when it ends.
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    broken_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
    kept_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proof = models.CharField(_("凭证"), max_length=LONGEST_SENTENCE, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)  # of the release

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ("due_at", "pk")
        constraints = (
            models.UniqueConstraint("complaint", "source", name="one_promise_a_source"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="no_negative_promise"),
        )
        indexes = (
            models.Index(fields=["complaint", "-id"], name="promises_of_complaint"),
            models.Index(fields=["state", "due_at", "id"], name="promises_by_due"),
            models.Index(fields=["owner", "due_at", "id"], name="promises_of_person"),
            models.Index(fields=["team", "due_at", "id"], name="promises_of_team"),
            models.Index(fields=["due_at", "id"], name="promises_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"

    @property
    def subject(self) -> str:
        """What its clock is called by."""
        return f"promise:{self.pk}"

    @property
    def told_customer(self) -> str:
        """The kind and the sum, in the reader's language: the words of a note stay ours."""
        amount = f" ¥{self.amount_fen / 100:,.2f}" if self.amount_fen else ""
        return f"{self.get_kind_display()}{amount}"

    @property
    def is_money(self) -> bool:
        return self.kind in MONEY

    @property
    def is_owed(self) -> bool:
        return self.state == State.OPEN or (self.state == State.BROKEN and self.kept_at is None)

    @property
    def holder(self) -> User | None:
        """Who owes it now: whoever it was laid upon, else the handler, else who answers for the
        complaint, else whoever gave it."""
        writer = None if self.by.is_system else self.by
        return self.owner or self.complaint.assignee or self.complaint.owner or writer

    @property
    def facts(self) -> dict[str, Any]:
        """What the story tells of it."""
        until = told(self.due_at, ZoneInfo(settings.TIME_ZONE))
        return {
            "promise": self.pk,
            "kind": self.kind,
            "name": self.what,
            "amount": yuan(self.amount_fen) if self.amount_fen else "",
            "words": frozen(_("%(due)s 前")) % {"due": until},
            "due_at": self.due_at.isoformat(),
        }

    def is_soon(self, now: datetime) -> bool:
        return self.state == State.OPEN and self.due_at <= now + SOON

    def turn(self, seen: str, **fields: Any) -> None:
        """Go on, if it still stands where it was seen: of two at once, one is refused."""
        if not Promise.objects.filter(pk=self.pk, state=seen).update(**fields):
            raise Refused(gettext("这项承诺刚刚被别人处理过，请刷新后再看"))
        for name, value in fields.items():
            setattr(self, name, value)


class Move(models.Model):
    """A new date that was agreed with the customer. Only ever added (trigger)."""

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="moves")
    from_due_at = models.DateTimeField()
    to_due_at = models.DateTimeField()
    reason = models.CharField(max_length=LONGEST_REASON)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.promise_id} {self.to_due_at}"


class Waiver(models.Model):
    """A sentence that reads like a promise, and who says that it is none. Only ever added."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="waivers")
    message = models.ForeignKey(Message, models.PROTECT, related_name="waivers")
    kind = models.CharField(max_length=12, choices=PromiseKind.choices)
    sentence = models.CharField(max_length=LONGEST_SENTENCE)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.sentence[:20]}"
