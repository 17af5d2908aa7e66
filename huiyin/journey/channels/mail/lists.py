"""Mails that wait for a person: held, unreadable, or naming a complaint without proof; and those
that were set aside as automatic."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from huiyin.ground.people.models import User
from huiyin.journey.channels.mail.models import Mail, MailQuerySet
from huiyin.journey.channels.mail.words import SET_ASIDE, MailState, Nature
from huiyin.journey.complaint.models import Complaint

PAGE = 50
COUNTED = 100  # “99+” says enough
VIEWS = ("held", "named", "kept", "automatic", "settled")
NATURES = [(one.value, one.label) for one in Nature]


@dataclass(frozen=True)
class Asked:
    """What was asked for; what cannot be is as if it had not been."""

    view: str = "held"
    q: str = ""
    nature: str = ""
    box: int | None = None
    before: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.nature or self.box)


def read(typed: dict[str, str]) -> Asked:
    view = typed.get("view", "held")
    return Asked(
        view=view if view in VIEWS else "held",
        q=typed.get("q", "").replace("\x00", "").strip()[:80],
        nature=typed.get("nature", "") if typed.get("nature") in Nature.values else "",
        box=_number(typed.get("box", "")),
        before=_number(typed.get("before", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def waiting(user: User) -> int:
    """How many wait for this person, for the navigation: held, and naming an earlier complaint."""
    rows = Mail.objects.to_review().order_by().values_list("complaint", "state")
    found = list(rows[:COUNTED])
    named = [pk for pk, state in found if state == MailState.HANDLED]
    held = len(found) - len(named)
    if not named:
        return held
    # Looked up by what was found: few rows, whatever there is in the house.
    return held + Complaint.objects.visible_to(user).filter(pk__in=named).count()


def page(asked: Asked, user: User) -> tuple[list[Mail], int | None]:
    """One page, the newest first; and where to go on."""
    rows = narrowed(asked, user).select_related("mailbox", "complaint", "suspected", "decided_by")
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    some = list(rows.defer("raw", "html", "text").order_by("-pk")[: PAGE + 1])
    return some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None


def narrowed(asked: Asked, user: User) -> MailQuerySet:
    rows = Mail.objects.visible_to(user, reviews=True)
    if asked.view == "held":
        rows = rows.filter(state__in=(MailState.HELD, MailState.FAILED))
    elif asked.view == "kept":
        rows = rows.filter(state=MailState.KEPT)
    elif asked.view == "automatic":
        rows = rows.filter(outcome__in=SET_ASIDE)
    elif asked.view == "named":
        rows = rows.named()
    else:
        rows = rows.exclude(decided_at=None)
    if asked.nature:
        rows = rows.filter(nature=asked.nature)
    if asked.box:
        rows = rows.filter(mailbox=asked.box)
    for word in asked.q.split()[:5]:
        rows = rows.filter(
            Q(subject__icontains=word) | Q(sender__icontains=word) | Q(sender_name__icontains=word)
        )
    return rows
