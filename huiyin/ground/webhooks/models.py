"""Outside systems, calls to them, each try, and what came back."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from huiyin.ground.kept import SentenceField
from huiyin.ground.webhooks.rules import signing
from huiyin.ground.webhooks.rules.addresses import LONGEST_URL
from huiyin.ground.webhooks.words import CallState


def new_salt() -> str:
    return secrets.token_hex(32)


def new_uid() -> str:
    return f"msg_{secrets.token_hex(16)}"


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def in_use(self) -> Self:
        return self.filter(enabled=True)


class Endpoint(models.Model):
    """An outside system that we tell what to do.

    Its secret is made from the house's own secret and a salt: the table alone signs nothing, and
    nobody reads it a second time. For a while after a change the one before is valid too.
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    url = models.CharField(_("调用地址"), max_length=LONGEST_URL)
    status_url = models.CharField(
        _("查询地址"),
        max_length=LONGEST_URL,
        blank=True,
        help_text=_("可选；{id} 处会填入调用编号，用来核对结果"),
    )
    kinds = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("接收的种类"),
        default=list,
        blank=True,
        help_text=_("例如 execution.step，execution.cancel；留空表示都接收"),
    )
    salt = models.CharField(max_length=64, default=new_salt, editable=False)
    earlier_salt = models.CharField(max_length=64, blank=True, editable=False)
    earlier_until = models.DateTimeField(null=True, editable=False)
    enabled = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refused at save what a call would refuse; and again at each call."""
        from huiyin.ground.webhooks.actions.posting import refusal_of

        faults: dict[str, Any] = {}
        for name in ("url", "status_url"):
            address = getattr(self, name).replace("{id}", "x")
            if address and (sentence := refusal_of(address)):
                faults[name] = sentence
        if self.status_url and "{id}" not in self.status_url:
            faults["status_url"] = _("查询地址里要有 {id}，调用编号会填在那里")
        if faults:
            raise ValidationError(faults)

    def takes(self, kind: str) -> bool:
        return self.enabled and (not self.kinds or kind in self.kinds)

    def keys(self, now: datetime) -> list[bytes]:
        """Every secret that is valid, the newest first."""
        salts = [self.salt]
        if self.earlier_salt and self.earlier_until and self.earlier_until > now:
            salts.append(self.earlier_salt)
        return [_key(salt) for salt in salts]

    @property
    def secret(self) -> str:
        """As it is shown, once, to whoever sets up the other side."""
        return signing.written(_key(self.salt))


def _key(salt: str) -> bytes:
    """32 bytes, for whoever has the secret of the house."""
    return salted_hmac(
        "huiyin.webhook", salt, secret=settings.SECRET_KEY, algorithm="sha256"
    ).digest()


def key_of(secret: str) -> bytes:
    """What an outside system makes of the secret it was given."""
    return base64.b64decode(secret.removeprefix(signing.PREFIX))


class CallQuerySet(models.QuerySet["Call"]):
    def due(self, now: datetime) -> Self:
        """To be sent: neither somebody's at this moment, nor to a system that is switched off."""
        free = Q(taken_until=None) | Q(taken_until__lt=now)
        found = self.filter(free, state=CallState.WAITING, next_try_at__lte=now)
        return found.filter(endpoint__enabled=True).order_by("next_try_at", "pk")

    def to_ask(self, now: datetime) -> Self:
        """Whose outcome is not known yet, where the other side can be asked."""
        open_ones = (CallState.ACCEPTED, CallState.LOST)
        found = self.filter(state__in=open_ones, next_ask_at__lte=now, endpoint__enabled=True)
        return found.order_by("next_ask_at", "pk")


class Call(models.Model):
    """One thing asked of an outside system, once: every try carries the same id."""

    uid = models.CharField(_("编号"), max_length=40, unique=True, default=new_uid)
    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, related_name="calls", verbose_name=_("外部系统")
    )
    kind = models.CharField(_("种类"), max_length=60)
    subject = models.CharField(max_length=60)  # of the asker: “step:17”
    about = models.CharField(_("内容"), max_length=200)
    body = models.TextField()  # exactly what is signed
    amount_fen = models.BigIntegerField(_("金额（分）"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=CallState.choices, default=CallState.WAITING
    )
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_try_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)  # by a worker; if it dies another takes it then
    first_tried_at = models.DateTimeField(null=True)  # from then on it may have arrived
    next_ask_at = models.DateTimeField(null=True)
    asks = models.PositiveSmallIntegerField(default=0)
    reference = models.CharField(_("对方流水号"), max_length=120, blank=True)
    reported_fen = models.BigIntegerField(_("对方报告的金额（分）"), null=True)
    error = SentenceField(_("说明"), blank=True)
    created_at = models.DateTimeField(_("时间"))
    settled_at = models.DateTimeField(null=True)
    untold = models.BooleanField(default=False)  # the asker has not been told of the state yet

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            # Asked twice is asked once; only what surely was not done is asked anew.
            models.UniqueConstraint(
                "subject",
                condition=~Q(state__in=("failed", "refused", "cancelled")),
                name="one_call_a_subject",
            ),
        )
        indexes = (
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="calls_due"),
            models.Index(
                fields=["next_ask_at"],
                condition=Q(state__in=("accepted", "lost")),
                name="calls_to_ask",
            ),
            models.Index(fields=["id"], condition=Q(untold=True), name="calls_untold"),
            models.Index(fields=["subject"], name="calls_of_subject"),
        )

    def __str__(self) -> str:
        return self.uid

    @property
    def may_have_arrived(self) -> bool:
        return self.first_tried_at is not None

    def turn(self, seen: str, state: str, **fields: Any) -> bool:
        """Go on to another state, if it still stands where it was seen."""
        fields |= {"state": state, "taken_until": None, "untold": True}
        if not Call.objects.filter(pk=self.pk, state=seen).update(**fields):
            return False
        for name, value in fields.items():
            setattr(self, name, value)
        return True


class Attempt(models.Model):
    """One try: when, how long, what was answered. Only ever added."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="attempts")
    asked = models.BooleanField(default=False)  # a question of ours, or a report of theirs
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    error = SentenceField(blank=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.call_id} {self.at}"


class Heard(models.Model):
    """Ids of what outside systems reported: the same one twice changes nothing."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="+", db_index=False)
    webhook_id = models.CharField(max_length=120)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "heard"
        constraints = (models.UniqueConstraint("endpoint", "webhook_id", name="heard_once"),)

    def __str__(self) -> str:
        return self.webhook_id
