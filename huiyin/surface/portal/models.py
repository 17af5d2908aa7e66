"""How often something was done lately. Keys are hashed: the table names nobody."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, models
from django.utils.crypto import salted_hmac

from huiyin.surface.portal.rules import LIMITS, window_start
from huiyin.surface.portal.words import Counted

COUNT = """
INSERT INTO portal_count AS c (what, key, starts_at, times) VALUES (%s, %s, %s, 1)
ON CONFLICT (what, key, starts_at) DO UPDATE SET times = c.times + 1 RETURNING times
"""


class Count(models.Model):
    what = models.CharField(max_length=20, choices=Counted.choices)
    key = models.CharField(max_length=64)
    starts_at = models.DateTimeField(db_index=True)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint("what", "key", "starts_at", name="counted_once"),)

    def __str__(self) -> str:
        return f"{self.what} {self.times}"

    @classmethod
    def one_more(cls, what: Counted, key: str, now: datetime) -> bool:
        """Count once more; False when that is over the limit.

        Counting before judging, in one statement: 200 at once count as 200 (V47).
        """
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [what.value, hashed(key), _start(what, now)])
            times: int = cursor.fetchone()[0]
        return times <= LIMITS[what].most

    @classmethod
    def one_less(cls, what: Counted, key: str, now: datetime) -> None:
        """Take back a count: what was right need not be limited."""
        cls.objects.filter(
            what=what, key=hashed(key), starts_at=_start(what, now), times__gt=0
        ).update(times=models.F("times") - 1)


def _start(what: Counted, now: datetime) -> datetime:
    return window_start(now, LIMITS[what].within)


def hashed(key: str) -> str:
    """Addresses and contact points are not written down here, only told apart."""
    return salted_hmac(
        "huiyin.portal", key, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()
