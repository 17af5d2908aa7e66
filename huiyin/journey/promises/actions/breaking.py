"""A promise that was not kept in time: once, however many workers run. The customer is told first
(`notices`), then the complaint weighs more, then a supervisor calls."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import due_at
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import Severity, What
from huiyin.journey.promises.actions.promising import carry_due
from huiyin.journey.promises.actions.settling import ended_with
from huiyin.journey.promises.models import Promise, usual_times
from huiyin.journey.promises.words import State
from huiyin.journey.triage.actions import raise_severity as weigh_more

CALL_HOURS = 4  # working hours, where the table of usual times says nothing


def break_on_miss(event: Event) -> None:
    """Follow a clock that was missed: the promise it timed is broken. The complaint is held."""
    given = promise_of(event)
    if given is None or given.state != State.OPEN:
        return
    given.complaint = event.complaint
    given.turn(State.OPEN, state=State.BROKEN, broken_at=moment.now(), **ended_with(given))
    carry_due(event.complaint)
    record(What.PROMISE_BROKEN, event.complaint, by=User.objects.system(), **given.facts)


def promise_of(event: Event) -> Promise | None:
    """The promise an event is about, by its own facts or by those of its clock."""
    of, _colon, pk = str(event.facts.get("subject") or "").partition(":")
    told = event.facts.get("promise") or (int(pk) if of == "promise" and pk.isdecimal() else None)
    if not told:
        return None
    given = Promise.objects.select_related("by").filter(pk=told).first()
    if given is not None and given.complaint_id == event.complaint_id:
        given.complaint = event.complaint
    return given


def raise_severity(event: Event) -> None:
    """Follow a broken promise: severity goes up one, with the reason (domain §6.5)."""
    complaint = event.complaint
    weighed = complaint.triages.exists()  # brought in from a file it was never
    if not complaint.is_open or complaint.severity is None or not weighed:
        return
    if complaint.severity > Severity.S1:
        reason = frozen(gettext_lazy("承诺未按时兑现：%(what)s")) % {"what": event.facts["name"]}
        weigh_more(
            complaint,
            by=User.objects.system(),
            severity=complaint.severity - 1,
            reason=reason,
        )


def ask_call(event: Event) -> None:
    """Follow a broken promise: a supervisor calls the customer, not whoever broke it."""
    given = promise_of(event)
    if given is None:
        return
    usual = usual_times().get(given.kind)
    hours = float(usual.call_amount) if usual else CALL_HOURS
    callbacks.ask(
        event.complaint,
        kind=CallbackKind.PROMISE,
        reason=frozen(gettext_lazy("承诺未按时兑现：%(what)s")) % {"what": given.what},
        due_at=due_at(event.at, hours, "work_hours", calendar("office")),
        by=User.objects.system(),
        source=given.subject,
        post=Role.SUPERVISOR,
        not_by=[given.holder] if given.holder else [],
    )
