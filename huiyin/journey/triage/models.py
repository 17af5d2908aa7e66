"""The taxonomy, the words the rules know, the severity table, and every reading and decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.kept import SentenceField
from huiyin.ground.language import in_english, in_own
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity
from huiyin.journey.triage import rules
from huiyin.journey.triage.words import (
    CONDUCT,
    CONDUCT_LABEL,
    Emotion,
    Nature,
    Part,
    RejectReason,
    Risk,
    Scope,
    Source,
    Urgency,
)

if TYPE_CHECKING:
    from huiyin.journey.triage.knowledge import Knowledge


class Edition(models.Model):
    """How often the words below have changed; processes compare it to know theirs are stale."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def now(cls) -> int:
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0

    @classmethod
    def turn(cls) -> None:
        """Something changed: every process reads the words again within seconds."""
        from huiyin.journey.triage import knowledge

        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.get_or_create(pk=1, defaults={"number": 1})
        knowledge.forget()


class Known(models.Model):
    """A row that the rules know by heart."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Edition.turn()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        Edition.turn()
        return deleted


def compilable(pattern: str) -> None:
    """A pattern of the lexicon that the scanner can take."""
    from huiyin.journey.triage.rules.lexicon import compiled

    try:
        compiled(None, pattern)
    except ValueError as error:
        raise ValidationError(
            gettext("“%(pattern)s”要以文字开头，用“…”隔开前后两段，用“/”分隔同义词")
            % {"pattern": pattern}
        ) from error


def compilable_seeds(text: str) -> None:
    for word, _weight in rules.parse_seeds(text):
        compilable(word)


class CategoryQuerySet(models.QuerySet["Category"]):
    def live(self) -> Self:
        return self.filter(retired_at=None)

    def main(self) -> Self:
        """The headings of the taxonomy (L1)."""
        return self.live().filter(level=1).order_by("place", "code")

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """Code → "安全 / 触电" in the reader's language. No query: from memory."""
        known = _knowledge()
        return {code: known.path(code) for code in codes if code in known.categories}

    def sla_of(self, code: str) -> str:
        """The SLA code of a category, "" for an unknown one. No query: from memory."""
        found = _knowledge().categories.get(code)
        return found.sla_code if found else ""

    def rule_of(self, code: str) -> str:
        """The handling rule of a category, "" for an unknown one. No query: from memory."""
        found = _knowledge().categories.get(code)
        return found.handling_rule if found else ""


def _knowledge() -> Knowledge:
    from huiyin.journey.triage import knowledge

    return knowledge.current()


CODE = RegexValidator(r"^[A-Z]{2,3}(\.\d{1,2}){0,2}$", _("代码形如 SF、SF.02 或 SF.02.01"))
SEVERITY_RANGE = (MinValueValidator(1), MaxValueValidator(4))


class Category(Known):
    """What a complaint can be about. Three levels; a code is never used again."""

    code = models.CharField(_("代码"), max_length=20, primary_key=True, validators=[CODE])
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    level = models.PositiveSmallIntegerField(_("层级"), editable=False)
    place = models.PositiveSmallIntegerField(_("次序"), default=0, editable=False)
    name_zh = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    description_zh = models.CharField(_("说明"), max_length=300, blank=True)
    description_en = models.CharField(_("英文说明"), max_length=300, blank=True)
    severity = models.PositiveSmallIntegerField(
        _("默认严重度"), choices=Severity.choices, default=3, validators=SEVERITY_RANGE
    )
    sla_code = models.CharField(_("时限政策"), max_length=20, default="SLA-STD")
    handling_rule = models.CharField(_("处理规则"), max_length=8, blank=True)
    nature = models.CharField(_("投诉性质"), max_length=8, choices=Nature.choices, blank=True)
    owner_dept = models.CharField(_("责任部门"), max_length=80, blank=True)
    seeds = models.TextField(
        _("关键词"),
        blank=True,
        validators=[compilable_seeds],
        help_text=_("用“|”分隔，可带权重，如 漏电:7|起火:7；“…”表示中间可隔几个字"),
    )
    source = models.CharField(_("来源"), max_length=80, blank=True, editable=False)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True, editable=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ("place", "code")
        verbose_name = _("投诉类别")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.level = self.code.count(".") + 1
        if self.level > 1 and not self.parent_id:
            self.parent_id = self.code.rpartition(".")[0]
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        return in_own(self.name_zh, self.name_en)

    @property
    def description(self) -> str:
        shown = self.description_en if in_english() else ""
        return shown or self.description_zh

    @property
    def path(self) -> str:
        return _knowledge().path(self.code) or self.name


