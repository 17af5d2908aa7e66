"""Recordings that were listened to, what was written down of them, and what was quoted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.kept import SentenceField
from huiyin.ground.people.models import User
from huiyin.ground.remembered import Remembered
from huiyin.journey.channels.recordings.rules.figures import Standard as Bounds
from huiyin.journey.channels.recordings.words import JobState, RecordingState, WrittenBy
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Evidence, Message


class RecordingQuerySet(models.QuerySet["Recording"]):
    def visible_to(self, user: User) -> Self:
        """Those of complaints he sees; whether he may listen is `can_open_evidence`."""
        return self.filter(complaint__in=Complaint.objects.visible_to(user))

    def due(self, now: datetime) -> Self:
        """To be listened to, and nobody listens at this moment."""
        free = Q(taken_until=None) | Q(taken_until__lte=now)
        return self.filter(free, state=RecordingState.QUEUED, next_try_at__lte=now).order_by("pk")


class Recording(models.Model):
    """What is known of a sound among the evidence. The bytes stay where they are; all of this can
    be measured anew from them at any time."""

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="recording")
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="recordings", db_index=False
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=RecordingState.choices, default=RecordingState.QUEUED
    )
    fault = models.CharField(max_length=12, blank=True)  # why it could not be analysed
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    seconds = models.FloatField(null=True)
    channels = models.PositiveSmallIntegerField(null=True)
    rate = models.PositiveIntegerField(null=True)  # samples a second
    format = models.CharField(max_length=40, blank=True)
    doubts = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, blank=True)  # of the original that was listened to
    interruptions = models.PositiveIntegerField(default=0)  # carried, for the list
    hold_seconds = models.FloatField(default=0)
    swapped = models.BooleanField(default=False)  # left is the agent: a person said so
    figures = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    told = models.JSONField(default=dict)  # speech, curves, peaks: what the picture is drawn from
    holds_told = models.JSONField(default=list)  # by the telephone system: [[begin, end]]
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    analysed_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    objects = RecordingQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["complaint", "-id"], name="recordings_of_complaint"),
            models.Index(
                fields=["next_try_at"], condition=Q(state="queued"), name="recordings_due"
            ),
            models.Index(
                fields=["-id"], condition=Q(interruptions__gt=0), name="recordings_interrupted"
            ),
            models.Index(fields=["state", "-id"], name="recordings_by_state"),
            models.Index(fields=["id"], condition=Q(fault="format"), name="recordings_to_decode"),
        )

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.state}"

    @property
    def is_two_sided(self) -> bool:
        return bool(self.figures.get("lanes") == 2)

    @property
    def agent_lane(self) -> int:
        """Usually the customer is left and the agent right."""
        return 0 if self.swapped else 1

    @property
    def played(self) -> Copy | None:
        """The copy that pages play; none: they play the original."""
        return getattr(self, "sound_copy", None)


class Copy(models.Model):
    """The same sound in a format that browsers play, made by the worker where the original's is
    none. The original stays as it came; this can be made anew from it at any time."""

    recording = models.OneToOneField(Recording, models.PROTECT, related_name="sound_copy")
    path = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100, default="audio/ogg")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    derived_from = models.CharField(max_length=64)  # SHA-256 of the original that was read
    format = models.CharField(max_length=40)  # of the original: container and codec
    channels = models.PositiveSmallIntegerField()
    rate = models.PositiveIntegerField()
    doubts = models.JSONField(default=list)
    made_by = models.CharField(max_length=80)  # which programs, in which version
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "copies"

    def __str__(self) -> str:
        return f"{self.recording_id} {self.sha256[:8]}"

    @property
    def name(self) -> str:
        return f"{self.recording.evidence.name.rpartition('.')[0][:120]}.ogg"


class Transcript(models.Model):
    """One version of what was said, whole: lines of {begin, end, speaker, text}. The last counts;
    while one person writes on, his own version grows, everybody else's stays."""

    recording = models.ForeignKey(
        Recording, models.PROTECT, related_name="transcripts", db_index=False
    )
    version = models.PositiveIntegerField()
    lines = models.JSONField(default=list)
    written_by = models.CharField(max_length=8, choices=WrittenBy.choices, default=WrittenBy.PERSON)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint("recording", "version", name="transcript_once"),)

    def __str__(self) -> str:
        return f"{self.recording_id} v{self.version}"


