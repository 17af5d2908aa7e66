"""What the desk shows: own chats, waiting ones, the team's; all by filter; figures of today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.aggregates import Aggregate
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import DurationField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.people.models import Membership, Team, User
from huiyin.ground.people.words import Presence, Role
from huiyin.journey.channels.chat import fairness
from huiyin.journey.channels.chat.models import Chat, Line, Seat, Site
from huiyin.journey.channels.chat.models.chats import WATCHERS, ChatQuerySet
from huiyin.journey.channels.chat.words import By, ChatState, Outcome
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.permissions import WRITERS

PAGE = 50
MOST_SHOWN = 60  # rows of each group of the desk
MOST_TAKERS = 1000  # to be found by typing
COUNTED = 100  # “99+” says enough
HOME = ZoneInfo("Asia/Shanghai")
HERE = timedelta(seconds=60)  # a page that was not heard of for so long is gone
FIGURES_KEPT = 5  # seconds
AMBER, RED = 50, 80  # percent of the limit


# --- the desk ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """The left column."""

    own: list[Chat] = field(default_factory=list)
    waiting: list[Chat] = field(default_factory=list)
    others: list[Chat] = field(default_factory=list)  # of the team, for those who lead it
    unsummed: list[Chat] = field(default_factory=list)

    @property
    def unread(self) -> int:
        return sum(one.unread for one in self.own) + len(self.waiting)  # type: ignore[attr-defined]


def desk(user: User) -> Desk:
    """At most four questions, however many chats there are."""
    rows = _rows(user)
    first = Case(When(in_danger=True, answered_at=None, then=0), default=1)
    own = rows.filter(state=ChatState.OPEN, agent=user).order_by(first, "-last_line_at", "-pk")
    others: list[Chat] = []
    if user.has_role(*WATCHERS, Role.MANAGER):
        talks = rows.filter(state=ChatState.OPEN).exclude(agent=user)
        others = list(talks.order_by("-last_line_at", "-pk")[:MOST_SHOWN])
    unsummed = rows.unsummed().filter(agent=user).order_by("-pk")
    return Desk(
        own=list(own[:MOST_SHOWN]),
        waiting=list(rows.waiting()[:MOST_SHOWN]),
        others=others,
        unsummed=list(unsummed[:MOST_SHOWN]),
    )


def _rows(user: User) -> ChatQuerySet:
    """With the words of the last line, how many of his were not read, and since when he waits for
    our answer."""
    lines = Line.objects.filter(chat=OuterRef("pk"))
    ours = Line.objects.filter(chat=OuterRef(OuterRef("pk")), kind=By.AGENT).order_by("-pk")
    answered = Coalesce(Subquery(ours.values("pk")[:1]), Value(0))
    owed = lines.filter(kind=By.VISITOR, pk__gt=answered).order_by("pk")
    last = lines.exclude(kind=By.SYSTEM).order_by("-pk")
    unread = (
        lines.filter(kind=By.VISITOR, pk__gt=OuterRef("agent_seen"))
        .order_by()
        .values("chat")
        .annotate(n=Count("pk"))
    )
    return (
        Chat.objects.visible_to(user)
        .with_all()
        .annotate(
            last_words=Subquery(last.values("text")[:1]),
            last_kind=Subquery(last.values("kind")[:1]),
            owed_since=Subquery(owed.values("at")[:1]),
            unread=Coalesce(Subquery(unread.values("n"), output_field=IntegerField()), 0),
        )
    )


def is_gone(chat: Chat, now: datetime) -> bool:
    return chat.is_live and chat.visitor_here_at < now - HERE


def amber_at(chat: Chat) -> datetime:
    return fairness.mark_at(_runs_since(chat), chat.first_due_at, AMBER)


def red_at(chat: Chat) -> datetime:
    return fairness.mark_at(_runs_since(chat), chat.first_due_at, RED)


def _runs_since(chat: Chat) -> datetime:
    """Asked at night, the limit begins with the opening: at most its own length before its end."""
    limit = timedelta(seconds=chat.site.first_reply_seconds)
    return max(chat.asked_at, chat.first_due_at - limit)


def asking(user: User) -> int:
    """How many ask for this person: who waits for his teams, and his own with words that he has
    not read. For the navigation of every page."""
    if not user.has_role(*WRITERS):
        return 0
    unread = Line.objects.filter(
        chat=OuterRef("pk"), kind=By.VISITOR, pk__gt=OuterRef("agent_seen")
    )
    own = Q(state=ChatState.OPEN, agent=user) & Exists(unread)
    found = Chat.objects.visible_to(user).filter(Q(state=ChatState.WAITING) | own)
    return found[:COUNTED].count()


def seat_of(user: User) -> Seat:
    """The seat, or one that nobody has sat on."""
    return Seat.objects.filter(user=user).first() or Seat(user=user)


# --- figures of today ----------------------------------------------------------------------------


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Figures:
    chats: int
    median: float | None  # seconds to the first reply
    missed: int
    rating: float | None
    rated: int


def today(now: datetime) -> datetime:
    """Midnight, where the house stands."""
    return datetime.combine(now.astimezone(HOME).date(), time(0), HOME)


def figures(user: User) -> Figures:
    """Of the chats of today that this person may see; kept for some seconds."""
    key = f"chats-today-{user.pk}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = _figures(user)
        cache.set(key, found, FIGURES_KEPT)
    return found


def _figures(user: User) -> Figures:
    now = moment.now()
    chats = Chat.objects.visible_to(user).filter(asked_at__gte=today(now))
    waited = ExpressionWrapper(F("answered_at") - F("asked_at"), output_field=DurationField())
    told = chats.order_by().aggregate(
        chats=Count("pk"),
        median=Median(waited, filter=Q(answered_at__isnull=False)),
        missed=Count("pk", filter=missed(now)),
        mean=Avg("rating"),
        rated=Count("rating"),
    )
    median, mean = told.pop("median"), told.pop("mean")
    seconds = median.total_seconds() if median is not None else None
    return Figures(**told, median=seconds, rating=mean)


def missed(now: datetime) -> Q:
    """The first reply came too late, or has not come in time."""
    late = Q(answered_at__gt=F("first_due_at"))
    never = Q(answered_at=None, first_due_at__lt=now)
    return late | (never & (Q(ended_at=None) | Q(ended_at__gt=F("first_due_at"))))


# --- ended ones, and all that can be found -------------------------------------------------------


STATES = (
    ("", _("全部")),
    *((one.value, one.label) for one in ChatState),
    ("unsummed", _("待小结")),
    ("missed", _("首答超时")),
    ("rated", _("有评价")),
)
OUTCOMES = tuple((one.value, one.label) for one in Outcome)


@dataclass(frozen=True)
class Asked:
    """What was asked for; what cannot be is as if it had not been."""

    q: str = ""
    site: int | None = None
    agent: int | None = None
    team: int | None = None
    state: str = ""
    outcome: str = ""
    rating: int | None = None
    since: str = ""
    until: str = ""
    before: int | None = None

    @property
    def is_narrowed(self) -> bool:
        own = (self.q, self.site, self.agent, self.team, self.state, self.outcome)
        return any((*own, self.rating, self.since, self.until))

    @property
    def kept(self) -> dict[str, str]:
        """As the next page is asked for."""
        names = ("q", "site", "agent", "team", "state", "outcome", "rating", "since", "until")
        return {name: str(value) for name in names if (value := getattr(self, name))}


def read(typed: dict[str, str]) -> Asked:
    state, outcome = typed.get("state", ""), typed.get("outcome", "")
    rating = _number(typed.get("rating", ""))
    return Asked(
        q=typed.get("q", "").replace("\x00", "").strip()[:80],
        site=_number(typed.get("site", "")),
        agent=_number(typed.get("agent", "")),
        team=_number(typed.get("team", "")),
        state=state if state in dict(STATES) else "",
        outcome=outcome if outcome in dict(OUTCOMES) else "",
        rating=rating if rating in range(1, 6) else None,
        since=_day(typed.get("since", "")),
        until=_day(typed.get("until", "")),
        before=_number(typed.get("before", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _day(text: str) -> str:
    found = moment.read_day(text)
    return found.isoformat() if found else ""


def page(asked: Asked, user: User) -> tuple[list[Chat], int | None]:
    """One page, the newest first; and where to go on."""
    rows = narrowed(asked, user)
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    some = list(rows.order_by("-pk")[: PAGE + 1])
    return some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None


def narrowed(asked: Asked, user: User) -> ChatQuerySet:
    rows = _rows(user)
    if asked.state in ChatState.values:
        rows = rows.filter(state=asked.state)
    elif asked.state == "unsummed":
        rows = rows.unsummed()
    elif asked.state == "rated":
        rows = rows.filter(rating__isnull=False)
    elif asked.state == "missed":
        rows = rows.filter(missed(moment.now()))
    for name in ("site", "agent", "team", "outcome", "rating"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    if asked.since:
        rows = rows.filter(asked_at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(asked_at__lt=_midnight(asked.until) + timedelta(days=1))
    for word in asked.q.split()[:5]:
        rows = rows.filter(_names(word))
    return rows


def _names(word: str) -> Q:
    """By whom, by number, or by what was said in it."""
    said = Line.objects.filter(chat=OuterRef("pk"), text__icontains=word)
    return (
        Q(name__icontains=word)
        | Q(phone__icontains=word)
        | Q(email__icontains=word)
        | Q(order_no__icontains=word)
        | Q(complaint__number__icontains=word)
        | Q(Exists(said))
    )


def _midnight(day: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(day).date(), time(0), HOME)


def numbers_seen(user: User, chats: list[Chat]) -> dict[int, str]:
    """Numbers of their complaints, of those that this person sees."""
    asked = {chat.complaint_id for chat in chats if chat.complaint_id}
    if not asked:
        return {}
    return dict(Complaint.objects.visible_to(user).filter(pk__in=asked).values_list("pk", "number"))


def choices(user: User) -> dict[str, list[tuple[int, str]]]:
    """What the list can be narrowed to: sites, those who sit at the desk, teams."""
    seats = User.objects.filter(chat_seat__isnull=False).order_by("name")
    teams = Team.objects.filter(retired_at=None)
    return {
        "sites": [(site.pk, site.name) for site in Site.objects.only("name")],
        "agents": list(seats.values_list("pk", "name")),
        "teams": list(teams.values_list("pk", "name")),
    }


# --- to whom a chat can go -----------------------------------------------------------------------


def takers(chat: Chat, *, but: User) -> tuple[list[User], list[Team]]:
    """Colleagues who may sit at the desk: who is here first, who is away last; of equals those who
    are ready, those of its team, those with the least to do. Each with `talks` and `most`; and the
    teams."""
    here = Case(When(presence=Presence.PRESENT, then=0), When(presence=Presence.BREAK, then=1))
    talks = (
        Chat.objects.filter(agent=OuterRef("pk"), state=ChatState.OPEN)
        .order_by()
        .values("agent")
        .annotate(n=Count("pk"))
    )
    seat = Seat.objects.filter(user=OuterRef("pk"))
    people = (
        User.objects.active()
        .with_role(*WRITERS)
        .exclude(pk__in=[but.pk, chat.agent_id or 0])
        .annotate(
            talks=Coalesce(Subquery(talks.values("n"), output_field=IntegerField()), 0),
            most=Coalesce(Subquery(seat.values("most")[:1]), 5),
            ready=Coalesce(Subquery(seat.values("ready")[:1]), Value(False)),
            is_here=Case(When(presence=Presence.AWAY, then=False), default=True),
            near=Exists(Membership.objects.filter(user=OuterRef("pk"), team=chat.team_id or 0)),
        )
        .order_by(Coalesce(here, 2), "-ready", "-near", "talks", "name")
    )
    teams = Team.objects.filter(retired_at=None)
    if chat.state == ChatState.WAITING and chat.team_id:
        teams = teams.exclude(pk=chat.team_id)
    return list(people[:MOST_TAKERS]), list(teams.order_by("name"))
