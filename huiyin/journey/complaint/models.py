"""The spine. Thin: what a list must sort and find by, and nothing that a stage can keep itself."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, ClassVar, Self, TypedDict, Unpack

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.kept import FactsField
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.ground.search import lookups  # noqa: F401 — registers `search__matches`
from huiyin.ground.search import rules as search
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.lifecycle import BACK, MOVES, OPEN, PUBLIC, STEP
from huiyin.journey.complaint.rules import looks_like_number, written_number
from huiyin.journey.complaint.words import (
    Channel,
    PublicState,
    Severity,
    Sight,
    Status,
    due_kinds,
    whats,
)

SEES_ALL = (Role.TRIAGER, Role.MANAGER, Role.SUPERVISION)
SEES_TEAM = (Role.LEAD, Role.SUPERVISOR)
SEES_OWN = (Role.AGENT, Role.SPECIALIST)
SEES_RESTRICTED = (Role.PRIVACY, Role.LEGAL)
CALLED_IN = (Role.FINANCE, Role.LEGAL)  # see a complaint only while it waits for them


class CarriedFacts(TypedDict, total=False):
    """The facts of later stages that the spine carries, because lists sort and find by them."""

    severity: int
    category: str
    category_confirmed: bool
    team: Team | None
    assignee: User | None
    next_due_at: datetime | None
    next_due_kind: str
    contact_count: int
    risks: list[str]
    emotion: str
    restricted: bool
    resolved_at: datetime | None
    closed_at: datetime | None
    waits_for: list[str]
    owner: User | None
    supervised: str
    promise_due_at: datetime | None


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whom the complaint concerns (product G2); others see none of it, on any path.

        Triage, management and supervision officers see every complaint; leads and supervisors
        those of their teams and those that have no team yet; agents what they took in or
        may take from their team's pool; visitors what waits for a call-back; finance and legal
        what waits for their signature or payment, as long as it waits; all of them what they were
        given, and what somebody away was given whose deputy they are. Restricted ones are for
        named people and for privacy and legal officers. Whoever is barred (回避) sees it on no
        path. People of other departments see their tasks (`cooperation`), never the complaint.
        """
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        seen = self._scope(user) & Q(restricted=False)
        if user.has_role(*SEES_RESTRICTED):
            seen |= Q(restricted=True)
        named, barred = _written_about(user)
        if named:
            seen |= Q(pk__in=named)
        found = self.filter(seen)
        return found.exclude(pk__in=barred) if barred else found

    @staticmethod
    def _scope(user: User) -> Q:
        if user.has_role(*SEES_ALL):
            return Q()
        scope = Q(pk__in=[])
        if user.has_role(*SEES_OWN, *SEES_TEAM):
            scope |= Q(assignee__in=[user.pk, *user.stands_in_for])
        if user.has_role(*SEES_TEAM):
            scope |= Q(team__in=user.team_ids) | Q(team=None)
        if user.has_role(*SEES_OWN):
            pool = Q(assignee=None, team__in=user.team_ids)
            scope |= Q(received_by=user) | Q(owner=user, status__in=OPEN) | pool
        if user.has_role(Role.VISITOR):
            scope |= Q(status=Status.FUV)
        if user.has_role(*CALLED_IN):
            # The statuses let the partial indexes of open rows answer.
            waiting = Q(waits_for__overlap=[role for role in CALLED_IN if role in user.roles])
            scope |= Q(status__in=(Status.PAP, Status.EXE)) & waiting
        for person in _stood_in_for(user):
            scope |= _waits_for(person)
        return scope

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def search(self, text: str) -> Self:
        """By number, or by any words of subject, text, wish, order, name and contact points."""
        if number := looks_like_number(text):
            return self.filter(number__startswith=number)
        query = search.query(text)
        if not query:
            return self.none() if text.strip() else self
        return self.filter(search__matches=query)

    def for_list(self) -> Self:
        """What a list row shows, in one query."""
        return self.select_related("customer", "assignee", "team").defer("text", "search")


