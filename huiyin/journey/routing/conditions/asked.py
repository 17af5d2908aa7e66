"""What can be asked: an attribute with its two answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from huiyin.ground.conditions.rules import Attribute
from huiyin.journey.complaint.models import Complaint

HOUR = 3600 * 10**6  # microseconds
ALWAYS, NEVER = Q(), Q(pk__in=[])


@dataclass(frozen=True, kw_only=True)
class Asked(Attribute):
    """An attribute with its two answers: of an object, and as a part of a query."""

    read: Callable[[Complaint, datetime], Any]
    ask: Callable[[str, Any, datetime], Q]


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
