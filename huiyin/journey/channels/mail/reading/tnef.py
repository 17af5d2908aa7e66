"""winmail.dat (TNEF): what Outlook packs when it thinks that it writes to Outlook: text, files and
their names. After MS-OXTNEF; one pass, no exception for any bytes. Standard library only."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from huiyin.journey.channels.mail.reading.charset import text_of

SIGNATURE = 0x223E9F78
ATTACH_TITLE, ATTACH_DATA, ATTACH_BEGINS, ATTACH_PROPS = 0x8010, 0x800F, 0x9002, 0x9005
MESSAGE_PROPS, BODY, CODEPAGE = 0x9003, 0x800C, 0x9007
PR_BODY, PR_HTML, PR_LONG_NAME, PR_NAME, PR_TYPE, PR_DATA, PR_CID = (
    *(0x1000, 0x1013, 0x3707, 0x3704, 0x370E, 0x3701),
    0x3712,
)
FIXED = {2: 4, 3: 4, 4: 4, 0x0A: 4, 0x0B: 4, 5: 8, 6: 8, 7: 8, 0x14: 8, 0x40: 8, 0x48: 16}
VARIABLE = (0x0D, 0x1E, 0x1F, 0x102)
MOST = 5000  # attributes, and properties of one


@dataclass
class Packed:
    name: str = ""
    media_type: str = ""
    content_id: str = ""
    data: bytes = b""


@dataclass
class Opened:
    text: str = ""
    html: str = ""
    files: list[Packed] = field(default_factory=list)


def opened(data: bytes) -> Opened | None:
    """None for what is no winmail.dat at all; of a cut one what there is."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return None
    found, charset = Opened(), ""
    for kind, value in _attributes(data):
        file = found.files[-1] if found.files else None
        if kind == CODEPAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif kind == BODY:
            found.text = found.text or _text(value, charset)
        elif kind == MESSAGE_PROPS:
            _read_message(found, value, charset)
        elif kind == ATTACH_BEGINS:
            found.files.append(Packed())
        elif file is not None:
            _read_file(file, kind, value, charset)
    found.files = [file for file in found.files if file.data]
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """level (1), tag and type (4), length (4), value, checksum (2)."""
    place, count = 6, 0
    while place + 9 <= len(data) and count < MOST:
        _level, tag, length = struct.unpack_from("<BII", data, place)
        value = data[place + 9 : place + 9 + length]
        yield tag & 0xFFFF, value
        place += 11 + length
        count += 1


def _read_message(found: Opened, value: bytes, charset: str) -> None:
    for prop, kind, data in _properties(value):
        if prop == PR_BODY:
            found.text = _typed(kind, data, charset) or found.text
        elif prop == PR_HTML:
            found.html = _typed(kind, data, charset) if kind != 0x102 else text_of(data, charset)[0]


def _read_file(file: Packed, kind: int, value: bytes, charset: str) -> None:
    if kind == ATTACH_TITLE:
        file.name = file.name or _text(value, charset)
    elif kind == ATTACH_DATA:
        file.data = value
    elif kind == ATTACH_PROPS:
        for prop, type_, data in _properties(value):
            if prop == PR_LONG_NAME:
                file.name = _typed(type_, data, charset) or file.name
            elif prop == PR_NAME:
                file.name = file.name or _typed(type_, data, charset)
            elif prop == PR_TYPE:
                file.media_type = _typed(type_, data, charset).lower()
            elif prop == PR_CID:
                file.content_id = _typed(type_, data, charset)
            elif prop == PR_DATA and not file.data:
                file.data = data


def _properties(value: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(number, type, value) of each MAPI property; stops at the first that makes no sense."""
    if len(value) < 4:
        return
    count, place = min(struct.unpack_from("<I", value)[0], MOST), 4
    for _one in range(count):
        if place + 4 > len(value):
            return
        kind, prop = struct.unpack_from("<HH", value, place)
        place += 4
        if prop >= 0x8000:
            place = _after_name(value, place)
        many, kind = kind & 0x1000, kind & 0x0FFF
        times = 1
        if many or kind in VARIABLE:
            if place + 4 > len(value):
                return
            times = min(struct.unpack_from("<I", value, place)[0], MOST)
            place += 4
        for _time in range(times):
            if kind in FIXED:
                data, place = value[place : place + FIXED[kind]], place + FIXED[kind]
            elif kind in VARIABLE and place + 4 <= len(value):
                length = struct.unpack_from("<I", value, place)[0]
                data = value[place + 4 : place + 4 + length]
                place += 4 + length + (-length % 4)
            else:
                return
            yield prop, kind, data


def _after_name(value: bytes, place: int) -> int:
    """Behind the GUID and the number or name of a named property."""
    if place + 24 > len(value):
        return len(value)
    kind, number = struct.unpack_from("<II", value, place + 16)
    return place + 24 + (number + (-number % 4) if kind == 1 else 0)


def _typed(kind: int, data: bytes, charset: str) -> str:
    if kind == 0x1F:
        return data.decode("utf-16-le", "replace").rstrip("\x00")
    return _text(data, charset)


def _text(data: bytes, charset: str) -> str:
    return text_of(data.rstrip(b"\x00"), charset)[0]
