"""Mailboxes, mails as they came, their parts, and what is known of those we sent."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.kept import SentenceField
from huiyin.ground.people.models import Team, User
from huiyin.ground.remembered import Remembered
from huiyin.journey.channels.mail.rules import signs as rules
from huiyin.journey.channels.mail.words import (
    Delivery,
    Login,
    MailState,
    Nature,
    OnceKept,
    Outcome,
    PictureFault,
    Security,
    Signed,
    SignKind,
    Source,
    TouchKind,
)
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Evidence, Letter, Message

PORT = [MinValueValidator(1), MaxValueValidator(65535)]


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def receiving(self) -> Self:
        return self.filter(enabled=True).exclude(imap_host="")

    def sending(self) -> Self:
        """The first is used where a complaint came by none."""
        return self.filter(enabled=True).exclude(smtp_host="").order_by("-is_default", "pk")


class ProviderQuerySet(models.QuerySet["Provider"]):
    def in_use(self) -> Self:
        return self.filter(enabled=True)


class Provider(models.Model):
    """Where mailboxes are that many houses have: filled in when one is set up, never looked at
    afterwards."""

    name = models.CharField(_("服务商"), max_length=40, unique=True)
    imap_host = models.CharField(_("收信服务器"), max_length=200)
    imap_port = models.PositiveIntegerField(_("收信端口"), default=993, validators=PORT)
    imap_security = models.CharField(
        _("收信加密"), max_length=10, choices=Security.choices, default=Security.TLS
    )
    smtp_host = models.CharField(_("发信服务器"), max_length=200)
    smtp_port = models.PositiveIntegerField(_("发信端口"), default=465, validators=PORT)
    smtp_security = models.CharField(
        _("发信加密"), max_length=10, choices=Security.choices, default=Security.TLS
    )
    login = models.CharField(
        _("登录方式"), max_length=10, choices=Login.choices, default=Login.PASSWORD
    )
    oauth_authorize_url = models.CharField(_("OAuth2 授权地址"), max_length=300, blank=True)
    oauth_token_url = models.CharField(_("OAuth2 令牌地址"), max_length=300, blank=True)
    oauth_scope = models.CharField(_("OAuth2 范围"), max_length=300, blank=True)
    told = models.CharField(_("要做的准备"), max_length=200, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    dated = models.DateField(_("日期"), null=True, blank=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Mailbox(models.Model):
    """An address of the house: fetched by IMAP, answered from by SMTP.

    Secrets are kept sealed (`ground.sealing`): the table alone opens no mailbox, and nobody reads
    them a second time.
    """

    address = models.EmailField(_("邮箱地址"), unique=True)
    name = models.CharField(_("显示名称"), max_length=80, blank=True)
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("默认班组"),
        help_text=_("留空则按派单规则"),
    )
    enabled = models.BooleanField(_("启用"), default=True)
    is_default = models.BooleanField(_("默认发信邮箱"), default=False)
    imap_host = models.CharField(_("收信服务器"), max_length=200, blank=True)
    imap_port = models.PositiveIntegerField(_("收信端口"), default=993, validators=PORT)
    imap_security = models.CharField(
        _("收信加密"), max_length=10, choices=Security.choices, default=Security.TLS
    )
    smtp_host = models.CharField(_("发信服务器"), max_length=200, blank=True)
    smtp_port = models.PositiveIntegerField(_("发信端口"), default=465, validators=PORT)
    smtp_security = models.CharField(
        _("发信加密"), max_length=10, choices=Security.choices, default=Security.TLS
    )
    login = models.CharField(
        _("登录方式"), max_length=10, choices=Login.choices, default=Login.PASSWORD
    )
    username = models.CharField(_("登录名"), max_length=200, blank=True)
    secret = models.TextField(editable=False, blank=True)  # sealed: password, or refresh token
    oauth_authorize_url = models.CharField(_("OAuth2 授权地址"), max_length=300, blank=True)
    oauth_token_url = models.CharField(_("OAuth2 令牌地址"), max_length=300, blank=True)
    oauth_client_id = models.CharField(_("OAuth2 客户端编号"), max_length=200, blank=True)
    oauth_client_secret = models.TextField(editable=False, blank=True)  # sealed
    oauth_scope = models.CharField(_("OAuth2 范围"), max_length=300, blank=True)
    folder = models.CharField(_("收信文件夹"), max_length=120, default="INBOX")
    after = models.CharField(
        _("收下之后"), max_length=10, choices=OnceKept.choices, default=OnceKept.SEEN
    )
    moved_to = models.CharField(_("移到的文件夹"), max_length=120, blank=True)
    plus_addressing = models.BooleanField(
        _("支持加号地址"),
        default=False,
        help_text=_("服务器把 service+任意内容@ 也投到这个邮箱时勾选"),
    )
    dkim_selector = models.CharField(_("DKIM 选择器"), max_length=63, blank=True)
    dkim_key = models.TextField(editable=False, blank=True)  # sealed PEM
    # How far the server was read. UIDVALIDITY anew: everything is looked at again, once each.
    uidvalidity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    # Which worker fetches it, until when: a lease that it renews (`receiving`).
    watched_by = models.CharField(max_length=80, blank=True, editable=False)
    watched_until = models.DateTimeField(null=True, editable=False)
    # What the health page tells.
    received_ok_at = models.DateTimeField(null=True, editable=False)
    receive_error = SentenceField(blank=True, editable=False)
    receive_failed_at = models.DateTimeField(null=True, editable=False)
    sent_ok_at = models.DateTimeField(null=True, editable=False)
    send_error = SentenceField(blank=True, editable=False)
    send_failed_at = models.DateTimeField(null=True, editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        ordering = ("address",)
        verbose_name_plural = "mailboxes"
        constraints = (
            models.UniqueConstraint("is_default", condition=Q(is_default=True), name="one_default"),
        )

    def __str__(self) -> str:
        return self.address


NAMED = Q(state=MailState.HANDLED, outcome=Outcome.NEW, suspected__isnull=False, decided_at=None)


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self, now: datetime) -> Self:
        """Kept and not yet read, in the order they came."""
        return self.filter(state=MailState.KEPT, next_try_at__lte=now).order_by("pk")

    def held(self) -> Self:
        """Those that a person must look at."""
        return self.filter(state__in=(MailState.HELD, MailState.FAILED))

    def by_machines(self) -> Self:
        """Those that nothing is answered to, whoever takes them as complaints (RFC 3834); also what
        only might be of a machine (`quiet`)."""
        automatic = ~models.Q(nature__in=("", Nature.ORDINARY)) | models.Q(facts__quiet=True)
        return self.filter(automatic)

    def named(self) -> Self:
        """New complaints whose mail names an earlier one without proving it: a person looks."""
        return self.filter(NAMED)

    def to_review(self) -> Self:
        """Both."""
        return self.filter(Q(state__in=(MailState.HELD, MailState.FAILED)) | NAMED)

    def visible_to(self, user: User, *, reviews: bool) -> Self:
        """Those of complaints he may see; who reviews mail, also those that belong to none."""
        seen = Q(complaint__in=Complaint.objects.visible_to(user))
        return self.filter(seen | Q(complaint=None) if reviews else seen)


class Mail(models.Model):
    """A mail as it came, byte for byte; kept before the server hears of it, read afterwards from
    here, as often as is needed. What it came to stands in `outcome`."""

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="mails")
    source = models.CharField(max_length=10, choices=Source.choices)
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    raw = models.BinaryField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()  # by us: the Date header starts no clock
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.KEPT)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = SentenceField(blank=True)
    # What was read in it: see reading/__init__.py for the shape.
    internet_id = models.CharField(max_length=255, blank=True)  # its Message-ID, normalised
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    nature = models.CharField(max_length=14, choices=Nature.choices, blank=True)
    # Message-ID, sender and body together, once handled: the same mail counts once.
    fingerprint = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 — none yet
    signed = models.CharField(max_length=12, choices=Signed.choices, blank=True)
    facts = models.JSONField(default=dict)  # the readable rest: headers, dates, doubts
    text = models.TextField(blank=True)  # everything that was written, quotes and all
    html = models.TextField(blank=True)  # as it came; shown only cleaned, in a sandboxed frame
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    reason = SentenceField(blank=True)  # why, in words
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="mails")
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="mail")
    # It names a complaint without proving that it may: a person decides.
    suspected = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    images_shown = models.BooleanField(default=False)  # somebody asked for the remote ones
    remote_images = models.PositiveSmallIntegerField(null=True)  # so many; None: not yet counted
    folds = models.BooleanField(null=True)  # whether the story leaves something out; None: unknown

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            # Fetched again after a crash, or by two at once, it is here already.
            models.UniqueConstraint(
                "mailbox", "uidvalidity", "uid", condition=Q(uid__isnull=False), name="mail_once"
            ),
        )
        indexes = (
            models.Index(fields=["next_try_at"], condition=Q(state="kept"), name="mails_due"),
            models.Index(
                fields=["-id"], condition=Q(state__in=("held", "failed")), name="mails_held"
            ),
            models.Index(
                fields=["-id"],
                condition=Q(outcome__in=("noted", "ignored", "duplicate")),
                name="mails_set_aside",
            ),
            models.Index(fields=["-id"], condition=NAMED, name="mails_named"),
            models.Index(fields=["complaint", "id"], name="mails_of_complaint"),
            models.Index(fields=["sha256"], name="mails_by_bytes"),
        )

    def __str__(self) -> str:
        return self.subject or self.internet_id or str(self.pk)


class Part(models.Model):
    """A file in a mail: evidence, or refused with a sentence; its bytes stay in the mail."""

    mail = models.ForeignKey(Mail, models.PROTECT, related_name="parts")
    place = models.PositiveSmallIntegerField()  # in the order of the mail, from 0
    name = models.CharField(max_length=140)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    content_id = models.CharField(max_length=255, blank=True)  # `cid:` in the HTML
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    refusal = SentenceField(blank=True)
    inside = models.CharField(max_length=140, blank=True)  # the mail within the mail it came in

    class Meta:
        ordering = ("place",)
        constraints = (models.UniqueConstraint("mail", "place", name="part_once"),)

    def __str__(self) -> str:
        return self.name


class SignQuerySet(models.QuerySet["Sign"]):
    def in_use(self) -> Self:
        return self.filter(enabled=True)


class Sign(models.Model):
    """How a mail, or a line in it, is told apart; `rules/signs.py` matches it."""

    kind = models.CharField(_("种类"), max_length=14, choices=SignKind.choices)
    header = models.CharField(
        _("信头"), max_length=60, blank=True, help_text=_("小写英文名；留空表示正文里的一行")
    )
    pattern = models.CharField(
        _("内容"), max_length=120, help_text=_("* 代表任意文字；不分大小写，须与整个值相符")
    )
    enabled = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    dated = models.DateField(_("日期"), null=True, blank=True)

    objects = SignQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "header", "pk")
        constraints = (models.UniqueConstraint("kind", "header", "pattern", name="sign_once"),)

    def __str__(self) -> str:
        return self.pattern

    def save(self, *args: object, **kwargs: object) -> None:
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        signs.forget()


def _signs() -> tuple[rules.Sign, ...]:
    rows = Sign.objects.in_use().order_by("pk").values_list("kind", "header", "pattern")
    return tuple(rules.Sign(kind, header.lower(), pattern) for kind, header, pattern in rows)


signs = Remembered(_signs)


class Sending(models.Model):
    """What is known of a letter that went out by mail."""

    letter = models.OneToOneField(Letter, models.CASCADE, related_name="sending")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="+")
    message_id = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.ACCEPTED)
    said = models.CharField(max_length=300, blank=True)  # by the server or in the returned mail
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.message_id


class Picture(models.Model):
    """A remote image of a mail that somebody asked for: fetched once, by us, and painted anew."""

    mail = models.ForeignKey(Mail, models.CASCADE, related_name="pictures")
    address = models.CharField(max_length=2000)
    data = models.BinaryField()  # PNG or JPEG; empty: it could not be had
    fault = models.CharField(max_length=10, choices=PictureFault.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("mail", "address", name="picture_once"),)

    def __str__(self) -> str:
        return self.address


class Touch(models.Model):
    """Who had remote images fetched, took a file or the original out. Only ever added."""

    mail = models.ForeignKey(Mail, models.PROTECT, related_name="touches")
    what = models.CharField(max_length=10, choices=TouchKind.choices)
    place = models.PositiveSmallIntegerField(null=True)  # of the file that was taken out
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "touches"

    def __str__(self) -> str:
        return f"{self.mail_id} {self.what}"
