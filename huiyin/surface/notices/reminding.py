"""Reminders of clocks: pooled by followers, told by the worker. Alone each by itself, many as one;
mail waits for the end of quiet hours, except for S1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, Func, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.clocks.models import Rung
from huiyin.journey.clocks.words import ClockKind, Level, RungKind
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Severity, What
from huiyin.journey.conversation.actions import post_letter
from huiyin.journey.routing.people import on_duty, stand_in, supervisor_on_duty
from huiyin.journey.routing.words import Post
from huiyin.surface.inbox.entries import entry_of
from huiyin.surface.notices.actions import _tell
from huiyin.surface.notices.models import Notice, QuietHours, Reminder, digest_rule
from huiyin.surface.notices.rules import is_flood, is_over, quiet_until

LISTED = 50  # lines of a digest; the queue has the rest
KEPT = timedelta(days=90)
LOUD = frozenset({RungKind.ESCALATION, RungKind.NOTICE})


# --- followers: who is to be told ----------------------------------------------------------------


def remind_rung(event: Event) -> None:
    """Whoever was on duty when the rung fired."""
    people = User.objects.active().filter(pk__in=event.facts.get("to_ids", []))
    _pool(
        event,
        people,
        urgent=event.facts.get("step") in LOUD,
        in_product=event.facts.get("in_product", True),
        by_mail=event.facts.get("by_mail", False),
    )


def remind_assignee(event: Event) -> None:
    """Whoever has it, and who stands in for him: of a warning and of a miss."""
    holder = event.complaint.assignee
    if holder is not None:
        people = {person.pk: person for person in (holder, stand_in(holder))}
        _pool(event, people.values(), urgent=event.what == What.CLOCK_MISSED)


def remind_supervisor(event: Event) -> None:
    """Of a miss of the complaint's own where no ladder does it; a task's is the department's."""
    team = event.complaint.team
    if team is None or event.facts.get("subject") or event.facts.get("ladder"):
        return
    if team.duty_supervisor is not None:
        people = [p for p in (team.duty_supervisor, supervisor_on_duty(team)) if p]
    else:
        people = list(User.objects.present_in(team).with_role(Role.SUPERVISOR, Role.LEAD))
    _pool(event, {p.pk: p for p in people}.values(), urgent=True)


def tell_deciders(event: Event) -> None:
    """Whoever is on duty to decide on more time, or on standing still."""
    if event.facts.get("task"):
        return  # of a department: whoever asked it decides
    if event.what == What.SUSPENSION_ASKED:
        posts: tuple[str, ...] = (Post.SUPERVISOR, Post.MANAGER)
        what = gettext_noop("挂起待您审批")
    else:
        posts = (Post(event.facts.get("post", Level.LEAD)),)
        what = gettext_noop("延期待您审批")
    team, now = event.complaint.team, moment.now()
    found = (on_duty(post, team=team, now=now) for post in posts)
    _tell(event, [person for person in found if person], what=what)


