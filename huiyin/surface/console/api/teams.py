"""A team as programs name it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huiyin.ground.people.models import Team
from huiyin.ground.refusal import Invalid


def team_of(code: str | None) -> Team | None:
    """By its code, of those in use; none for an empty one."""
    if not code:
        return None
    team: Team | None = Team.objects.filter(code=code, retired_at=None).first()
    if team is None:
        raise Invalid(_("请从列表里选择"), team=_("请从列表里选择"))
    return team
