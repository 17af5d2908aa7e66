"""A production start refuses what is only good for a try."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def unsafe(*, debug: bool, demo: bool, secret: str) -> list[str]:
    """Sentences on what forbids serving real people with these settings."""
    found = []
    if debug:
        found.append("HUIYIN_DEBUG=1 shows internals to everybody: unset it.")
    if demo:
        found.append("HUIYIN_DEMO=1 opens demo accounts: start without it.")
    if len(secret) < 50 or secret.startswith("insecure") or len(set(secret)) < 10:
        found.append("HUIYIN_SECRET_KEY must be a secret of your own, 50 characters or more.")
    return found


@register(Tags.security, deploy=True)
def check_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    from huiyin.ground.people.models import User

    sentences = unsafe(debug=settings.DEBUG, demo=settings.DEMO, secret=settings.SECRET_KEY)
    try:
        if User.objects.filter(is_demo=True, is_active=True).exists():
            sentences.append("This database holds demo accounts: deactivate them or start anew.")
    except Exception:
        sentences.append("The database does not answer or is not migrated.")
    return [Error(sentence, id="huiyin.E001") for sentence in sentences]
