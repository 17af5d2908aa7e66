"""Scans as they came, the letters that they are pages of, and letters of ours on paper."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.kept import SentenceField
from huiyin.ground.people.models import User
from huiyin.journey.channels.paper.words import (
    Media,
    PieceState,
    PostState,
    ReadState,
    ScanState,
)
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.words import LetterState


class Year(models.Model):
    """How many letters were registered this year: the last number given. Locked for one commit."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class PieceQuerySet(models.QuerySet["Piece"]):
    def waiting(self) -> Self:
        return self.filter(state=PieceState.WAITING)

    def visible_to(self, user: User) -> Self:
        """Those of complaints he sees, and those that belong to none. Asked beside permission."""
        return self.filter(Q(complaint=None) | Q(complaint__in=Complaint.objects.visible_to(user)))


class Upload(models.Model):
    """One upload, under the key of its form: sent again because the answer was missed, it is the
    same one."""

    key = models.UUIDField(unique=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class Piece(models.Model):
    """A letter that came in (来信): pages in an order, what stands on them, what it came to."""

    number = models.CharField(_("来信登记号"), max_length=16, blank=True)  # 信2026-000123
    state = models.CharField(max_length=12, choices=PieceState.choices, default=PieceState.WAITING)
    received_on = models.DateField(_("收到日期"))
    postmarked_on = models.DateField(_("邮戳日期"), null=True, blank=True)
    text = models.TextField(blank=True)  # typed, or read and corrected
    sender = models.CharField(_("寄信人"), max_length=80, blank=True)  # as he signed
    address = models.CharField(_("回信地址"), max_length=200, blank=True)
    decisions: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="pieces")
    message = models.OneToOneField(
        Message, models.PROTECT, null=True, related_name="piece", db_index=False
    )
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="pieces")

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint("number", condition=~Q(number=""), name="piece_numbered_once"),
        )
        indexes = (
            models.Index(fields=["-id"], condition=Q(state="waiting"), name="pieces_waiting"),
            models.Index(fields=["state", "-id"], name="pieces_by_state"),
        )

    def __str__(self) -> str:
        return self.number or str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state == PieceState.WAITING


class ScanQuerySet(models.QuerySet["Scan"]):
    def due(self, now: datetime) -> Self:
        """Kept and without pictures yet, in the order they came."""
        return self.filter(state=ScanState.KEPT, next_try_at__lte=now).order_by("pk")


class Scan(models.Model):
    """A file as it came from the scanner: kept under its hash before anything is done with it.
    A trigger refuses to change its bytes' name and hash, and to delete it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    piece = models.ForeignKey(Piece, models.PROTECT, related_name="scans")  # its pages go there
    order = models.PositiveSmallIntegerField(default=0)  # among the files of that letter
    name = models.CharField(max_length=140)
    media_type = models.CharField(max_length=20, choices=Media.choices)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ScanState.choices, default=ScanState.KEPT)
    leaves = models.PositiveSmallIntegerField(null=True)  # how many pages it has
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = SentenceField(blank=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["next_try_at"], condition=Q(state="kept"), name="scans_due"),
            models.Index(fields=["sha256"], name="scans_by_bytes"),
        )

    def __str__(self) -> str:
        return self.name


class PageQuerySet(models.QuerySet["Page"]):
    def kept(self) -> Self:
        """Those that were not taken out."""
        return self.filter(dropped_at=None)


class Page(models.Model):
    """One page: which of which scan, where in its letter, how it is turned, what stands on it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scan = models.ForeignKey(Scan, models.PROTECT, related_name="pages")
    place = models.PositiveSmallIntegerField()  # in the scan, from 0
    piece = models.ForeignKey(Piece, models.PROTECT, related_name="pages")
    position = models.PositiveSmallIntegerField()  # in the letter
    turn = models.PositiveSmallIntegerField(default=0)  # 0, 90, 180, 270: clockwise, by a person
    picture = models.CharField(max_length=120, editable=False)  # a file of ours, drawn anew
    thumb = models.CharField(max_length=120, editable=False)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    reading = models.CharField(max_length=8, choices=ReadState.choices, default=ReadState.NONE)
    # [{"text", "box": [x, y, width, height] in parts of the unturned picture, "sure"}]
    lines: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list
    )
    read_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)  # that reading took
    error = SentenceField(blank=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )
    dropped_why = models.CharField(max_length=200, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint("scan", "place", name="page_once"),)
        indexes = (
            models.Index(fields=["id"], condition=Q(reading="queued"), name="pages_to_read"),
        )

    def __str__(self) -> str:
        return f"{self.piece_id} {self.position}"

    @property
    def text(self) -> str:
        return "\n".join(str(line["text"]) for line in self.lines)