def _stood_in_for(user: User) -> list[User]:
    """Those away whose deputy this person is; read once per request, mostly none."""
    known: list[User] | None = user.__dict__.get("stood_in_for")
    if known is None:
        away = user.stands_in_for
        found = User.objects.filter(pk__in=away).prefetch_related("memberships") if away else ()
        known = user.__dict__["stood_in_for"] = list(found)
    return known


def _waits_for(person: User) -> Q:
    """What waits for this person's approval, as his deputy sees it."""
    everywhere = [role for role in person.roles if role in (*SEES_ALL, *CALLED_IN)]
    in_team = [role for role in person.roles if role in SEES_TEAM]
    teams = [one.team_id for one in person.memberships.all()]
    found = Q(waits_for__overlap=everywhere) if everywhere else Q(pk__in=[])
    if in_team:
        near = Q(team__in=teams) | Q(team=None)
        found |= Q(waits_for__overlap=in_team) & near
    return Q(status=Status.PAP) & found


def _written_about(user: User) -> tuple[list[int], list[int]]:
    """Complaints this person is named for, and barred from; read once per request, mostly none."""
    known: tuple[list[int], list[int]] | None = user.__dict__.get("written_about")
    if known is None:
        rows = list(ComplaintAccess.objects.filter(user=user).values_list("complaint", "sight"))
        known = (
            [pk for pk, sight in rows if sight == Sight.NAMED],
            [pk for pk, sight in rows if sight == Sight.BARRED],
        )
        user.__dict__["written_about"] = known
    return known


def new_tracking_code() -> str:
    """128 random bits in 26 letters and digits that are hard to confuse when read out."""
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    number = secrets.randbits(130)
    return "".join(alphabet[(number >> 5 * i) & 31] for i in range(26))


