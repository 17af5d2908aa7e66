"""A production start refuses settings that are only good for a try."""

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
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    sentences = unsafe(debug=settings.DEBUG, demo=settings.DEMO, secret=settings.SECRET_KEY)
    return [Error(sentence, id="huiyin.E001") for sentence in sentences]
