"""What may be written and what may be uploaded. Pure."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass

import puremagic
from django.utils.functional import Promise

from huiyin.ground.sentence import sentence as _
from huiyin.journey.conversation.words import LetterState

LONGEST_ABOUT = 300  # characters about a piece of evidence, or why it is held
SEAL = re.compile(r"⟦sealed:(\d{1,18})⟧")  # in a letter: a secret that is put in when it is sent
LONGEST_TEXT = 20_000  # characters; a letter of ten pages
LARGEST_FILE = 50 * 1024 * 1024
HEAD = 8192  # bytes looked at to tell what a file is

# Extension → the type it is served with. What is not here is refused with a sentence.
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "amr": "audio/amr",
    "awb": "audio/amr",
    "3gp": "audio/3gpp",
    "wma": "audio/x-ms-wma",
    "caf": "audio/x-caf",
    "mka": "audio/x-matroska",
    "weba": "audio/webm",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
}
# What comes beside the words of a mail: kept as it came, opened by nobody here, and given out as
# bytes that no program takes for anything. With its first bytes, where they are always the same.
INERT = {
    "eml": b"",
    "ics": b"",
    "vcf": b"",
    "p7s": b"",
    "p7m": b"",
    "asc": b"",
    "sig": b"",
    "pgp": b"",
    "gpg": b"",
    "zip": b"PK",
    "rar": b"Rar!",
    "7z": b"7z\xbc\xaf",
}
PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
# The same content is known under several names to a magic table.
ALIKE = (
    {"jpg", "jpeg", "jfif"},
    {"doc", "xls", "msi", "ppt", "msg"},
    {"docx", "xlsx", "zip", "pptx"},
    {"mp4", "m4a", "mov", "m4v", "heic", "heif", "3gp", "m4b", "qt"},
    {"3ga", "3gp", "mp4"},
    {"amr", "awb"},
    {"mka", "mkv", "weba", "webm"},
    {"ogg", "oga", "opus"},
    {"wav", "webp", "avi"},
)
PLAIN = {"txt", "csv"}
UNKNOWN = "application/octet-stream"


def may_go_again(state: str, *, came_back: bool) -> bool:
    """Whether a letter is sent once more: what never left, or came back after it had left."""
    if state == LetterState.SENT:
        return came_back
    return state in (LetterState.FAILED, LetterState.HELD)


@dataclass(frozen=True)
class FileVerdict:
    """`media_type` to serve it with; or `refusal`, one of too_large, empty, kind, content."""

    media_type: str = ""
    refusal: str = ""


def judge_file(name: str, size: int, head: bytes, *, inert: bool = False) -> FileVerdict:
    """Whether a file may be kept: by size, by its ending, and by what its first bytes really are.

    `head` is the first HEAD bytes. An ending that the content contradicts is refused (ASVS 5.2.2).
    `inert`: also what is kept without being understood, as signatures and mails in mails are.
    """
    if size > LARGEST_FILE:
        return FileVerdict(refusal="too_large")
    if size == 0:
        return FileVerdict(refusal="empty")
    ending = ending_of(name)
    if inert and ending in INERT:
        is_it = head.startswith(INERT[ending]) and not head.startswith(PROGRAMS)
        return FileVerdict(media_type=UNKNOWN) if is_it else FileVerdict(refusal="content")
    if ending not in TYPES:
        return FileVerdict(refusal="kind")
    if ending in PLAIN:
        plain = b"\x00" not in head or head[:2] in (b"\xff\xfe", b"\xfe\xff")
        return FileVerdict(media_type=TYPES[ending]) if plain else FileVerdict(refusal="content")
    if ending not in _endings_of(head):
        return FileVerdict(refusal="content")
    return FileVerdict(media_type=TYPES[ending])


def _endings_of(head: bytes) -> set[str]:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return {"mp3"} if head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2") else set()
    endings = {match.extension.lstrip(".").lower() for match in found}
    for family in ALIKE:
        if endings & family:
            endings |= family
    return endings


def safe_name(name: str) -> str:
    """The file's own name without path, control or direction characters; never empty, ≤ 120."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in base if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    kept = kept.strip(" .")
    if len(kept) > 120:
        stem, ending = os.path.splitext(kept)  # noqa: PTH122
        kept = stem[: 120 - len(ending[:20])] + ending[:20]
    return kept or _("未命名")