class Complaint(models.Model):
    """One grievance of one person, from the first word to the archive."""

    number = models.CharField(gettext_lazy("编号"), max_length=20, unique=True)
    tracking_code = models.CharField(max_length=32, editable=False)
    subject = models.CharField(gettext_lazy("摘要"), max_length=120)
    text = models.TextField(gettext_lazy("经过"))
    wanted = models.CharField(gettext_lazy("诉求"), max_length=500, blank=True)
    channel = models.CharField(gettext_lazy("渠道"), max_length=12, choices=Channel.choices)
    # Where an index below begins with a foreign key, it needs no second one of its own.
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="complaints", db_index=False
    )
    order_no = models.CharField(gettext_lazy("订单号"), max_length=64, blank=True)
    happened_on = models.DateField(gettext_lazy("发生日期"), null=True, blank=True)
    received_at = models.DateTimeField(gettext_lazy("受理时间"))
    received_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="received",
        verbose_name=gettext_lazy("受理人"),
    )
    status = models.CharField(max_length=3, choices=Status.choices, default=Status.NEW)

    # Carried for the stages that own them; each stage's own record stays the truth.
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, null=True)
    category = models.CharField(max_length=20, blank=True)
    category_confirmed = models.BooleanField(default=False)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, related_name="complaints", db_index=False
    )
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="assigned", db_index=False
    )
    next_due_at = models.DateTimeField(null=True)
    next_due_kind = models.CharField(max_length=16, choices=due_kinds, blank=True)
    last_activity_at = models.DateTimeField()
    contact_count = models.PositiveIntegerField(default=1)
    risks = ArrayField(models.CharField(max_length=20), default=list)
    emotion = models.CharField(max_length=20, blank=True)
    restricted = models.BooleanField(default=False)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    waits_for = ArrayField(models.CharField(max_length=20), default=list)  # roles called in
    # 首接负责: who answers to the customer, whoever works on it.
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="owned", db_index=False)
    supervised = models.CharField(max_length=10, blank=True, default="")  # level of 督办
    promise_due_at = models.DateTimeField(null=True)  # of the open promise that is due first
    search = SearchVectorField(null=True, editable=False)

    objects = ComplaintQuerySet.as_manager()

    CARRIED: ClassVar[frozenset[str]] = frozenset(CarriedFacts.__annotations__)

    class Meta:
        # Lists are keyset pages, so each order has its index; open rows are few, ended ones many.
        indexes = (
            models.Index(
                fields=["next_due_at", "id"], condition=Q(status__in=OPEN), name="open_by_due"
            ),
            models.Index(
                fields=["severity", "id"], condition=Q(status__in=OPEN), name="open_by_severity"
            ),
            models.Index(
                fields=["team", "status"], condition=Q(status__in=OPEN), name="open_by_team"
            ),
            models.Index(
                fields=["status", "id"], condition=Q(status__in=OPEN), name="open_by_status"
            ),
            models.Index(
                fields=["assignee", "next_due_at", "id"],
                condition=Q(status__in=OPEN),
                name="open_by_assignee",
            ),
            models.Index(
                fields=["received_by", "id"], condition=Q(status__in=OPEN), name="open_by_receiver"
            ),
            models.Index(
                fields=["owner", "id"], condition=Q(status__in=OPEN), name="open_by_owner"
            ),
            models.Index(
                fields=["supervised", "id"],
                condition=Q(status__in=OPEN) & ~Q(supervised=""),
                name="open_by_supervision",
            ),
            models.Index(fields=["-last_activity_at", "-id"], name="by_activity"),
            models.Index(fields=["-received_at", "-id"], name="by_receipt"),
            models.Index(fields=["assignee", "-id"], name="by_assignee"),
            models.Index(fields=["team", "-id"], name="by_team"),
            models.Index(fields=["customer", "-id"], name="by_customer"),
            models.Index(fields=["order_no"], condition=~Q(order_no=""), name="by_order"),
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="closed_by_day"
            ),
            models.Index(
                fields=["received_at", "id"], condition=Q(status__in=OPEN), name="open_by_receipt"
            ),
            GinIndex(fields=["search"], name="by_words"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def public_state(self) -> PublicState:
        return PUBLIC[Status(self.status)]

    @property
    def step(self) -> int:
        """How far along the road of ten steps (lifecycle.STEPS); 10 = all behind."""
        return STEP[Status(self.status)]

    def may_become(self, status: Status) -> bool:
        return status in MOVES[Status(self.status)]

    def move_to(self, status: Status) -> None:
        """Change status: nothing else does, but for the way back below."""
        self._move(status, possible=self.may_become(status))

    def move_back_to(self, status: Status) -> None:
        """Undo a move (BACK of the life cycle): a way that no ordinary act can go."""
        self._move(status, possible=status in BACK[Status(self.status)])

    def _move(self, status: Status, *, possible: bool) -> None:
        if not possible:
            raise Refused(
                _("投诉现在是“%(now)s”，不能变为“%(then)s”，请刷新页面查看最新进展")
                % {"now": self.get_status_display(), "then": status.label}
            )
        self._change(seen={"status": self.status}, status=status)

    def hold(self) -> None:
        """Keep the row still until commit; refused when somebody moved it since it was read."""
        kept = Complaint.objects.select_for_update(no_key=True).filter(pk=self.pk)
        if kept.values_list("status", flat=True).first() != self.status:
            raise Refused(_("这条投诉刚刚被别人处理过，请刷新后再试"))

    def carry(self, *, seen: dict[str, Any] | None = None, **facts: Unpack[CarriedFacts]) -> None:
        """Write facts that a later stage owns, if what the actor saw (`seen`) is still so."""
        unknown = set(facts) - self.CARRIED
        if unknown:
            raise TypeError(f"the spine does not carry {sorted(unknown)}")
        self._change(seen=seen or {}, **facts)

    def _change(self, *, seen: dict[str, Any], **facts: Any) -> None:
        # Conditional on what we saw, so of two people at once one is refused, without locks.
        stored = self._state.adding or Complaint.objects.filter(pk=self.pk, **seen).update(**facts)
        if not stored:
            raise Refused(_("这条投诉刚刚被别人处理过，请刷新后再试"))
        for name, value in facts.items():
            setattr(self, name, value)

    # --- birth: children first, the row and its number last -------------------------------------

    @classmethod
    def begin(cls, *, customer: Customer, text: str, subject: str, **fields: Any) -> Self:
        """A complaint that has an id but no row yet; stages may point at it already.

        `arrive()` writes the row. Until then move_to and carry only change this object: nobody
        else can see it, and our foreign keys are checked at commit.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('complaint_complaint_id_seq')")
            pk = cursor.fetchone()[0]
        now = fields.setdefault("received_at", moment.now())
        return cls(
            pk=pk,
            customer=customer,
            text=text,
            subject=subject,
            tracking_code=new_tracking_code(),
            last_activity_at=now,
            status=Status.NEW,
            **fields,
        )

    def arrive(self) -> None:
        """Take the next number of the year and write the row: the last act of a registration.

        The counter's row stays locked until commit. That makes numbers gapless, and taking it last
        makes the lock as short as the commit.
        """
        self._tell_story_at_birth()
        self.number = NumberSeries.take(self.received_at)
        words = [point.shown for point in self.customer.contact_points.all()]
        self.search = search.document(
            self.subject, self.text, self.wanted, self.order_no, self.customer.name, *words
        )
        self.save(force_insert=True)

    @cached_property
    def story_at_birth(self) -> list[Event]:
        """What was recorded before the row was there."""
        return []

    def _tell_story_at_birth(self) -> None:
        """The events of a registration in one statement, and their jobs in another."""
        from huiyin.journey.complaint.events import promise

        promise(Event.objects.bulk_create(self.story_at_birth))


class NumberSeries(models.Model):
    """The last number given out in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return written_number(self.year, self.last)

    @classmethod
    def take(cls, at: datetime) -> str:
        """The next number of the year in which `at` lies (Shanghai time), e.g. TS2026-000123."""
        year = moment.local_year(at)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO complaint_numberseries AS s (year, last) VALUES (%s, 1) "
                "ON CONFLICT (year) DO UPDATE SET last = s.last + 1 RETURNING last",
                [year],
            )
            return written_number(year, cursor.fetchone()[0])


