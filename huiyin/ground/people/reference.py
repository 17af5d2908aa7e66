"""Whoever acts when no person does is there from the beginning."""

from __future__ import annotations

from huiyin.ground.people.models import SYSTEM_USERNAME, User, UserManager


def load_reference() -> int:
    """Made here, once and for good: made in the middle of an act, it would go with a refusal that
    takes the act back, while the process went on remembering it."""
    there = User.objects.filter(username=SYSTEM_USERNAME).exists()
    UserManager.forget_system()
    User.objects.system()
    return int(not there)
