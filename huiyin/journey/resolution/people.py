"""In whose names somebody acts."""

from __future__ import annotations

from huiyin.ground.people.models import User


def names(user: User) -> list[User]:
    """His own, and those of who is away and whose deputy he is."""
    away = user.stands_in_for
    return [user, *User.objects.filter(pk__in=away).order_by("pk")] if away else [user]


def roles_of(user: User) -> list[str]:
    """All roles in which somebody may be asked: his own, and those he stands in for."""
    return list(dict.fromkeys(role for one in names(user) for role in one.roles))
