"""Files of a chat, to either side: never shown inline, whatever they say they are."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse

from huiyin.journey.channels.chat.models import ChatFile


def served(file: ChatFile) -> FileResponse:
    """As a download, of the type that was judged when it came."""
    answer = FileResponse(
        (Path(settings.EVIDENCE_DIR) / file.path).open("rb"),
        as_attachment=True,
        filename=file.name,
        content_type=file.media_type,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
