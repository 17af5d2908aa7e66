"""Followers that tell of improvements: the owner what he is to do, those who verify that it waits.

The same event stands in the story of every source; only that of the complaint which leads is told.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Event
from huiyin.journey.improvement.models import Improvement
from huiyin.journey.improvement.people import VERIFIERS, owners_of
from huiyin.journey.improvement.permissions import can_verify
from huiyin.surface.notices.actions import _tell


def improvement_of(event: Event) -> Improvement | None:
    """The improvement of an event that leads; None of the others."""
    if not event.facts.get("lead"):
        return None
    found = Improvement.objects.with_all().filter(pk=event.facts.get("improvement"))
    return found.first()


def tell_owners(event: Event) -> None:
    """Whoever is to do it, and whoever asked for it."""
    it = improvement_of(event)
    if it is not None and not event.facts.get("joined"):
        asked = [it.by] if not it.by.is_system else []
        _tell(event, [*owners_of(it), *asked])


def tell_verifiers(event: Event) -> None:
    """Whoever may verify it: somebody who neither owns nor did it."""
    it = improvement_of(event)
    if it is not None:
        people = User.objects.active().with_role(*VERIFIERS)
        told = [one for one in people if can_verify(one, it)]
        _tell(event, told, what=gettext_noop("整改待您核验"))
