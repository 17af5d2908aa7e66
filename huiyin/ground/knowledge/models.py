"""Articles, their versions, their history, and what was searched in vain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.ground.knowledge import rules
from huiyin.ground.knowledge.words import SURE, Audience, Checked, Kind, Place, State, Step, Turn
from huiyin.ground.language import in_english
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.search import lookups  # noqa: F401 — registers `search__matches`
from huiyin.ground.search import rules as search

KEEPERS = (Role.KNOWLEDGE, Role.MANAGER)


class Article(models.Model):
    """One piece of knowledge through all its versions; `code` is what people quote."""

    code = models.CharField(_("编号"), max_length=40, unique=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="knowledge_owned",
        verbose_name=_("负责人"),
    )
    review_on = models.DateField(_("复审日期"), null=True, blank=True)
    reminded_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    # Counted by those who quote it (journey/guidance).
    used = models.PositiveIntegerField(default=0)
    helped = models.PositiveIntegerField(default=0)
    not_helped = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("code",)
        indexes = (
            models.Index(
                fields=["review_on"], condition=Q(review_on__isnull=False), name="knowledge_review"
            ),
            models.Index(fields=["-helped", "-used", "code"], name="knowledge_by_use"),
        )

    def __str__(self) -> str:
        return self.code


def _index(column: str, name: str) -> GinIndex:
    """Written at once, not to a list on the side: knowledge is written seldom and asked often."""
    return GinIndex(fields=[column], condition=Q(in_force=True), fastupdate=False, name=name)


class VersionQuerySet(models.QuerySet["Version"]):
    def readable_by(self, user: User | AnonymousUser | None) -> Self:
        """By audience alone: customers what is for them, staff what is inside too, and what is
        restricted its roles, its owner and those who wrote it."""
        if not isinstance(user, User):
            return self.filter(audience=Audience.CUSTOMER)
        if not user.is_active:
            return self.none()
        if user.is_system:
            return self
        own = Q(roles__overlap=list(user.roles)) | Q(writers__contains=[user.pk])
        return self.filter(~Q(audience=Audience.RESTRICTED) | own | Q(article__owner=user))

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """What this person may read; drafts and what waits for review only those who keep it."""
        found = self.readable_by(user)
        if isinstance(user, User) and (user.is_system or user.has_role(*KEEPERS)):
            return found
        settled = Q(state__in=(State.PUBLISHED, State.EXPIRED))
        if not isinstance(user, User):
            return found.filter(settled)
        settled |= Q(writers__contains=[user.pk])
        if user.has_role(Role.LEGAL):
            settled |= Q(article__kind=Kind.LAW)
        return found.filter(settled)

    def in_force(self) -> Self:
        return self.filter(in_force=True)

    def current(self, today: date) -> Self:
        """In force, and not over although the worker has not yet said so."""
        return self.in_force().filter(Q(valid_to=None) | Q(valid_to__gte=today))

    def of_category(self, category: str) -> Self:
        """Written for this category or one above it, or for all."""
        if not category:
            return self
        return self.filter(Q(categories=[]) | Q(categories__overlap=rules.above(category)))

    def narrowed(self, *, kinds: Iterable[str] = (), remedy: str = "", step: str = "") -> Self:
        found = self
        if kinds := list(kinds):
            found = found.filter(article__kind__in=kinds)
        if remedy:
            found = found.filter(remedies__contains=[remedy])
        if step:
            found = found.filter(steps__contains=[step])
        return found


class Version(models.Model):
    """One text of an article, with all that was approved with it; never changed afterwards."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    in_force = models.BooleanField(default=False)  # the one that is read, quoted and found

    title = models.CharField(_("标题"), max_length=160)
    title_en = models.CharField(_("英文标题"), max_length=200, blank=True)
    body = models.TextField(_("正文"), max_length=rules.LONGEST_BODY)
    body_en = models.TextField(_("英文正文"), max_length=rules.LONGEST_BODY, blank=True)
    source = models.CharField(_("出处"), max_length=120, blank=True)
    clause = models.CharField(_("条款"), max_length=60, blank=True)
    edition = models.CharField(_("版本"), max_length=60, blank=True)
    dated = models.DateField(_("公布或施行日期"), null=True, blank=True)
    url = models.URLField(_("来源网址"), max_length=300, blank=True)
    checked = models.CharField(
        _("核对情况"), max_length=10, choices=Checked.choices, default=Checked.HOUSE
    )
    audience = models.CharField(
        _("读者"), max_length=10, choices=Audience.choices, default=Audience.AGENT
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        verbose_name=_("受限给哪些角色"),
        default=list,
        blank=True,
    )
    categories = ArrayField(
        models.CharField(max_length=20), verbose_name=_("适用类别"), default=list, blank=True
    )
    remedies = ArrayField(
        models.CharField(max_length=20), verbose_name=_("适用补救"), default=list, blank=True
    )
    steps = ArrayField(
        models.CharField(max_length=10, choices=Step.choices),
        verbose_name=_("适用环节"),
        default=list,
        blank=True,
    )
    keywords = ArrayField(
        models.CharField(max_length=20), verbose_name=_("关键词"), default=list, blank=True
    )
    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    change = models.CharField(pgettext_lazy("change", "修改说明"), max_length=300, blank=True)

    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    writers = ArrayField(models.BigIntegerField(), default=list)  # all who wrote in it: four eyes
    revision = models.PositiveIntegerField(default=1)  # of two who edit at once, one is refused
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    review_note = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    head = SearchVectorField(null=True, editable=False)  # code, titles, keywords: small, so quick
    search = SearchVectorField(null=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint("article", "number", name="version_number_once"),
            models.UniqueConstraint(
                "article", condition=Q(in_force=True), name="one_version_in_force"
            ),
            models.UniqueConstraint(
                "article",
                condition=Q(state__in=(State.DRAFT, State.REVIEW)),
                name="one_version_in_work",
            ),
        )
        indexes = (
            _index("head", "knowledge_head"),
            _index("search", "knowledge_words"),
            _index("keywords", "knowledge_keywords"),
            _index("categories", "knowledge_category"),
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=(State.DRAFT, State.REVIEW)),
                name="knowledge_in_work",
            ),
            models.Index(
                fields=["valid_to"],
                condition=Q(in_force=True, valid_to__isnull=False),
                name="knowledge_ends",
            ),
            models.Index(
                fields=["valid_from"],
                condition=Q(state=State.PUBLISHED, in_force=False),
                name="knowledge_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.article.code} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.index()
        super().save(*args, **kwargs)

    @property
    def shown_title(self) -> str:
        return self.title_en if in_english() and self.title_en else self.title

    @property
    def shown_body(self) -> str:
        return self.body_en if in_english() and self.body_en else self.body

    @property
    def basis(self) -> str:
        """The line that stands in a field 依据."""
        return rules.basis(
            self.article.kind,
            code=self.article.code,
            source=self.source,
            clause=self.clause,
            edition=self.edition,
        )

    @property
    def is_sure(self) -> bool:
        return self.checked in SURE

    def ends_soon(self, today: date) -> bool:
        return self.valid_to is not None and (self.valid_to - today).days <= rules.SOON_DAYS

    def index(self) -> None:
        """Make it findable by its words; written with the row."""
        code = self.article.code
        self.head = search.document(
            code, self.title, self.title_en, " ".join(self.keywords), self.source, self.clause
        )
        self.search = search.document(
            code,
            self.title,
            rules.plain(self.body),
            self.title_en,
            rules.plain(self.body_en),
            " ".join(self.keywords),
            self.source,
            self.clause,
        )


class History(models.Model):
    """What happened to an article, line by line. Only ever added."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="history")
    version = models.PositiveIntegerField(null=True)
    what = models.CharField(max_length=10, choices=Turn.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.article} {self.what}"


class Miss(models.Model):
    """A search that found nothing: what somebody needed and we had not written."""

    words = models.CharField(max_length=64)
    folded = models.CharField(max_length=64)
    place = models.CharField(max_length=8, choices=Place.choices)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    settled_note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=["folded", "-at"], condition=Q(settled_at=None), name="misses_by_words"
            ),
            models.Index(fields=["at"], name="misses_by_age"),
        )

    def __str__(self) -> str:
        return self.words
