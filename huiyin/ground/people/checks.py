"""A production start refuses accounts whose password everybody knows."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from huiyin.ground.people.models import User


@register(Tags.security, deploy=True)
def check_demo_accounts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        there = User.objects.filter(is_demo=True, is_active=True).exists()
    except DatabaseError:
        return [Error("The database does not answer or is not migrated.", id="huiyin.E003")]
    sentence = "This database holds demo accounts: deactivate them or start anew."
    return [Error(sentence, id="huiyin.E002")] if there else []
