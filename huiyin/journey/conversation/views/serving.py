"""A file of a complaint as an answer: whole or a part of it, and unable to do anything."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings
from django.http import FileResponse


class Kept(Protocol):
    """A file with its hash: evidence, or what was made from it."""

    @property
    def path(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


def served(evidence: Kept, *, asked: Mapping[str, str] | None = None) -> FileResponse:
    """As an attachment, with the type we found, in a sandbox: it can do nothing here (V09).

    `asked`: the headers of a request that may want a part of it (a player that jumps).
    """
    file = (Path(settings.EVIDENCE_DIR) / evidence.path).open("rb")
    etag = f'"{evidence.sha256}"'
    part = _part(asked, etag, evidence.size) if asked is not None else None
    if part is not None and part.first >= evidence.size:
        file.close()
        response = FileResponse(io.BytesIO(b""), status=416, content_type=evidence.media_type)
        response["Content-Range"] = f"bytes */{evidence.size}"
    else:
        response = FileResponse(
            file if part is None else _Slice(file, part),
            status=200 if part is None else 206,
            as_attachment=True,
            filename=evidence.name,
            content_type=evidence.media_type,
        )
    if part is not None and response.status_code == 206:
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{evidence.size}"
        response["Content-Length"] = str(part.last - part.first + 1)
    if asked is not None:
        response["Accept-Ranges"] = "bytes"
        response["ETag"] = etag
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True)
class Part:
    first: int
    last: int  # both are sent


RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def _part(asked: Mapping[str, str], etag: str, size: int) -> Part | None:
    """One range (RFC 9110 §14); several, or of another version of the file, get the whole."""
    found = RANGE.fullmatch(asked.get("Range", "").strip())
    if found is None or asked.get("If-Range", etag) != etag or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        return Part(max(0, size - int(last)), size - 1) if int(last) else Part(size, size)
    if last and int(last) < int(first):
        return None
    return Part(int(first), min(int(last), size - 1) if last else size - 1)


class _Slice(io.RawIOBase):
    """A part of a file, read as if there were no more of it."""

    def __init__(self, file: IO[bytes], part: Part) -> None:
        file.seek(part.first)
        self.file, self.left = file, part.last - part.first + 1

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        data = self.file.read(min(len(into), self.left))
        into[: len(data)] = data
        self.left -= len(data)
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()
