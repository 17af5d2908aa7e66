"""Notes of one call, typed on several pages at once. Pure."""

from __future__ import annotations


def merged(began: str, kept: str, typed: str) -> str:
    """What is kept now, when a page that began from `began` has `typed`, and `kept` is there: its
    own words if nobody else wrote meanwhile, else the words of both."""
    if kept in (began, typed) or not kept:
        return typed
    added = typed.removeprefix(began).strip() if began else typed
    if not added or added in kept:
        return kept
    return f"{kept}\n{added}"
