"""What a file from the scanner is, by its first bytes; whether it is taken. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.journey.channels.paper.words import Media

LARGEST = 50 * 1024 * 1024
MOST_FILES = 20  # in one go
MOST_LEAVES = 200  # of one letter
HEAD = 2048  # bytes looked at
HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1", b"heim", b"heis", b"avif")


@dataclass(frozen=True)
class MediaVerdict:
    """`media`; or `refusal`, one of empty, too_large, heic, kind."""

    media: str = ""
    refusal: str = ""


def judge(size: int, head: bytes) -> MediaVerdict:
    """The name it came under says nothing: its bytes do."""
    if size == 0:
        return MediaVerdict(refusal="empty")
    if size > LARGEST:
        return MediaVerdict(refusal="too_large")
    if head[4:8] == b"ftyp" and head[8:12].lower() in HEIC:
        return MediaVerdict(refusal="heic")
    media = _media(head)
    return MediaVerdict(media) if media else MediaVerdict(refusal="kind")


def _media(head: bytes) -> str:
    if b"%PDF-" in head[:1024]:
        return Media.PDF
    if head[:3] == b"\xff\xd8\xff":
        return Media.JPEG
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return Media.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Media.WEBP
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return Media.TIFF
    return ""


def written_number(year: int, count: int) -> str:
    """信2026-000123."""
    return f"信{year}-{count:06d}"


def renumbered(order: list[int], wanted: list[int]) -> list[int] | None:
    """The ids in the order wanted; None when they are not the same ones."""
    return list(wanted) if sorted(order) == sorted(wanted) else None
