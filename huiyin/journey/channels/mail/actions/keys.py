"""The key that threads are proved with: made from the house's secret, of use for nothing else."""

from __future__ import annotations

import hashlib

from django.conf import settings


def thread_key() -> bytes:
    return hashlib.sha256(b"huiyin.mail.thread\n" + settings.SECRET_KEY.encode()).digest()
