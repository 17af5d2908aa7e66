"""A task to a department, and its legs: one for each department it was with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Refused
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.cooperation.lifecycle import MOVES, OPEN, WAITING
from huiyin.journey.cooperation.models.templates import TaskTemplate
from huiyin.journey.cooperation.people import DEPARTMENT_ROLES, headed_by
from huiyin.journey.cooperation.words import End, Part, Shows, State

if TYPE_CHECKING:
    from huiyin.journey.cooperation.models.said import Dispute


class TaskQuerySet(models.QuerySet["Task"]):
    def of_department(self, user: User | AnonymousUser) -> Self:
        """What was dispatched to this person's department: a handler what was given to him or to
        nobody yet, a head all of it and of what belongs to it. Fails closed."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        given = Q(department__in=headed_by(user))
        if user.department_id and user.has_role(*DEPARTMENT_ROLES):
            people = [user.pk, *user.stands_in_for]
            mine = Q(handler=None) | Q(handler__in=people)
            given |= Q(department=user.department_id) & mine
        barred = ComplaintAccess.objects.filter(
            complaint=OuterRef("complaint"), user=user, sight=Sight.BARRED
        )
        return self.filter(given).exclude(Exists(barred))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Both sides: whoever sees the complaint, and those of the department it is with now."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        ours = Complaint.objects.visible_to(user)
        theirs = self.model.objects.of_department(user).values("pk")
        return self.filter(Q(complaint__in=ours.values("pk")) | Q(pk__in=theirs))

    def open(self) -> Self:
        """Neither done nor cancelled: they keep the complaint from being closed."""
        return self.filter(state__in=OPEN)

    def late(self, now: datetime) -> Self:
        """Not signed, or not answered, although the time is over."""
        unsigned = Q(state=State.SENT, leg__sign_clock__due_at__lt=now)
        unanswered = Q(state__in=(*WAITING, State.DISPUTED), leg__clock__due_at__lt=now)
        return self.filter(unsigned | (unanswered & Q(leg__ended_at=None)))

    def late_among(self, complaints: Sequence[Complaint], now: datetime) -> set[int]:
        """Ids of those complaints for which a department is late: one query for a page of rows."""
        found = self.late(now).filter(complaint__in=[one.pk for one in complaints])
        return set(found.values_list("complaint", flat=True)) if complaints else set()

    def with_all(self) -> Self:
        """What a row or a page of tasks shows, in one query."""
        return self.select_related(
            "complaint__customer",
            "complaint__team",
            "complaint__assignee",
            "department__head",
            "department__deputy_head",
            "handler",
            "by",
            "leg__sign_clock",
            "leg__clock",
        )


