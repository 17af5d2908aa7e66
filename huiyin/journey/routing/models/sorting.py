"""What decides whose a complaint is: rules, routes of categories, and what people can."""

from __future__ import annotations

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.people.models import Team, User
from huiyin.journey.routing.words import SkillKind


class Route(models.Model):
    """Complaints of these categories go to this team. The longest prefix wins; rules go before."""

    category_prefix = models.CharField(_("类别前缀"), max_length=20, unique=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("小组"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ("category_prefix",)

    def __str__(self) -> str:
        return f"{self.category_prefix or '*'} → {self.team}"


class SkillQuerySet(models.QuerySet["Skill"]):
    def live(self) -> Self:
        return self.filter(retired_at=None)


class Skill(models.Model):
    """What somebody can: a language, a channel, a matter.

    Languages and channels are wanted by themselves: of a customer's language, of the channel he
    came by. A matter is wanted by rules.
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    kind = models.CharField(
        _("类型"), max_length=10, choices=SkillKind.choices, default=SkillKind.MATTER
    )
    serves = models.CharField(_("对应的语言或渠道"), max_length=20, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SkillQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("kind", "code")

    def __str__(self) -> str:
        return in_own(self.name, self.name_en)


class PersonSkill(models.Model):
    """How well a person can something."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="people")
    person = models.ForeignKey(User, models.CASCADE, related_name="skills", verbose_name=_("人员"))
    level = models.PositiveSmallIntegerField(
        _("熟练程度（1 会，2 熟练，3 精通）"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
    )

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-level", "person__name")
        constraints = (models.UniqueConstraint("skill", "person", name="skilled_once"),)

    def __str__(self) -> str:
        return f"{self.person} · {self.skill}"


class RuleQuerySet(models.QuerySet["Rule"]):
    def in_force(self) -> Self:
        return self.filter(retired_at=None).select_related("team", "person__deputy")


class Rule(models.Model):
    """Complaints of which the condition holds go to this team, or to this person of it.

    Tried in order, the first that holds decides; where none does, the category's route does.
    """

    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    name = models.CharField(_("名称"), max_length=60)
    condition = models.JSONField(_("条件"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("派给小组"))
    person = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("指定的人"),
        help_text=_("不指定则派给组内最合适的在岗人员；此人离岗时由代理人接"),
    )
    skills = models.ManyToManyField(Skill, blank=True, verbose_name=_("需要的技能"))
    even_unsure = models.BooleanField(
        _("类别没有把握时也适用"),
        default=False,
        help_text=_("不勾选时，类别没有把握的投诉先到投诉专席由人确认"),
    )
    source = models.CharField(_("依据"), max_length=120, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("position", "pk")

    def __str__(self) -> str:
        return self.name
