"""Names that outside systems give, as keys of ours."""

from __future__ import annotations

import hashlib


def once(name: str) -> str:
    """A key of the same length for whatever they call it."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