class Task(models.Model):
    """A question of a complaint to a department, until when, and what became of it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="tasks", db_index=False)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="tasks", db_index=False, verbose_name=_("部门")
    )
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="tasks", verbose_name=_("经办人")
    )
    part = models.CharField(max_length=4, choices=Part.choices, default=Part.CO)
    title = models.CharField(_("标题"), max_length=120)
    question = models.TextField(_("问题"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    shows = models.CharField(max_length=10, choices=Shows.choices, default=Shows.MASKED)
    contact = models.BooleanField(default=False)  # the department may ask for the customer's phone
    files = models.ManyToManyField(Evidence, related_name="+", verbose_name=_("附给部门的文件"))
    template = models.ForeignKey(
        TaskTemplate, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    leg = models.OneToOneField("Leg", models.PROTECT, null=True, related_name="+")  # the last
    hops = models.PositiveSmallIntegerField(default=0)
    redone = models.PositiveSmallIntegerField(default=0)
    ruled_at = models.DateTimeField(null=True)  # from then on nobody returns it (潍坊条例 22)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(fields=["complaint", "id"], name="tasks_of_complaint"),
            models.Index(
                fields=["department", "state", "id"],
                condition=Q(state__in=OPEN),
                name="open_tasks_of_department",
            ),
            models.Index(fields=["department", "-id"], name="tasks_of_department"),
            models.Index(fields=["state"], condition=Q(state__in=OPEN), name="open_tasks"),
        )
        constraints = (
            models.UniqueConstraint(
                "complaint",
                condition=Q(part=Part.LEAD, state__in=OPEN),
                name="one_lead_task",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """What its clocks are called by."""
        return f"task:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_waiting(self) -> bool:
        """For the department: not signed, or not answered."""
        return self.state in WAITING

    @property
    def current(self) -> Leg:
        """The department's time with it: every task has one from birth."""
        assert self.leg is not None
        return self.leg

    @property
    def clock(self) -> Clock | None:
        """What the department owes next, None when it owes nothing."""
        if self.leg is None or self.leg.ended_at is not None:
            return None
        first = self.leg.sign_clock if self.state == State.SENT else None
        for clock in (first, self.leg.clock):
            if clock is not None and clock.stopped_at is None:
                return clock
        return None

    def is_late(self, now: datetime) -> bool:
        return self.clock is not None and self.clock.due_at < now

    @property
    def open_dispute(self) -> Dispute | None:
        if self.state != State.DISPUTED:
            return None
        return self.disputes.filter(decided_at=None).select_related("by", "owner").first()

    @property
    def facts(self) -> dict[str, Any]:
        """What every event of it tells, in words that stay."""
        return {"task": self.pk, "to": self.department.name, "name": self.title}

    def turn(self, state: State, **fields: Any) -> None:
        """Go on to another state, if it still stands where it was seen: of two, one is refused."""
        seen = State(self.state)
        if state not in MOVES[seen]:
            raise Refused(
                gettext("这项任务现在是“%(now)s”，不能这样办理，请刷新页面查看最新进展")
                % {"now": seen.label}
            )
        same = Task.objects.filter(pk=self.pk, state=seen, leg=self.leg)
        if not same.update(state=state, **fields):
            raise Refused(gettext("这项任务刚刚被别人处理过，请刷新后再看"))
        for name, value in {"state": state, **fields}.items():
            setattr(self, name, value)


class LegQuerySet(models.QuerySet["Leg"]):
    def numbers(self, since: datetime, until: datetime) -> list[dict[str, Any]]:
        """Each department's figures for what came to it between two moments, the fullest first.

        Fair denominators: signing counts once it was signed or missed; answering once it was
        answered or missed; what was rightly returned or ruled to somebody else counts for neither.
        """
        fair = ~Q(ended__in=(End.RETURNED, End.RULED, End.CANCELLED)) | Q(lost=True)
        found: Any = self.filter(began_at__gte=since, began_at__lt=until).values(
            "department", "department__name", "department__name_en", "department__kind"
        )
        return list(
            found.annotate(
                tasks=Count("pk"),
                signed_of=Count("pk", filter=fair & Q(sign_late__isnull=False)),
                signed_in_time=Count("pk", filter=fair & Q(sign_late=False)),
                answered_of=Count("pk", filter=fair & Q(answer_late__isnull=False)),
                answered_in_time=Count("pk", filter=fair & Q(answer_late=False)),
                returned=Count("pk", filter=Q(ended=End.RETURNED)),
                disputes=Count("pk", filter=Q(lost__isnull=False)),
                disputes_lost=Count("pk", filter=Q(lost=True)),
                redone=Count("pk", filter=Q(redone__gt=0)),
                accepted=Count("pk", filter=Q(ended=End.DONE)),
            ).order_by("-tasks", "department__code")
        )


class Leg(models.Model):
    """One department's time with a task, from then until then, and how it kept its limits.

    `sign_late` and `answer_late` are None until it is known; `lost`: a dispute was ruled against
    it (or for it).
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="legs")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", db_index=False)
    handler = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=500, blank=True)  # why it came here, after the first
    began_at = models.DateTimeField()
    return_until = models.DateTimeField()
    sign_clock = models.ForeignKey(Clock, models.PROTECT, null=True, related_name="+")
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)  # for the first time
    sign_late = models.BooleanField(null=True)
    answer_late = models.BooleanField(null=True)
    redone = models.PositiveSmallIntegerField(default=0)
    lost = models.BooleanField(null=True)
    ended = models.CharField(max_length=10, choices=End.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # of the return or the forwarding
    owner = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False
    )  # who should have got it, says whoever returned it

    objects = LegQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                "task", condition=Q(ended_at=None), name="one_department_has_it"
            ),
        )
        indexes = (
            models.Index(fields=["began_at", "department"], name="legs_by_day"),
            models.Index(fields=["department", "began_at"], name="legs_of_department"),
        )

    def __str__(self) -> str:
        return f"{self.task_id} @ {self.department_id}"
