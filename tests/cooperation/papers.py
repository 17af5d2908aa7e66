"""Papers that departments hand in."""

from __future__ import annotations

MONDAY = "2026-11-23 10:00"