class ComplaintAccess(models.Model):
    """A person named for a restricted complaint, or barred from one that concerns himself."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="access")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    sight = models.CharField(max_length=6, choices=Sight.choices, default=Sight.NAMED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("complaint", "user", name="named_once"),)

    def __str__(self) -> str:
        return f"{self.user} → {self.complaint}"


class EventQuerySet(models.QuerySet["Event"]):
    def story(self) -> Self:
        return self.select_related("by").order_by("pk")

    def told_to(self, user: User) -> Self:
        """Without the lines that are for some roles alone (`only` among their facts): that a
        customer gave a low score is not told to whom he judged."""
        if user.is_system:
            return self
        mine = Q(facts__only__has_any_keys=list(user.roles))
        return self.filter(Q(facts__only__isnull=True) | mine)


class Event(models.Model):
    """One line of a complaint's story. Only ever added: a trigger refuses change and deletion."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="events", db_index=False)
    what = models.CharField(max_length=20, choices=whats)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    facts = FactsField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["complaint", "id"], name="story_of_complaint"),)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.what}"

    def add(self) -> None:
        """Write the line and, in the same statement, that something happened to its complaint."""
        told = [field.get_db_prep_save(getattr(self, field.attname), connection) for field in _LINE]
        with connection.cursor() as cursor:
            cursor.execute(_ADD_LINE, [self.at, self.complaint_id, *told])
            self.pk = cursor.fetchone()[0]
        self._state.adding, self._state.db = False, connection.alias


_LINE = [field for field in Event._meta.concrete_fields if not field.primary_key]
_ADD_LINE = (
    f"WITH happened AS (UPDATE {Complaint._meta.db_table} SET last_activity_at = %s WHERE id = %s) "
    f"INSERT INTO {Event._meta.db_table} ({', '.join(str(field.column) for field in _LINE)}) "
    f"VALUES ({', '.join('%s' for _field in _LINE)}) RETURNING id"
)