MM = [MinValueValidator(0), MaxValueValidator(420)]


class RowQuerySet(models.QuerySet[Any]):
    def in_use(self) -> Self:
        return self.filter(enabled=True)


class Window(models.Model):
    """Where an envelope shows the address, and where the sheet is folded: millimetres of A4."""

    code = models.SlugField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    left = models.FloatField(_("地址左边距（毫米）"), validators=MM)
    top = models.FloatField(_("地址上边距（毫米）"), validators=MM)
    width = models.FloatField(_("地址宽（毫米）"), validators=MM)
    height = models.FloatField(_("地址高（毫米）"), validators=MM)
    sender_top = models.FloatField(_("寄件人行上边距（毫米）"), validators=MM)
    body_top = models.FloatField(_("正文上边距（毫米）"), validators=MM)
    folds = models.CharField(
        _("折线（毫米，逗号分隔）"), max_length=60, blank=True, help_text=_("从纸的上边量起")
    )
    enabled = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    dated = models.DateField(_("日期"), null=True, blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Template(models.Model):
    """The words around an answer by letter; {name} and its like are put in, nothing else is."""

    code = models.SlugField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    language = models.CharField(
        _("语言"), max_length=10, choices=(("zh-hans", _("中文")), ("en", _("English")))
    )
    window = models.ForeignKey(
        Window, models.PROTECT, related_name="templates", verbose_name=_("信封")
    )
    sender = models.CharField(_("寄件人行"), max_length=120, blank=True)
    subject = models.CharField(_("主题"), max_length=120)
    opening = models.CharField(_("开头"), max_length=300, blank=True)
    closing = models.CharField(_("结尾"), max_length=500, blank=True)
    signature = models.CharField(_("署名"), max_length=200, blank=True)
    is_default = models.BooleanField(_("该语言的缺省模板"), default=False)
    enabled = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    dated = models.DateField(_("日期"), null=True, blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ("language", "pk")
        constraints = (
            models.UniqueConstraint(
                "language", condition=Q(is_default=True), name="one_default_template"
            ),
        )

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: User) -> Self:
        return self.alive().filter(letter__complaint__in=Complaint.objects.visible_to(user))

    def alive(self) -> Self:
        """None whose letter was cancelled in the outbox before it was posted."""
        return self.exclude(letter__state=LetterState.CANCELLED)


class Post(models.Model):
    """A letter of ours on paper (信函): its PDF, and how far it is on its way."""

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="post")
    template = models.ForeignKey(Template, models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(max_length=300)
    path = models.CharField(max_length=120, editable=False)
    sha256 = models.CharField(max_length=64)
    leaves = models.PositiveSmallIntegerField(default=1)
    unprintable = models.JSONField(default=list)  # signs of it that no font here draws
    state = models.CharField(max_length=10, choices=PostState.choices, default=PostState.TO_PRINT)
    at = models.DateTimeField()
    printed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )
    printed_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    posted_at = models.DateTimeField(null=True)
    posted_on = models.DateField(null=True)
    tracking = models.CharField(max_length=40, blank=True)
    returned_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )
    returned_at = models.DateTimeField(null=True)
    returned_why = models.CharField(max_length=200, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=["state", "-id"], name="posts_by_state"),)

    def __str__(self) -> str:
        return f"{self.letter_id} {self.state}"
