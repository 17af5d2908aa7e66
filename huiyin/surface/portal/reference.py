"""The privacy notice an installation begins with; later versions are added in the console."""

from __future__ import annotations

from pathlib import Path

from huiyin.ground import moment
from huiyin.ground.privacy.models import PrivacyNotice

TEXTS = Path(__file__).parent / "reference"


def load_reference() -> int:
    """Add the first notice when there is none; returns how many rows were added."""
    if PrivacyNotice.objects.exists():
        return 0
    PrivacyNotice.objects.create(
        version="v1",
        text_zh=(TEXTS / "privacy.zh.txt").read_text(encoding="utf-8").strip(),
        text_en=(TEXTS / "privacy.en.txt").read_text(encoding="utf-8").strip(),
        valid_from=moment.now(),
    )
    return 1
