"""A copy that browsers play, made from what they do not: amr of WeChat, m4a, 3gp, wma."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from huiyin.ground import moment
from huiyin.journey.channels.recordings.listening import (
    FOREIGN,
    LONGEST_HEAD,
    Unheard,
    can_copy,
    copy,
    kind_of,
)
from huiyin.journey.channels.recordings.models import Copy, Recording


def place_of(made: Copy) -> Path:
    return Path(settings.EVIDENCE_DIR) / made.path


def sound_of(recording: Recording) -> Path:
    """The file of which offsets are seconds: the copy, where there is one."""
    made = recording.played
    return place_of(made) if made else Path(settings.EVIDENCE_DIR) / recording.evidence.path


def copy_of(recording: Recording, original: Path, tell: Callable[[float], None]) -> Copy:
    """The one that was made of these bytes, else a new one. Raises Unheard."""
    kept = Copy.objects.filter(recording=recording).first()
    if kept is not None and _holds(kept, original):
        return kept
    if not can_copy():
        with original.open("rb") as file:
            foreign = kind_of(file.read(LONGEST_HEAD)) in FOREIGN
        raise Unheard("format" if foreign else "unreadable")
    return _made(recording, original, tell)


def _holds(kept: Copy, original: Path) -> bool:
    """Neither it nor what it was made of has changed since."""
    place = place_of(kept)
    return (
        place.is_file() and _digest(place) == kept.sha256 and _digest(original) == kept.derived_from
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _made(recording: Recording, original: Path, tell: Callable[[float], None]) -> Copy:
    """On disk before the row says so; of one that it takes the place of the bytes go afterwards."""
    key = secrets.token_hex(16)
    path = f"{key[:2]}/{key}"
    target = Path(settings.EVIDENCE_DIR) / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            told = copy(original, file, progress=tell)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    fields = {
        "path": path,
        "size": target.stat().st_size,
        "sha256": _digest(target),
        "derived_from": told.sha256,
        "format": told.format[:40],
        "channels": told.channels,
        "rate": told.rate,
        "doubts": [*told.doubts],
        "made_by": told.by[:80],
        "at": moment.now(),
    }
    with transaction.atomic():
        Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
        before = Copy.objects.filter(recording=recording).first()
        made, _new = Copy.objects.update_or_create(recording=recording, defaults=fields)
        if before is not None:
            transaction.on_commit(partial(place_of(before).unlink, missing_ok=True))
    return made