def written(text: str) -> str:
    """Text as it is kept: line ends unified, NUL and lone surrogates out, no blanks around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "ignore").decode().strip()


@dataclass(frozen=True)
class Measure:
    """How the other side counts, where it is not by characters. A composer counts by the same name
    (composer.js)."""

    unit: str  # utf8: bytes; utf16: of two a character that is outside of the plane, as emoji are
    most: int
    seams: int = 0  # utf16: ends of parts where such a character may not be parted

    def size(self, text: str) -> int:
        if self.unit == "utf8":
            return len(text.encode("utf-8", "ignore"))
        units = len(text.encode("utf-16-le", "ignore")) // 2
        return units + (self.seams if units > len(text) else 0)

    def fits(self, text: str) -> bool:
        return self.size(text) <= self.most


@dataclass(frozen=True)
class Takes:
    """One sort of files that goes by a way. The first sort that takes a file is how it goes."""

    kind: str  # as its carrier calls it
    label: str | Promise  # as its writer reads it
    endings: tuple[str, ...] = ()  # none: whatever may be kept at all
    most: int = LARGEST_FILE  # bytes of each
    least: int = 1

    def knows(self, name: str) -> bool:
        return not self.endings or ending_of(name) in self.endings

    def takes(self, name: str, size: int) -> bool:
        return self.knows(name) and self.least <= size <= self.most


@dataclass(frozen=True)
class Going:
    """A file that is to go with a reply, as far as a way asks about it."""

    name: str
    size: int


def ending_of(name: str) -> str:
    return os.path.splitext(safe_name(name))[1].lower().lstrip(".")  # noqa: PTH122 — a name, no path


def sort_of(sorts: tuple[Takes, ...], file: Going) -> Takes | None:
    """How this file goes; None: not at all."""
    return next((one for one in sorts if one.takes(file.name, file.size)), None)


def unfit(sorts: tuple[Takes, ...], file: Going) -> tuple[str, int]:
    """Why a file does not go: kind, large (and what the most is) or small (and the least). "" when
    it does. A composer judges by the same rule (composer.js)."""
    if not sorts or sort_of(sorts, file) is not None:
        return "", 0
    known = [one for one in sorts if one.knows(file.name)]
    if not known:
        return "kind", 0
    most = max(one.most for one in known)
    return ("large", most) if file.size > most else ("small", min(one.least for one in known))


def megabytes(size: int) -> str:
    """For whoever reads that it is too much: rounded up, so that it never reads like enough."""
    return f"{-(-size * 10 // (1 << 20)) / 10:g}"


def kind_of(media_type: str) -> str:
    """What a file most likely is, until somebody says it: a sound is a recording."""
    family = media_type.partition("/")[0]
    return {"audio": "recording", "video": "cctv", "image": "photo"}.get(family, "other")


# 3:12, 03:12–04:05, 1:02:03 ~ 1:03:00; 第3页, 3页, p3, 第 3–4 页
SPAN = re.compile(r"(\d{1,3}(?::\d{2}){1,2})(?:\s*[-–—~至到]\s*(\d{1,3}(?::\d{2}){1,2}))?")
PAGES = re.compile(
    r"(?:第|p{1,2}\.?)?\s{0,9}(\d{1,4})(?:\s{0,9}[-–—~至到]\s{0,9}(\d{1,4}))?\s{0,9}页?",
    re.IGNORECASE,
)


def place(text: str) -> str | None:
    """Where in a thing, written one way: “03:12–04:05” of a recording, “第 3–4 页” of a paper.

    "" stays empty; None is not understood, ends before it begins, or has 75 seconds.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return ""
    if found := SPAN.fullmatch(text):
        begins, ends = (_seconds(part) if part else None for part in found.groups())
        if begins is None or (found[2] and (ends is None or ends <= begins)):
            return None
        return _time(begins) + (f"–{_time(ends)}" if ends is not None else "")
    if found := PAGES.fullmatch(text):
        first, last = int(found[1]), int(found[2] or found[1])
        if first < 1 or last < first:
            return None
        return f"第 {first} 页" if first == last else f"第 {first}–{last} 页"
    return None


def _seconds(text: str) -> int | None:
    *rest, minutes, seconds = [int(part) for part in text.split(":")]
    if seconds > 59 or (rest and minutes > 59):
        return None
    return (rest[0] * 60 if rest else 0) * 60 + minutes * 60 + seconds


def _time(seconds: int) -> str:
    hours, minutes = seconds // 3600, seconds // 60 % 60
    short = f"{minutes:02d}:{seconds % 60:02d}"
    return f"{hours}:{short}" if hours else short
