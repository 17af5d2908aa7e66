"""Who gets whom: waiting visitors go to whoever is ready and talks with the fewest; what was not
answered, or whose agent went, comes back to the front. Each is safe to run twice and twice at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from huiyin.ground import moment
from huiyin.ground.people.models import Membership, User
from huiyin.ground.people.words import Presence
from huiyin.ground.refusal import Refused
from huiyin.journey.channels.chat import live
from huiyin.journey.channels.chat.actions.alarms import alarm
from huiyin.journey.channels.chat.actions.lines import held, tell_all
from huiyin.journey.channels.chat.actions.passing import accept
from huiyin.journey.channels.chat.actions.waking import wake
from huiyin.journey.channels.chat.fairness import Free, next_one
from huiyin.journey.channels.chat.models import Alarm, Chat, Seat
from huiyin.journey.channels.chat.words import AlarmKind, ChatState

ONE_DISTRIBUTOR = 0x68795F63  # advisory lock: of two that distribute at once one does it for both
AT_A_TIME = 200
# An open page of the desk is heard of every few seconds, a hidden one each minute. Whoever looks
# at a complaint meanwhile gets nobody new, and keeps those whom he has for a while.
HEARD_FOR = timedelta(seconds=90)
GONE_AFTER = timedelta(minutes=5)


def distribute() -> int:
    """Every visitor who waits, in their order, as long as somebody has room. How many went."""
    if not Chat.objects.filter(state=ChatState.WAITING).exists():
        return 0
    with transaction.atomic():
        if not _alone():
            return 0
        seats = {seat.user: seat for seat in _free()}
        given = 0
        for chat in Chat.objects.waiting().select_related("site", "complaint")[:AT_A_TIME]:
            if not any(seat.has_room for seat in seats.values()):
                break
            given += _given(chat, seats)
    return given


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_DISTRIBUTOR])
        return bool(cursor.fetchone()[0])


def _free() -> list[Free]:
    """Those who are ready and here, with how much they have to do."""
    talks = (
        Chat.objects.filter(agent=OuterRef("user"), state=ChatState.OPEN)
        .order_by()
        .values("agent")
        .annotate(n=Count("pk"))
    )
    latest = Chat.objects.filter(agent=OuterRef("user"), accepted_at__isnull=False)
    here = Q(here_at=None) | Q(here_at__gte=moment.now() - HEARD_FOR)
    ready = Seat.objects.filter(
        here, ready=True, user__is_active=True, user__presence=Presence.PRESENT
    ).annotate(
        talks=Coalesce(Subquery(talks.values("n")), 0),
        given_at=Subquery(latest.order_by("-pk").values("accepted_at")[:1]),
    )
    rows = list(ready.values_list("user", "talks", "most", "given_at"))
    teams: dict[int, set[int]] = {}
    of_them = Membership.objects.filter(user__in=[row[0] for row in rows])
    for user, team in of_them.values_list("user", "team"):
        teams.setdefault(user, set()).add(team)
    return [
        Free(user, talks, most, given_at, frozenset(teams.get(user, ())))
        for user, talks, most, given_at in rows
    ]


def served_by() -> Callable[[int | None], bool]:
    """Whether anybody sits at the desk for a team; one answer for all who wait."""
    seats = _free()
    teams = {team for seat in seats for team in seat.teams}
    return lambda team: bool(seats) if team is None else team in teams


def _given(chat: Chat, seats: dict[int, Free]) -> bool:
    """To the next one; whom the business refuses this visitor (回避, no room left) is passed."""
    had = Alarm.objects.filter(chat=chat, kind=AlarmKind.UNANSWERED).values_list("agent", flat=True)
    but = frozenset(one for one in had if one is not None)
    while (seat := next_one(seats.values(), chat.team_id, but)) is not None:
        try:
            with transaction.atomic():
                accept(chat, by=User.objects.get(pk=seat.user))
        except Refused:
            but |= {seat.user}
            continue
        wake()
        seats[seat.user] = Free(seat.user, seat.talks + 1, seat.most, moment.now(), seat.teams)
        return True
    return False


# --- back to the queue --------------------------------------------------------------------------


@transaction.atomic
def put_back(chat: Chat, kind: AlarmKind) -> bool:
    """To the front of the queue, because whoever had him is gone or did not answer; the supervisor
    hears of it. Whether it was still his."""
    kept = held(chat)
    if kept.state != ChatState.OPEN or kept.agent_id is None or kept.agent_id != chat.agent_id:
        return False
    if kind == AlarmKind.UNANSWERED and kept.answered_at is not None:
        return False
    agent = kept.agent
    live.tell(kept, "state")  # as it was: to whoever had him
    first = Chat.objects.waiting().filter(team=kept.team_id).first()
    front = min(kept.asked_at, first.waits_since - timedelta(seconds=1) if first else kept.asked_at)
    fields = {"state": ChatState.WAITING, "agent": None, "waits_since": front}
    Chat.objects.filter(pk=kept.pk).update(**fields)
    for name, value in fields.items():
        setattr(kept, name, value)
    tell_all(kept, gettext_noop("客服暂时离开了，正在为您安排另一位同事，您排在最前面"))
    live.tell(kept, "state")
    wake()
    alarm(kept, kind, agent=agent)
    return True


def return_lost() -> int:
    """Chats of agents who are gone, and of those who did not answer in time, back to the front."""
    now = moment.now()
    returned = 0
    for chat in Chat.objects.filter(_agent_is_gone(now), state=ChatState.OPEN).order_by("asked_at"):
        returned += put_back(chat, AlarmKind.OFFLINE)
    gone = Seat.objects.filter(ready=True).filter(
        Q(user__presence=Presence.AWAY) | Q(user__is_active=False) | Q(here_at__lt=now - GONE_AFTER)
    )
    gone.update(ready=False, since=now)
    silent = Chat.objects.filter(state=ChatState.OPEN, answered_at=None, agent__isnull=False)
    for chat in silent.select_related("site").order_by("asked_at"):
        limit = timedelta(seconds=chat.site.return_seconds)
        if limit and chat.accepted_at and chat.accepted_at <= now - limit:
            agent = chat.agent_id
            if put_back(chat, AlarmKind.UNANSWERED):
                Seat.objects.filter(user=agent, ready=True).update(ready=False, since=now)
                returned += 1
    return returned


def _agent_is_gone(now: datetime) -> Q:
    left = Q(agent__presence=Presence.AWAY) | Q(agent__is_active=False)
    return left | Q(agent__chat_seat__here_at__lt=now - GONE_AFTER)