def mail_deciders(event: Event) -> None:
    """By mail too: those who were just told that something waits for their word. What the letter
    names is a page; nothing is decided by opening it."""
    if not entry_of(event, event.complaint.number):
        return
    critical = event.complaint.severity == Severity.S1
    told = Notice.objects.filter(event=event).select_related("user")
    rows = [
        Reminder(
            user=notice.user,
            complaint=event.complaint,
            event=event,
            text=notice.text,
            urgent=notice.urgent,
            in_product=False,
            at=event.at,
            mail_at=_mail_at(notice.user, critical),
        )
        for notice in told
        if notice.user.email
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def _pool(
    event: Event,
    people: Iterable[User],
    *,
    urgent: bool,
    in_product: bool = True,
    by_mail: bool = False,
) -> None:
    critical = event.complaint.severity == Severity.S1
    rows = [
        Reminder(
            user=person,
            complaint=event.complaint,
            event=event,
            text=_sentence(event, person),
            urgent=urgent or critical,
            in_product=in_product,
            at=event.at,
            mail_at=_mail_at(person, critical) if by_mail and person.email else None,
        )
        for person in people
        if person.pk != event.by_id
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def _mail_at(person: User, critical: bool) -> datetime:
    now = moment.now()
    quiet = None if critical else _quiet_hours(person)
    until = quiet and quiet_until(timezone.localtime(now), quiet.begins, quiet.ends)
    return until or now


def _quiet_hours(person: User) -> QuietHours | None:
    """His own, else the first of his roles, else everybody's."""
    rows = list(QuietHours.objects.filter(Q(user=person) | Q(user=None)))
    own = [row for row in rows if row.user_id == person.pk]
    by_role = [row for row in rows if row.user_id is None and row.role in person.roles]
    everybody = [row for row in rows if row.user_id is None and not row.role]
    return next(iter((*own, *by_role, *everybody)), None)


def _sentence(event: Event, person: User) -> str:
    """“TS2026-000123 逐级上报：解决 已用 80%，11-29 18:00 到期”, in the reader's language."""
    facts = event.facts
    with translation.override(person.language or settings.LANGUAGE_CODE):
        step = facts.get("step")
        title = str(RungKind(step).label if step else What(event.what).label)
        clock = str(ClockKind(facts["kind"]).label) if facts.get("kind") else facts.get("clock", "")
        if facts.get("subject"):
            clock = facts["clock"]
        measure, amount, unit = facts.get("place") or ("", 0, "")
        rung = Rung(measure=measure, amount=amount, unit=unit).told if measure else ""
        due = parse_datetime(facts.get("due_at", ""))
        until = _("%(at)s 到期") % {"at": f"{timezone.localtime(due):%m-%d %H:%M}"} if due else ""
        told = "，".join(filter(None, (" ".join(filter(None, (clock, rung))), until)))
        words = f"{event.complaint.number} {title}"
        return (f"{words}：{told}" if told else words)[:300]


# --- the worker: telling -------------------------------------------------------------------------


def tell_waiting() -> int:
    """Show and mail what waits. Runs often; of two workers one takes a person's reminders."""
    to_show = Reminder.objects.filter(noticed_at=None, in_product=True)
    to_mail = Reminder.objects.filter(mailed_at=None, mail_at__lte=moment.now())
    return _for_each(to_show, _show) + _for_each(to_mail, _mail)


def forget_told() -> int:
    """What was told long ago; the story and the letters keep it."""
    old = Reminder.objects.filter(at__lt=moment.now() - KEPT)
    return int(old.delete()[0])


def _for_each(waiting: QuerySet[Reminder], tell: Callable[[User, list[Reminder]], bool]) -> int:
    done = 0
    for pk in waiting.order_by("user").values_list("user", flat=True).distinct():
        with transaction.atomic():
            # With what `visible_to` asks of him.
            alone = _AloneWith("pk", output_field=BooleanField())
            user = User.objects.who_asks().annotate(alone=alone).get(pk=pk)
            if user.alone:
                rows = list(waiting.filter(user=user).select_related("complaint", "event"))
                done += bool(rows) and tell(user, rows)
    return done


class _AloneWith(Func):
    """Takes the lock of this person until commit; false where another worker has it."""

    template = "pg_try_advisory_xact_lock(hashtext('huiyin reminders'), (%(expressions)s)::int)"


def _show(user: User, rows: list[Reminder]) -> bool:
    """As notices, each or all in one. False while a flood still comes in."""
    now, told = moment.now(), _still_his(user, rows)
    flood = _floods(user, rows, now)
    if flood and not is_over(rows[0].at, rows[-1].at, now):
        return False
    shown = [_digest(user, told)] if flood and len(told) > 1 else [_one(user, row) for row in told]
    Notice.objects.bulk_create(shown, ignore_conflicts=True)
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(noticed_at=now)
    return True


def _floods(user: User, rows: Sequence[Reminder], now: datetime) -> bool:
    rule = digest_rule()
    lately = user.reminders.filter(noticed_at__gt=now - timedelta(minutes=rule.minutes))
    return is_flood(len(rows), lately[: rule.most + 1].count(), rule.most)


def _mail(user: User, rows: list[Reminder]) -> bool:
    """One letter, however many wait for it."""
    now, told = moment.now(), _still_his(user, rows)
    if _floods(user, rows, now) and not is_over(rows[0].at, rows[-1].at, now):
        return False
    if told and user.email:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            subject, body = _letter(told)
        post_letter(
            told[0].complaint if len(told) == 1 else None,
            event=told[0].event,
            purpose="reminder",
            recipient=user.email,
            subject=subject,
            body=body,
        )
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=now)
    return True


def _still_his(user: User, rows: list[Reminder]) -> list[Reminder]:
    """Of complaints he sees when it is told; a department's people are told what they owe."""
    asked = {row.complaint_id for row in rows}
    sees = set(Complaint.objects.visible_to(user).filter(pk__in=asked).values_list("pk", flat=True))
    return [row for row in rows if row.complaint_id in sees or _owes(user, row)]


def _owes(user: User, row: Reminder) -> bool:
    facts = row.event.facts
    return bool(facts.get("subject")) and user.pk in facts.get("to_ids", [])


def _one(user: User, row: Reminder) -> Notice:
    return Notice(
        user=user,
        complaint=row.complaint,
        event=row.event,
        text=row.text,
        urgent=row.urgent,
        at=row.at,
    )


def _digest(user: User, rows: list[Reminder]) -> Notice:
    """One notice for all, at the one that is due first."""
    first = min(rows, key=_due)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        text = _("%(number)s 等 %(complaints)s 件投诉共 %(count)s 项提醒：%(kinds)s") % {
            "number": first.complaint.number,
            "complaints": len({row.complaint_id for row in rows}),
            "count": len(rows),
            "kinds": _kinds(rows),
        }
    urgent = any(row.urgent for row in rows)
    return Notice(
        user=user,
        complaint=first.complaint,
        event=first.event,
        text=text[:300],
        urgent=urgent,
        at=moment.now(),
    )


def _due(row: Reminder) -> tuple[str, int]:
    return str(row.event.facts.get("due_at", "")), row.pk


def _kinds(rows: Iterable[Reminder]) -> str:
    counted = Counter(What(row.event.what) for row in rows)
    return "、".join(f"{what.label} {count}" for what, count in counted.most_common())


def _letter(rows: list[Reminder]) -> tuple[str, str]:
    """Number, limit and date; nothing of the customer leaves the house in it."""
    if len(rows) == 1:
        [row] = rows
        number = row.complaint.number
        page = entry_of(row.event, number) or reverse("workbench:complaint", args=[number])
        address = settings.BASE_URL + page
        return row.text, _("%(text)s\n\n登录后查看和处理：%(address)s") % {
            "text": row.text,
            "address": address,
        }
    lines = [f"· {row.text}" for row in sorted(rows, key=_due)[:LISTED]]
    if len(rows) > LISTED:
        lines.append(_("……另有 %(count)s 项") % {"count": len(rows) - LISTED})
    subject = _("%(count)s 项提醒：%(kinds)s") % {"count": len(rows), "kinds": _kinds(rows)}
    return subject, _("%(lines)s\n\n登录后查看和处理：%(address)s") % {
        "lines": "\n".join(lines),
        "address": settings.BASE_URL + _place_of(rows),
    }


def _place_of(rows: Iterable[Reminder]) -> str:
    """Of many: the inbox when all of them wait for a decision, else the queue."""
    asked = all(entry_of(row.event, row.complaint.number) for row in rows)
    return reverse("inbox:inbox" if asked else "workbench:queue")
