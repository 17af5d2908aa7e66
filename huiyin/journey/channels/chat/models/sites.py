"""The widget of one site: where it may stand, what it says, what it asks first."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from huiyin.ground.people.models import Team
from huiyin.ground.privacy.models import PrivacyNotice
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import NoWorkTime, due_at
from huiyin.ground.worktime.words import Unit
from huiyin.journey.channels.chat import rules
from huiyin.journey.channels.chat.words import Ask, Position


def check_origin(value: str) -> None:
    if not rules.is_origin(value):
        raise ValidationError(
            _("请写成完整的来源，例如 https://www.example.com，不带路径和末尾的斜杠")
        )


def half_and_most() -> list[int]:
    """The marks at which a first reply that has not come is warned of, as a rule."""
    return [50, 80]


def new_salt() -> str:
    return secrets.token_hex(16)


def _secret(salt: str) -> str:
    made = salted_hmac("huiyin.chat", salt, secret=settings.SECRET_KEY, algorithm="sha256")
    return "hcs_" + base64.urlsafe_b64encode(made.digest()).decode().rstrip("=")


class SiteQuerySet(models.QuerySet["Site"]):
    def in_use(self) -> Self:
        return self.filter(enabled=True)


class Site(models.Model):
    """A widget of one script line. Only pages of the origins named here may use it."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)  # stands in its addresses
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)
    origins = ArrayField(
        models.CharField(max_length=200, validators=[check_origin]),
        verbose_name=_("允许的网站"),
        default=list,
        blank=True,
        help_text=_("一行一个，例如 https://www.example.com"),
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("接待小组")
    )
    calendar_code = models.CharField(_("工作日历"), max_length=40, default="office")
    colour = models.CharField(
        _("颜色"),
        max_length=7,
        default="#0b6e75",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("请写成 #0b6e75 这样的颜色"))],
    )
    position = models.CharField(
        _("位置"), max_length=5, choices=Position.choices, default=Position.RIGHT
    )
    greeting_zh = models.CharField(_("问候语"), max_length=300, blank=True)
    greeting_en = models.CharField(_("英文问候语"), max_length=300, blank=True)
    offline_zh = models.CharField(_("下班时的话"), max_length=300, blank=True)
    offline_en = models.CharField(_("下班时的英文话"), max_length=300, blank=True)
    # What a visitor reads at once whose words tell of danger, before anybody has answered him.
    danger_zh = models.CharField(
        _("有危险时的提示"),
        max_length=300,
        blank=True,
        default=gettext_noop(
            "如有人身危险，请马上离开现场，先拨打 120（急救）、119（火警）或 110（报警）。"
            "我们已经通知值班主管。"
        ),
        help_text=_("访客的话像人身危险、又还没有人应答时，马上显示一次；留空就不显示"),
    )
    danger_en = models.CharField(
        _("有危险时的英文提示"),
        max_length=300,
        blank=True,
        default="If anybody is in danger, leave the place and call 120 (ambulance), 119 (fire) or "
        "110 (police) first. The supervisor on duty has been told.",
    )
    # Empty: the notice that holds for the whole house.
    privacy_zh = models.TextField(_("隐私告知"), blank=True, max_length=4000)
    privacy_en = models.TextField(_("英文隐私告知"), blank=True, max_length=4000)
    privacy_version = models.CharField(_("告知版本"), max_length=20, blank=True)
    first_reply_seconds = models.PositiveSmallIntegerField(
        _("首次应答（秒）"),
        default=60,
        validators=(MinValueValidator(10), MaxValueValidator(3600)),
    )
    warn_percents = ArrayField(
        models.PositiveSmallIntegerField(
            validators=(MinValueValidator(10), MaxValueValidator(95)),
        ),
        verbose_name=_("首答预警（%）"),
        default=half_and_most,
        blank=True,
        help_text=_("首答时限用掉百分之几时提醒主管，用逗号分开，例如 50, 80"),
    )
    return_seconds = models.PositiveSmallIntegerField(
        _("接入后多久不答就放回（秒）"),
        default=60,
        validators=(MaxValueValidator(3600),),
        help_text=_("放回队列最前面并提醒主管；0 表示不放回"),
    )
    remind_minutes = models.PositiveSmallIntegerField(
        _("访客多久不说话就提醒（分钟）"),
        default=5,
        validators=(MaxValueValidator(1440),),
        help_text=_("0 表示不提醒；应比结束的时间短"),
    )
    idle_minutes = models.PositiveSmallIntegerField(
        _("访客多久不说话就结束（分钟）"),
        default=15,
        validators=(MinValueValidator(2), MaxValueValidator(1440)),
    )
    summary_minutes = models.PositiveSmallIntegerField(
        _("结束后多久没有小结就提醒主管（分钟）"),
        default=30,
        validators=(MinValueValidator(1), MaxValueValidator(1440)),
        help_text=_("满 24 小时仍没有小结的，由系统登记为投诉"),
    )
    files_allowed = models.BooleanField(_("可以发文件"), default=True)
    follows_pages = models.BooleanField(
        _("会话中看得到访客走到哪一页"),
        default=True,
        help_text=_("只记这个网站的页面，最多 20 页，不记地址里的参数；请在隐私告知中写明"),
    )
    # With its secret the site signs who is signed in there. It is made from a salt ("": it has
    # none) and the house's own secret; while it is being changed there are two.
    salt = models.CharField(max_length=32, blank=True, editable=False)
    earlier_salt = models.CharField(max_length=32, blank=True, editable=False)
    earlier_until = models.DateTimeField(null=True, editable=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def takes(self, origin: str) -> bool:
        """Whether a page of this origin may use the widget: exactly one of those named."""
        return bool(origin) and origin in self.origins

    @property
    def secret(self) -> str:
        """As it is shown, once, to whoever keeps the site."""
        return _secret(self.salt) if self.salt else ""

    def secrets(self, now: datetime) -> list[str]:
        """Every secret that is valid, the newest first."""
        salts = [self.salt] if self.salt else []
        if self.earlier_salt and self.earlier_until and self.earlier_until > now:
            salts.append(self.earlier_salt)
        return [_secret(salt) for salt in salts]

    def first_due(self, now: datetime) -> datetime:
        """When the first reply is due: its seconds count while people are there."""
        hours = self.first_reply_seconds / 3600
        try:
            return due_at(now, hours, Unit.WORK_HOURS, calendar(self.calendar_code))  # type: ignore[arg-type]
        except NoWorkTime:
            return now + timedelta(seconds=self.first_reply_seconds)

    def greeting(self, language: str) -> str:
        return rules.spoken(language, self.greeting_zh, self.greeting_en)

    def offline(self, language: str) -> str:
        return rules.spoken(language, self.offline_zh, self.offline_en)

    def advice(self, language: str) -> str:
        return rules.spoken(language, self.danger_zh, self.danger_en)

    def notice(self, language: str, now: datetime) -> tuple[str, str]:
        """(version, text) of what a visitor accepts before anything is sent."""
        if self.privacy_zh:
            version = self.privacy_version or "1"
            return version, rules.spoken(language, self.privacy_zh, self.privacy_en)
        house = PrivacyNotice.objects.current(now)
        if house is None:
            return "", ""
        return house.version, rules.spoken(language, house.text_zh, house.text_en)


class SiteField(models.Model):
    """One question before the chat."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="fields", verbose_name=_("网站"))
    ask = models.CharField(_("问什么"), max_length=10, choices=Ask.choices)
    label_zh = models.CharField(_("标签"), max_length=40, blank=True)
    label_en = models.CharField(_("英文标签"), max_length=60, blank=True)
    required = models.BooleanField(_("必填"), default=False)
    place = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        ordering = ("place", "pk")

    def __str__(self) -> str:
        return f"{self.site} {self.ask}"

    @property
    def key(self) -> str:
        """By which its answer is sent and kept."""
        return f"{self.ask}{self.pk}" if self.ask == Ask.TEXT else str(self.ask)

    def label(self, language: str) -> str:
        return rules.spoken(language, self.label_zh or str(Ask(self.ask).label), self.label_en)
