"""Users, teams and departments. A role says what one may do, a team says for whom."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from huiyin.ground.language import in_own
from huiyin.ground.people.words import OUTSIDE, DepartmentKind, Presence, Role
from huiyin.ground.worktime.words import Unit

SYSTEM_USERNAME = "system"


class UserQuerySet(models.QuerySet["User"]):
    def people(self) -> Self:
        """Real persons: everybody but the system itself."""
        return self.filter(is_system=False)

    def active(self) -> Self:
        return self.people().filter(is_active=True)

    def present_in(self, team: Team) -> Self:
        return self.active().filter(presence=Presence.PRESENT, teams=team)

    def who_asks(self) -> Self:
        """With the teams, and whether anybody named this person his deputy: asked on each page."""
        mine = Membership.objects.filter(user=models.OuterRef("pk")).order_by("pk")
        charges = User.objects.filter(deputy=models.OuterRef("pk"))
        return self.annotate(
            team_ids=ArraySubquery(mine.values("team_id")), is_deputy=models.Exists(charges)
        )

    def with_role(self, *roles: str) -> Self:
        return self.filter(roles__overlap=list(roles))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    _system: ClassVar[User | None] = None

    def create_user(
        self, username: str, password: str | None = None, *, roles: Any = (), **fields: Any
    ) -> User:
        """Create a person who can sign in; without a password he cannot yet."""
        user = self.model(username=username.lower(), roles=list(roles), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user  # type: ignore[no-any-return]

    def system(self) -> User:
        """Whoever acts when no person does: rules, clocks, the worker."""
        known = UserManager._system
        if known is None:
            known, _made = self.get_or_create(
                username=SYSTEM_USERNAME,
                defaults={"name": gettext_noop("系统"), "is_system": True, "password": "!"},
            )
            UserManager._system = known
        return known

    @staticmethod
    def forget_system() -> None:
        """Tests empty the tables; the remembered row must go with them."""
        UserManager._system = None


class User(AbstractBaseUser):
    username = models.CharField(_("登录名"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=80)
    email = models.EmailField(_("邮箱"), blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), verbose_name=_("角色"), default=list
    )
    presence = models.CharField(
        _("状态"), max_length=10, choices=Presence.choices, default=Presence.AWAY
    )
    language = models.CharField(_("语言"), max_length=10, blank=True)
    theme = models.CharField(_("外观"), max_length=10, blank=True)
    deputy = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("代理人")
    )
    department = models.ForeignKey(
        "Department", models.SET_NULL, null=True, blank=True, verbose_name=_("部门")
    )
    is_active = models.BooleanField(_("启用"), default=True)
    is_system = models.BooleanField(default=False, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(Lower("username"), name="user_username_any_case"),)

    def __str__(self) -> str:
        return self.name

    def has_role(self, *roles: str) -> bool:
        return not set(roles).isdisjoint(self.roles)

    @cached_property
    def team_ids(self) -> list[int]:
        """Teams this person belongs to; read once per request."""
        return list(self.memberships.values_list("team_id", flat=True))

    @property
    def shown_name(self) -> str:
        """The name as it is read: a person's own, or "the system" in the reader's language."""
        return str(_("系统")) if self.is_system else self.name

    @cached_property
    def stands_in_for(self) -> list[int]:
        """Those who are away and whose deputy, or deputy's deputy, this person is."""
        if self.__dict__.get("is_deputy") is False:  # known from `who_asks`
            return []
        found: set[int] = set()
        asked = {self.pk} if self.presence != Presence.AWAY else set()
        while asked:
            gone = models.Q(presence=Presence.AWAY) | models.Q(is_active=False)
            away = User.objects.filter(gone, deputy__in=asked)
            asked = set(away.order_by().values_list("pk", flat=True)) - found - {self.pk}
            found |= asked
        return sorted(found)

    @property
    def role_names(self) -> str:
        return "、".join(str(Role(role).label) for role in self.roles)