class Quote(models.Model):
    """A span that somebody holds up: “03:12–04:05”, and what it shows. Only ever added."""

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="quotes")
    begin = models.FloatField()  # seconds
    end = models.FloatField()
    place = models.CharField(max_length=40)  # the same as evidence writes it
    words = models.CharField(max_length=300, blank=True)
    for_finding = models.BooleanField(default=False)  # offered to whoever writes the finding
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="quote")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("begin", "pk")

    def __str__(self) -> str:
        return self.place


class Standard(models.Model):
    """From when on a silence is a pause, a hold, an overlap an interruption. The newest that is
    enabled is measured by."""

    pause_seconds = models.FloatField(
        _("停顿从几秒起"), default=2.0, validators=[MinValueValidator(0.5), MaxValueValidator(30)]
    )
    hold_seconds = models.FloatField(
        _("静默保持从几秒起"),
        default=15.0,
        validators=[MinValueValidator(5), MaxValueValidator(300)],
    )
    music_seconds = models.FloatField(
        _("音乐保持从几秒起"),
        default=10.0,
        validators=[MinValueValidator(5), MaxValueValidator(120)],
    )
    overlap_seconds = models.FloatField(
        _("同时说话从几秒起"),
        default=0.3,
        validators=[MinValueValidator(0.1), MaxValueValidator(5)],
    )
    interruption_seconds = models.FloatField(
        _("打断：同时说话至少几秒"),
        default=0.5,
        validators=[MinValueValidator(0.2), MaxValueValidator(5)],
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    dated = models.DateField(_("日期"), null=True, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.version or str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        standard.forget()


def _standard() -> Bounds:
    row = Standard.objects.filter(enabled=True).order_by("-pk").first()
    if row is None:
        return Bounds()
    return Bounds(
        pause=row.pause_seconds,
        hold=row.hold_seconds,
        music=row.music_seconds,
        overlap=row.overlap_seconds,
        interruption=row.interruption_seconds,
    )


standard: Remembered[Bounds] = Remembered(_standard)


class TranscriberQuerySet(models.QuerySet["Transcriber"]):
    def in_use(self) -> Self:
        return self.filter(enabled=True).order_by("pk")


class Transcriber(models.Model):
    """A service that writes down what is said, by the interface that OpenAI made common. Nothing
    leaves the house, and nothing costs, before somebody sets one up."""

    name = models.CharField(_("名称"), max_length=80, unique=True)
    base_url = models.CharField(
        _("接口地址"), max_length=300, help_text=_("例如 https://api.example.com/v1")
    )
    model = models.CharField(_("模型"), max_length=100)
    language = models.CharField(
        _("语言"), max_length=8, blank=True, default="zh", help_text=_("留空由服务判断")
    )
    key = models.TextField(editable=False, blank=True)  # sealed
    enabled = models.BooleanField(_("启用"), default=True)
    automatic = models.BooleanField(
        _("自动转写"), default=False, help_text=_("每段录音分析后自动送去转写，可能产生费用")
    )
    worked_ok_at = models.DateTimeField(null=True, editable=False)
    error = SentenceField(blank=True, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)

    objects = TranscriberQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, now: datetime) -> Self:
        free = Q(taken_until=None) | Q(taken_until__lte=now)
        return self.filter(free, state=JobState.QUEUED, next_try_at__lte=now).order_by("pk")


class Job(models.Model):
    """A recording on its way to a transcriber, part by part; what has come back is kept, so a part
    that was paid for is never sent twice."""

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="jobs")
    transcriber = models.ForeignKey(Transcriber, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    parts = models.PositiveSmallIntegerField()
    came = models.JSONField(default=dict)  # number of the part → its lines
    tries = models.PositiveSmallIntegerField(default=0)  # of the part at hand
    next_try_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    error = SentenceField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "recording", condition=Q(state="queued"), name="one_transcription_at_a_time"
            ),
        )
        indexes = (
            models.Index(
                fields=["next_try_at"], condition=Q(state="queued"), name="transcriptions_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.recording_id} {self.state}"

    @property
    def progress(self) -> int:
        return 100 * len(self.came) // max(1, self.parts)