class Facet(models.Model):
    """An orthogonal dimension (nature, cause, responsible party, remedy …) or one of its values."""

    code = models.CharField(_("代码"), max_length=12, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="values")
    name_zh = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    severity = models.PositiveSmallIntegerField(null=True, blank=True, choices=Severity.choices)
    sla_code = models.CharField(max_length=20, blank=True)
    place = models.PositiveSmallIntegerField(default=0, editable=False)
    source = models.CharField(max_length=80, blank=True, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("place", "code")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_own(self.name_zh, self.name_en)


class SeverityPoint(Known):
    """A row of the severity table (domain §4.2): editable, and named in every explanation."""

    key = models.CharField(_("键"), max_length=60, unique=True)
    part = models.CharField(_("部分"), max_length=12, choices=Part.choices)
    label = models.CharField(_("说明"), max_length=80)
    label_en = models.CharField(_("英文说明"), max_length=120, blank=True)
    points = models.PositiveSmallIntegerField(
        _("分值"), help_text=_("底线一栏填严重度：1 表示至少 S1")
    )
    threshold = models.FloatField(_("阈值"), null=True, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("来源"), max_length=80, blank=True)

    class Meta:
        ordering = ("part", "key")

    def __str__(self) -> str:
        return self.shown_label

    @property
    def shown_label(self) -> str:
        return in_own(self.label, self.label_en)


class RiskPhrase(Known):
    """A phrase that speaks for a risk group; `mask:` groups say what must not be taken for one."""

    group = models.CharField(_("风险组"), max_length=30)
    pattern = models.CharField(_("词语"), max_length=500, validators=[compilable])
    weight = models.CharField(
        _("强度"),
        max_length=8,
        choices=[("strong", _("强：单独成立")), ("weak", _("弱：需另有旁证"))],
        default="strong",
    )
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("group", "pattern")
        constraints = (
            models.UniqueConstraint("group", "pattern", name="triage_phrase_once_a_group"),
        )

    def __str__(self) -> str:
        return f"{self.group_label} · {self.pattern}"

    @property
    def group_label(self) -> str:
        group = self.group.removeprefix("mask:")
        label = str(group_label(group))
        return gettext("不算：%(group)s") % {"group": label} if group != self.group else label


def group_label(group: str) -> str:
    """The label of a risk group, of conduct, or the name as it is."""
    if group == CONDUCT:
        return str(CONDUCT_LABEL)
    return str(Risk(group).label) if group in Risk.values else group


class EmotionWord(Known):
    """A word of feeling and its strength, 1 (faint) to 5 (extreme)."""

    word = models.CharField(_("词语"), max_length=40, unique=True, validators=[compilable])
    emotion = models.CharField(_("情绪"), max_length=16, choices=Emotion.choices)
    strength = models.PositiveSmallIntegerField(
        _("强度"), validators=(MinValueValidator(1), MaxValueValidator(5))
    )
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("emotion", "-strength", "word")

    def __str__(self) -> str:
        return self.word


class HandlingRule(Known):
    """H01–H18: what is to be done first with a kind of complaint (domain §4.3)."""

    code = models.CharField(_("代码"), max_length=8, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    text_zh = models.CharField(_("要求"), max_length=300)
    text_en = models.CharField(_("英文要求"), max_length=400, blank=True)
    steps_zh = models.TextField(_("先做这些"), help_text=_("每行一步"))
    steps_en = models.TextField(_("英文步骤"), blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_own(self.name_zh, self.name_en)

    @property
    def text(self) -> str:
        return in_own(self.text_zh, self.text_en)

    @property
    def steps(self) -> list[str]:
        shown = in_own(self.steps_zh, self.steps_en)
        return [line.strip() for line in shown.splitlines() if line.strip()]


class TriageQuerySet(models.QuerySet["Triage"]):
    def latest_of(self, complaint: Complaint) -> Triage | None:
        return self.filter(complaint=complaint).order_by("-pk").first()


class Triage(models.Model):
    """One reading by the rules or one decision of a person; only ever added, confirmed at most.

    `points`: [{key, points, because}]; `evidence`: [[start, end, group, label, points]] in
    complaint.text; `guesses`: [{code, confidence, score}].
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="triages")
    source = models.CharField(max_length=8, choices=Source.choices)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    confidence = models.FloatField(default=0)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    score = models.PositiveSmallIntegerField(default=0)
    nature = models.CharField(max_length=8, choices=Nature.choices, blank=True)
    emotion = models.CharField(max_length=16, choices=Emotion.choices, blank=True)
    intensity = models.PositiveSmallIntegerField(default=0)
    urgency = models.CharField(max_length=8, choices=Urgency.choices, blank=True)
    scope = models.CharField(max_length=8, choices=Scope.choices, blank=True)
    risks = ArrayField(models.CharField(max_length=20), default=list)
    conduct = models.BooleanField(default=False)
    raised = models.BooleanField(default=False)  # VIP: first among those of the same severity
    points = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    guesses = models.JSONField(default=list)
    rule_version = models.CharField(max_length=20, blank=True)
    reason = SentenceField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = TriageQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["complaint", "-id"], name="triage_of_complaint"),)

    def __str__(self) -> str:
        return f"{self.complaint_id} S{self.severity} {self.category_id or '?'}"

    @classmethod
    def of_reading(
        cls, complaint: Complaint, reading: rules.Reading, *, severity: int, by: User
    ) -> Triage:
        """A reading as it is kept; `severity` is what was decided with a person's word in mind."""
        return cls(
            complaint=complaint,
            source=Source.RULE,
            category_id=reading.category or None,
            confidence=reading.confidence,
            severity=severity,
            score=reading.score,
            nature=reading.nature,
            emotion=reading.emotion,
            intensity=reading.intensity,
            urgency=reading.urgency,
            scope=reading.scope,
            risks=list(reading.risks),
            conduct=reading.conduct,
            raised=reading.raised,
            points=[
                {"key": point.key, "points": point.points, "because": point.because}
                for point in reading.points
            ],
            evidence=[[e.start, e.end, e.group, e.label, e.points] for e in reading.evidence],
            guesses=[
                {"code": g.code, "confidence": g.confidence, "score": g.score}
                for g in reading.guesses
            ],
            rule_version=reading.rule_version,
            by=by,
            at=moment.now(),
        )


class Rejection(models.Model):
    """A complaint that is not taken up: why, and which other ways the customer was told."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="rejection")
    reason = models.CharField(_("原因"), max_length=20, choices=RejectReason.choices)
    remedies = models.TextField(_("其他途径"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.reason}"