class DepartmentQuerySet(models.QuerySet["Department"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)


class Department(models.Model):
    """Whoever else is asked: a department, a store, a supplier, a carrier, a laboratory.

    Some have people who sign in here; the others are reached at their contact.
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    kind = models.CharField(
        _("类型"),
        max_length=12,
        choices=DepartmentKind.choices,
        default=DepartmentKind.DEPARTMENT,
    )
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
        help_text=_("上级的部门经理也管这里的协办任务，例如门店归区域"),
    )
    about = models.CharField(
        _("职责"),
        max_length=300,
        blank=True,
        help_text=_("什么事找他们，写了就能搜到，例如：批次追溯、封样送检"),
    )
    head = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="heads",
        verbose_name=_("负责人"),
    )
    deputy_head = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deputy_heads",
        verbose_name=_("副负责人"),
    )
    duty = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="duties",
        verbose_name=_("值班联系人"),
    )
    contact_name = models.CharField(_("联系人"), max_length=80, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    contact_email = models.EmailField(_("联系邮箱"), blank=True)
    duty_phone = models.CharField(_("值班电话"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    calendar_code = models.CharField(_("工作日历"), max_length=40, default="office")
    sign_in_hours = models.DecimalField(
        _("签收时限（工作小时）"),
        max_digits=6,
        decimal_places=2,
        default=2,
        validators=(MinValueValidator(Decimal("0.25")), MaxValueValidator(240)),
    )
    answer_amount = models.DecimalField(
        _("答复时限"),
        max_digits=6,
        decimal_places=2,
        default=2,
        validators=(MinValueValidator(Decimal("0.25")), MaxValueValidator(365)),
    )
    answer_unit = models.CharField(
        _("答复时限单位"), max_length=10, choices=Unit.choices, default=Unit.WORK_DAYS
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return in_own(self.name, self.name_en)

    @property
    def is_outside(self) -> bool:
        """Not of our house: what it reads is less, and it may answer through a link."""
        return self.kind in OUTSIDE

    def clean(self) -> None:
        days = self.answer_unit in (Unit.DAYS, Unit.WORK_DAYS)
        if days and self.answer_amount is not None and self.answer_amount % 1:
            raise ValidationError({"answer_amount": _("天数请填整数；半天请改用小时")})
        if self.parent is not None and self.pk and self.pk in self.parent.chain:
            raise ValidationError({"parent": _("上级不能是自己或自己的下级")})

    @property
    def chain(self) -> list[int]:
        """This one and those above it, nearest first."""
        found: list[int] = []
        one: Department | None = self
        while one is not None and one.pk not in found:
            found.append(one.pk)
            one = one.parent
        return found


class Team(models.Model):
    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    department = models.ForeignKey(
        Department, models.SET_NULL, null=True, blank=True, verbose_name=_("部门")
    )
    lead = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("组长")
    )
    duty_supervisor = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="on_duty_for",
        verbose_name=_("值班主管"),
    )
    calendar_code = models.CharField(_("工作日历"), max_length=40, default="office")
    members = models.ManyToManyField(
        User, through="Membership", related_name="teams", verbose_name=_("成员")
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")

    class Meta:
        constraints = (models.UniqueConstraint("user", "team", name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.user} ∈ {self.team}"


class SignInTry(models.Model):
    """Failed sign-ins per name, known or not, so that both are locked alike."""

    name_hash = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.failures} since {self.first_at}"


class SignIn(models.Model):
    """One line per sign-in, right or wrong: who, from where, when."""

    username = models.CharField(max_length=64)
    user = models.ForeignKey(User, models.SET_NULL, null=True)
    address = models.GenericIPAddressField(null=True)
    succeeded = models.BooleanField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.username} {self.at}"


def hashed(secret: str) -> str:
    """Tokens have 256 bits of their own: one round of SHA-256 is enough to store them."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def alive(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, user__is_active=True).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=now)
        )


class ApiToken(models.Model):
    """A bearer token of one user; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("用途"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("有效期至"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"

    @classmethod
    def issue(
        cls, user: User, name: str, expires_at: datetime | None = None
    ) -> tuple[ApiToken, str]:
        """Make a token; the second value is the secret, to be shown once."""
        secret = "hy_" + secrets.token_urlsafe(32)
        token = cls.objects.create(
            user=user, name=name, token_hash=hashed(secret), expires_at=expires_at
        )
        return token, secret
