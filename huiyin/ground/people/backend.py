"""Who asks: the person of a session, with what every page wants to know of him."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from huiyin.ground.people.models import User


class PeopleBackend(ModelBackend):
    """Reads the teams with the person, in one query instead of three for each page."""

    def get_user(self, user_id: int) -> User | None:
        found = User.objects.who_asks().filter(pk=user_id).first()
        return found if found and self.user_can_authenticate(found) else None
