"""Who speaks to us on social media, what he said, and posts about us."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.customers.models import Customer
from huiyin.ground.kept import FactsField, SentenceField
from huiyin.ground.people.models import User
from huiyin.ground.remembered import Remembered
from huiyin.ground.sentence import joined
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.social.rules import crisis
from huiyin.journey.channels.social.words import FileState, PostState, SignalKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity
from huiyin.journey.conversation.models import Evidence, Message


class Account(models.Model):
    """Somebody at one outside system. Two accounts are two people, whatever they are called."""

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="+", db_index=False)
    outer_id = models.CharField(max_length=120)
    name = models.CharField(_("称呼"), max_length=80, blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="accounts")
    thread = models.CharField(max_length=120, blank=True)  # the last one he wrote in
    facts = models.JSONField(default=dict)  # what a connector needs to answer him
    spoke_at = models.DateTimeField(null=True)  # the window of the platform opens here
    answers = models.PositiveSmallIntegerField(default=0)  # of ours since
    follows = models.BooleanField(null=True)  # subscribed; None: never told
    # When the system is asked what he is called, where it has to be asked; None: it need not.
    naming_at = models.DateTimeField(null=True)
    naming_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint("hook", "outer_id", name="account_once"),)
        indexes = (
            models.Index(
                fields=["naming_at"], condition=~Q(naming_at=None), name="accounts_to_name"
            ),
        )

    def __str__(self) -> str:
        return self.name or self.outer_id


class Word(models.Model):
    """One message of theirs, by the name it has there: taken once, whatever brings it again."""

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="+", db_index=False)
    outer_id = models.CharField(max_length=160)
    account = models.ForeignKey(Account, models.PROTECT, related_name="words", db_index=False)
    thread = models.CharField(max_length=120, blank=True)
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint("hook", "outer_id", name="word_once"),)
        indexes = (models.Index(fields=["account", "-id"], name="words_of_account"),)

    def __str__(self) -> str:
        return self.outer_id


class FileQuerySet(models.QuerySet["File"]):
    def missed(self) -> Self:
        """What somebody sent and we do not have: given up, or failed so far."""
        return self.filter(Q(state=FileState.FAILED) | Q(state=FileState.WAITING) & ~Q(error=""))


class File(models.Model):
    """A file that came with a message: named there, fetched by the worker, kept as evidence."""

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="+")
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="social_files")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    source = models.JSONField()  # media_id, or url with sha256 and name
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = SentenceField(blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["next_try_at"], condition=Q(state="waiting"), name="social_files_due"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        """What it was called there, else what sort of file it is."""
        words = {
            "image": _("图片"),
            "voice": _("语音"),
            "video": _("视频"),
            "shortvideo": _("视频"),
        }
        return str(self.source.get("name") or words.get(self.source.get("kind", ""), _("文件")))

    @property
    def is_given_up(self) -> bool:
        return self.state == FileState.FAILED


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(complaint__in=Complaint.objects.visible_to(user).values("pk"))


class Post(models.Model):
    """Something said about us where everybody reads it."""

    hook = models.ForeignKey(Hook, models.PROTECT, null=True, related_name="+")
    platform = models.CharField(_("平台"), max_length=40)
    outer_id = models.CharField(max_length=160)
    author_id = models.CharField(max_length=120)
    author = models.CharField(_("作者"), max_length=80, blank=True)
    reach = models.PositiveIntegerField(_("粉丝数"), null=True)
    text = models.TextField(_("内容"))
    url = models.CharField(_("网址"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"))
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="posts")
    state = models.CharField(
        _("状态"), max_length=10, choices=PostState.choices, default=PostState.NEW
    )
    is_crisis = models.BooleanField(_("危机"), default=False)
    reasons = FactsField(default=list)  # why, as sentences
    by = models.ForeignKey(User, models.PROTECT, related_name="+")  # who brought it

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint("platform", "outer_id", name="post_once"),)
        indexes = (
            models.Index(fields=["platform", "author_id", "-id"], name="posts_of_author"),
            models.Index(fields=["-at"], name="posts_by_time"),
            models.Index(fields=["-id"], condition=Q(is_crisis=True), name="posts_crisis"),
        )

    def __str__(self) -> str:
        return f"{self.platform} {self.outer_id}"

    @property
    def why(self) -> str:
        """Why it is a crisis."""
        return joined(self.reasons)


class Import(models.Model):
    """A file of posts as it was read, waiting for whoever brought it to say yes."""

    rows = models.JSONField()
    name = models.CharField(max_length=140)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name


class Signal(models.Model):
    """By what a post is told to be a crisis: data, edited in the console."""

    kind = models.CharField(_("种类"), max_length=10, choices=SignalKind.choices)
    pattern = models.CharField(
        _("用词"), max_length=60, blank=True, help_text=_("只用于“用词”；帖子里有这些字就算")
    )
    least = models.PositiveIntegerField(
        _("达到"), default=1, help_text=_("粉丝数或相似帖子数达到多少；“用词”填 1")
    )
    severity = models.PositiveSmallIntegerField(
        _("严重程度提到"), choices=Severity.choices, default=Severity.S2
    )
    enabled = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    dated = models.DateField(_("日期"), null=True, blank=True)

    class Meta:
        ordering = ("kind", "pattern", "pk")
        constraints = (models.UniqueConstraint("kind", "pattern", "least", name="signal_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pattern or self.least}"

    def save(self, *args: object, **kwargs: object) -> None:
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        signals.forget()


def _signals() -> tuple[crisis.Signal, ...]:
    rows = Signal.objects.filter(enabled=True).order_by("severity", "pk")
    values = rows.values_list("kind", "pattern", "least", "severity")
    return tuple(crisis.Signal(*row) for row in values)


signals = Remembered(_signals)
