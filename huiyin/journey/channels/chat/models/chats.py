"""Chats: who waits, who talks with whom, every line, every file."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.journey.channels.chat import identity as identities
from huiyin.journey.channels.chat.models.sites import Site
from huiyin.journey.channels.chat.words import (
    LIVE,
    App,
    By,
    ChatState,
    DeviceKind,
    Ender,
    Outcome,
)
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.permissions import WRITERS

WATCHERS = (Role.LEAD, Role.SUPERVISOR)


class ChatQuerySet(models.QuerySet["Chat"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever talks or talked in it; who waits for one's own team; leads and supervisors those
        of their teams, managers all. Once it belongs to a complaint: whoever sees that one, and as
        long as it goes on, whoever talks in it. Whoever is barred there sees it on no path. Fails
        closed."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        mine = Q(agent=user) if user.has_role(*WRITERS) else Q(pk__in=[])
        free = self._scope(user) | mine
        complaint = OuterRef("complaint")
        ours = Exists(Complaint.objects.visible_to(user).filter(pk=complaint))
        barred = ComplaintAccess.objects.filter(complaint=complaint, user=user, sight=Sight.BARRED)
        talking = mine & Q(state__in=LIVE) & ~Exists(barred)
        return self.filter((Q(complaint=None) & free) | talking | ours)

    @staticmethod
    def _scope(user: User) -> Q:
        if user.has_role(Role.MANAGER):
            return Q(pk__isnull=False)  # an empty Q would vanish beside another
        near = Q(team=None) | Q(team__in=user.team_ids)
        if user.has_role(*WATCHERS):
            return near
        if user.has_role(*WRITERS):
            return near & Q(state=ChatState.WAITING, agent=None)
        return Q(pk__in=[])

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def waiting(self) -> Self:
        """In the order in which they are served."""
        waiting = self.filter(state=ChatState.WAITING)
        return waiting.order_by("-in_danger", "waits_since", "pk")

    def of(self, user: User) -> Self:
        """Whom this person talks with just now."""
        return self.filter(state=ChatState.OPEN, agent=user)

    def unsummed(self) -> Self:
        """Ended, talked in, and nobody has said yet what it came to."""
        return self.filter(state=ChatState.ENDED, outcome="").exclude(agent=None)

    def unsummed_for_long(self, now: datetime) -> Self:
        """Longer than its site allows."""
        minutes = ExpressionWrapper(
            F("site__summary_minutes") * timedelta(minutes=1), output_field=DurationField()
        )
        return self.unsummed().filter(ended_at__lte=Value(now) - minutes)

    def late(self, now: datetime) -> Self:
        """Nobody has answered, and the time for it is over."""
        return self.live().filter(answered_at=None, first_due_at__lt=now)

    def with_all(self) -> Self:
        """What a row shows, in one query."""
        return self.select_related("site", "team", "agent", "customer", "complaint")


class Chat(models.Model):
    """One talk of one visitor with us. Its state is moved by conditional UPDATEs only (actions)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="chats", db_index=False)
    state = models.CharField(
        _("状态"), max_length=8, choices=ChatState.choices, default=ChatState.WAITING
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # As the visitor typed it; nobody has vouched for any of it but what stands in `identity`, too.
    name = models.CharField(_("称呼"), max_length=80, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    email = models.CharField(_("邮箱"), max_length=254, blank=True)
    order_no = models.CharField(_("订单号"), max_length=64, blank=True)
    category = models.CharField(_("问题类别"), max_length=20, blank=True)
    identity = models.JSONField(default=dict, blank=True)  # as its site has signed it
    before = models.JSONField(default=dict)  # label → answer, of all questions before the chat
    privacy_version = models.CharField(max_length=20, blank=True)
    page_url = models.CharField(max_length=500, blank=True)
    page_title = models.CharField(max_length=200, blank=True)
    trail = models.JSONField(default=list, blank=True)  # where he went since then: rules.Step
    device = models.JSONField(default=dict, blank=True)  # rules.Device
    language = models.CharField(max_length=7, default="zh-hans")
    # Found in his words as triage reads them (S1): served before others.
    in_danger = models.BooleanField(default=False)
    danger_words = models.CharField(max_length=200, blank=True)
    earlier = models.PositiveSmallIntegerField(default=0)  # chats of the same person before it
    # Where it came from, for the counters against abuse; forgotten when it ends.
    address = models.GenericIPAddressField(null=True, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="chats", db_index=False
    )
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, related_name="chats", db_index=False
    )
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    agent = models.ForeignKey(User, models.PROTECT, null=True, related_name="chats", db_index=False)
    asked_at = models.DateTimeField(_("进线时间"))
    waits_since = models.DateTimeField()  # in the queue: since asked, or since handed to a team
    first_due_at = models.DateTimeField(_("首答时限"))
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(_("首次应答"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    ended_by = models.CharField(max_length=8, choices=Ender.choices, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    summary = models.CharField(_("小结"), max_length=1000, blank=True)
    # The last line that each side has seen.
    visitor_seen = models.BigIntegerField(default=0)
    agent_seen = models.BigIntegerField(default=0)
    mailed_line = models.BigIntegerField(default=0)  # up to it he got what he missed by mail
    last_line = models.BigIntegerField(default=0)
    last_line_at = models.DateTimeField()
    visitor_line_at = models.DateTimeField()  # of his last line
    visitor_here_at = models.DateTimeField()  # when his page was heard of last
    reminded_at = models.DateTimeField(null=True)  # that he has not answered us
    rating = models.PositiveSmallIntegerField(null=True)
    rating_words = models.CharField(max_length=300, blank=True)
    copied_at = models.DateTimeField(null=True)  # a copy of it was sent to him by mail

    objects = ChatQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=["-in_danger", "waits_since", "id"],
                condition=Q(state=ChatState.WAITING),
                name="chats_by_turn",
            ),
            models.Index(
                fields=["agent", "-last_line_at"],
                condition=Q(state=ChatState.OPEN),
                name="chats_open_of_agent",
            ),
            models.Index(
                fields=["first_due_at"],
                condition=Q(answered_at=None, state__in=LIVE),
                name="chats_first_due",
            ),
            models.Index(fields=["asked_at"], name="chats_asked"),
            models.Index(
                fields=["agent", "-id"],
                condition=Q(state=ChatState.ENDED, outcome=""),
                name="chats_unsummed",
            ),
            models.Index(fields=["agent", "-id"], name="chats_of_agent"),
            models.Index(fields=["site", "-id"], name="chats_of_site"),
            models.Index(fields=["complaint", "id"], name="chats_of_complaint"),
            models.Index(fields=["customer", "-id"], name="chats_of_customer"),
        )

    def __str__(self) -> str:
        return f"{self.site_id} {self.uid}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def shown_name(self) -> str:
        return self.name or str(_("访客 %(number)s") % {"number": str(self.uid)[:4].upper()})

    @property
    def page(self) -> dict[str, str]:
        """Where he is now, as far as his browser tells: url, title."""
        began = {"url": self.page_url, "title": self.page_title}
        return self.trail[-1] if self.trail else began

    @property
    def device_in_words(self) -> str:
        """“手机 · 微信 · iOS 17”; the browser where it is no app's own."""
        told = self.device or {}
        if not (told.get("browser") or told.get("system")):
            return ""
        parts = (
            DeviceKind(told["kind"]).label,
            App(told["app"]).label if told["app"] else told["browser"],
            told["system"],
        )
        return " · ".join(str(part) for part in parts if part)

    @property
    def proven(self) -> dict[str, str]:
        """Of name, phone and email those for which the site vouches."""
        return identities.proven(self.identity, name=self.name, phone=self.phone, email=self.email)

    @property
    def facts(self) -> dict[str, str]:
        """What every event of it tells, in words that stay."""
        return {"chat": str(self.uid), "site": self.site.name}


class ChatFile(models.Model):
    """A file of a chat, kept under a random name; it becomes evidence when the chat becomes a
    complaint."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    chat = models.ForeignKey(Chat, models.PROTECT, related_name="files")
    client = models.UUIDField()
    name = models.CharField(max_length=140)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120, editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: the visitor
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("chat", "client", name="chat_file_once"),)

    def __str__(self) -> str:
        return self.name

    def data(self) -> bytes:
        return (Path(settings.EVIDENCE_DIR) / self.path).read_bytes()


class Mailed(models.Model):
    """A mail of ours about a chat: what he answers to it finds the way back (`asker.py`)."""

    letter = models.OneToOneField(Letter, models.CASCADE, related_name="+")
    chat = models.ForeignKey(Chat, models.PROTECT, related_name="mailed")

    def __str__(self) -> str:
        return f"{self.chat_id} {self.letter_id}"


class LineQuerySet(models.QuerySet["Line"]):
    def for_visitor(self) -> Self:
        """Never a whisper."""
        return self.exclude(kind=By.WHISPER)


class Line(models.Model):
    """Something said in a chat. Only ever added (trigger); what is sent again is one line.

    Ids of one chat grow in the order of their commits: its row is held while a line is written.
    So whoever asks for lines since an id misses none.
    """

    chat = models.ForeignKey(Chat, models.PROTECT, related_name="lines", db_index=False)
    kind = models.CharField(max_length=8, choices=By.choices)
    text = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    client = models.UUIDField(default=uuid.uuid4)
    file = models.OneToOneField(ChatFile, models.PROTECT, null=True, related_name="line")

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("chat", "client", name="line_once"),)
        indexes = (models.Index(fields=["chat", "id"], name="lines_of_chat"),)

    def __str__(self) -> str:
        return f"{self.chat_id} {self.kind}"
