"""Notices of what is no complaint: told once under a key, with the page that they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.surface.notices.models import Notice


def tell_once(
    key: str,
    people: Iterable[User],
    words: Callable[[], str],
    address: str,
    *,
    urgent: bool = False,
) -> None:
    """Each of these people, in his language, once for each key: however often, by whomever."""
    told = []
    for person in {one.pk: one for one in people}.values():
        with translation.override(person.language or settings.LANGUAGE_CODE):
            text = words()[:300]
        about = {"key": key, "address": address, "text": text, "urgent": urgent}
        told.append(Notice(user=person, at=moment.now(), **about))
    Notice.objects.bulk_create(told, ignore_conflicts=True)
