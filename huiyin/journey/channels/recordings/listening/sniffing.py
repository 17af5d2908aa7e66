"""What a sound is by its first bytes, whatever it is called: the name of FFmpeg's reader. Pure."""

from __future__ import annotations

LONGEST_HEAD = 64
AT_THE_BEGINNING = (
    (b"#!AMR-WB\n", "amr"),
    (b"#!AMR\n", "amr"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"caff", "caf"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    (b"\xff\xf1", "aac"),
    (b"\xff\xf9", "aac"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
)
# Of these libsndfile reads none: without the extra they are not heard at all.
FOREIGN = frozenset({"amr", "mov", "asf", "matroska", "caf", "aac"})


def kind_of(head: bytes) -> str:
    """ "" is nothing that we would let anybody decode."""
    if head[4:8] == b"ftyp":
        return "mov"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    return next((kind for begin, kind in AT_THE_BEGINNING if head.startswith(begin)), "")
