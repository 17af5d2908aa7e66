"""Secrets of others that we must be able to use again (a mailbox's password): kept sealed.

The key is made from the house's secret, so the table alone opens nothing; whoever changes
HUIYIN_SECRET_KEY types these secrets in again.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(secret: str) -> str:
    """As it is kept; "" stays "" (none)."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """The secret again; "" when there is none, or when the house's secret has changed since."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def _box() -> Fernet:
    key = hashlib.sha256(b"huiyin.sealing\n" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
