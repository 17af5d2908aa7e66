"""What stands beside the registration form: everything the house knows of what is typed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions.planning import planned
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake import known, rules
from huiyin.journey.intake.forms import asked
from huiyin.journey.intake.models import Draft
from huiyin.journey.triage import knowledge, shown

LONGEST_READ = 4000  # characters of the story that are read while it is typed
ENOUGH_TO_READ = 4
REPEAT_WINDOW = timedelta(days=30)  # K15
FORETOLD = (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION)

SAID = (
    "phone",
    "name",
    "email",
    "order_no",
    "happened_on",
    "place",
    "concerning",
    "text",
    "category",
    "wanted",
    "channel",
)


@dataclass(frozen=True)
class Foretold:
    """A limit that will run when this is registered."""

    label: str
    due_at: datetime
    allowance: str


def hints(
    user: User,
    content: Mapping[str, Any],
    *,
    draft: Draft | None = None,
    faults: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The variables of hints.html. Changes nothing."""
    said = {name: str(content.get(name) or "") for name in SAID}
    text = said["text"][:LONGEST_READ]
    met = known.acquaintance(user, phone=said["phone"], email=said["email"])
    category = said["category"]
    files = draft.files.all() if draft else ()
    fields = asked(content, category, faults=faults, files=files)
    told = {name: content.get(name) for name in ("privacy_told", "recording_told")}
    complete = rules.completeness(
        {**said, **told, "object": said["concerning"]},
        [(one.spec.label, one.is_filled) for one in fields if one.required],
    )
    return {
        "content": content,
        "met": met,
        "fields": fields,
        "complete": complete,
        "restated": rules.restated(text, said["wanted"]),
        "similar": known.similar_open(
            user,
            text=text,
            order_no=said["order_no"],
            phone=said["phone"],
            email=said["email"],
        ),
        **_read(said, text, chosen=bool(content.get("category_chosen"))),
    }


def _read(said: Mapping[str, str], text: str, *, chosen: bool) -> dict[str, Any]:
    """Severity, category, reasons, first steps, limits: as triage will see it on receipt."""
    if len(text.strip()) < ENOUGH_TO_READ:
        return {}
    customer = known.customer_of(said["phone"], said["email"])
    before = 0
    if customer:
        since = moment.now() - REPEAT_WINDOW
        before = customer.complaints.filter(received_at__gt=since).count()
    reading = knowledge.preview(
        text,
        contact_count=min(1 + before, 99),
        level=customer.level if customer else "normal",
        category=said["category"] if chosen else "",
        channel=said["channel"],
        wanted=said["wanted"][:500],
    )
    told = shown.hints(reading, text)
    if not told["restated"]:
        told.pop("restated")
    category = said["category"] if chosen else reading.category
    return told | {"limits": _limits(category, int(reading.severity), said["channel"])}


def _limits(category: str, severity: int, channel: str) -> list[Foretold]:
    complaint = Complaint(category=category, severity=severity, channel=channel)
    now = moment.now()
    clocks = [clock for kind in FORETOLD if (clock := planned(complaint, kind, now))]
    return [
        Foretold(
            str(ClockKind(clock.kind).label),
            clock.due_at,
            _("%(amount)s %(unit)s")
            % {"amount": f"{clock.amount.normalize():f}", "unit": Unit(clock.unit).label},
        )
        for clock in clocks
    ]


def categories() -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of (code, label) to choose from."""
    return shown.category_groups()
