"""What is asked beside the story, how it came in, drafts, and receipts against doubles."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_english
from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.rules import FieldSpec, is_vouched, shown_value
from huiyin.journey.intake.words import FieldType, ReplyBy, Via


class FieldQuerySet(models.QuerySet["Field"]):
    def live(self) -> Self:
        return self.filter(retired_at=None)


class Field(models.Model):
    """A question asked for some categories. Retired rather than deleted: answers stay readable."""

    key = models.SlugField(_("代码"), max_length=40, unique=True)
    type = models.CharField(_("类型"), max_length=12, choices=FieldType.choices)
    label = models.CharField(_("名称"), max_length=60)
    label_en = models.CharField(_("英文名"), max_length=80, blank=True)
    help = models.CharField(_("说明"), max_length=200, blank=True)
    help_en = models.CharField(_("英文说明"), max_length=200, blank=True)
    categories = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("适用类别（代码，空表示全部）"),
        default=list,
        blank=True,
    )
    shown_when = models.JSONField(_("何时显示"), null=True, blank=True)
    required_when = models.JSONField(_("何时必填"), null=True, blank=True)
    limits = models.JSONField(_("限制"), default=dict, blank=True)
    options = models.JSONField(_("选项"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FieldQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("position", "pk")

    def __str__(self) -> str:
        return self.label

    @property
    def shown_label(self) -> str:
        return self.label_en if in_english() and self.label_en else self.label

    @property
    def shown_help(self) -> str:
        return self.help_en if in_english() and self.help_en else self.help

    @property
    def spec(self) -> FieldSpec:
        english = in_english()
        return FieldSpec(
            key=self.key,
            type=self.type,
            label=self.shown_label,
            categories=tuple(self.categories),
            shown_when=self.shown_when,
            required_when=self.required_when,
            limits=self.limits or {},
            options=tuple(
                (str(o["value"]), str((english and o.get("label_en")) or o["label"]))
                for o in self.options
            ),
        )


class Answer(models.Model):
    """What was answered to one field; the value in the spelling of rules.fields."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="answers")
    field = models.ForeignKey(Field, models.PROTECT, related_name="answers")
    value = models.JSONField()

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("field__position", "pk")
        constraints = (models.UniqueConstraint("complaint", "field", name="answered_once"),)

    def __str__(self) -> str:
        return f"{self.field_id} = {self.value}"

    @property
    def shown(self) -> str:
        return shown_value(self.field.spec, self.value)


class Receipt(models.Model):
    """That a caller has sent this key before: the same thing sent twice is one thing."""

    caller = models.CharField(max_length=80)  # "user:12", "portal:…": keys of two never meet
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("caller", "key", name="received_once"),)

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"


class Intake(models.Model):
    """How one complaint came in, and what was told and asked at the door."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="intake")
    via = models.CharField(max_length=10, choices=Via.choices)
    concerning = models.CharField(_("投诉对象"), max_length=120, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    amount_fen = models.BigIntegerField(_("涉及金额"), null=True)
    expected = models.CharField(_("期望时间"), max_length=60, blank=True)
    reply_by = models.CharField(
        _("希望的回复方式"), max_length=10, choices=ReplyBy.choices, blank=True
    )
    privacy_version = models.CharField(_("已告知的隐私声明"), max_length=20, blank=True)
    recording_told = models.BooleanField(_("已告知录音"), default=False)
    # As typed at the door. Of an unverified sender it is not added to the customer he names.
    contact = models.JSONField(default=dict)
    receipt = models.OneToOneField(Receipt, models.SET_NULL, null=True, related_name="intake")

    class Meta:
        indexes = (models.Index(fields=["via", "-id"], name="intakes_by_door"),)

    def __str__(self) -> str:
        return f"{self.via} {self.complaint_id}"

    @property
    def is_unverified(self) -> bool:
        """Nobody vouches for who he says he is."""
        return not is_vouched(self.via)

    @property
    def typed(self) -> dict[str, str]:
        """What an unverified sender typed of himself, masked."""
        if not self.is_unverified:
            return {}
        kinds = ("phone", "email")
        return {kind: masked(kind, said) for kind in kinds if (said := self.contact.get(kind))}


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, user: User) -> Self:
        """A draft is its writer's alone, whatever his role."""
        return self.written_by(user).filter(registered_at=None)

    def written_by(self, user: User) -> Self:
        """Those too that have become complaints a moment ago."""
        return self.filter(user=user)


class Draft(models.Model):
    """A registration that was begun. It outlives the browser; registered, it is kept for a day with
    its files, out of sight: the form that is sent again is then the same one."""

    key = models.UUIDField(default=uuid.uuid4)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    content = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    registered_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-updated_at",)
        constraints = (models.UniqueConstraint("user", "key", name="draft_of_user"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"


def new_file_key() -> str:
    """128 random bits, 32 hex digits."""
    return secrets.token_hex(16)


class DraftFile(models.Model):
    """A file added while writing; it becomes evidence when the complaint is registered."""

    key = models.CharField(max_length=32, unique=True, default=new_file_key)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    field_key = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=140)
    size = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("pk",)

    def __str__(self) -> str:
        return self.name
