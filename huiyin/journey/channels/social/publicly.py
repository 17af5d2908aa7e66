"""Saying something in public on purpose: the ordinary composer never does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from huiyin.journey.channels.social.models import Post

_answered: ContextVar[Post | None] = ContextVar("answered_publicly", default=None)

PUBLIC = "post:"  # before the number of a post, as a recipient


@contextmanager
def publicly(post: Post) -> Iterator[None]:
    """Inside, the way of social media for this post's complaint is the public one."""
    token = _answered.set(post)
    try:
        yield
    finally:
        _answered.reset(token)


def answered_publicly() -> Post | None:
    return _answered.get()
