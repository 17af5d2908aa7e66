"""How a text is counted: 160 characters of GSM 03.38, or 70 of UCS-2; longer ones in parts."""

from __future__ import annotations

from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("^{}\\[~]|€\f")  # of two each
ONE, EACH = {"gsm": 160, "ucs2": 70}, {"gsm": 153, "ucs2": 67}


@dataclass(frozen=True)
class Length:
    encoding: str
    units: int
    parts: int


def counted(text: str) -> Length:
    if all(c in GSM or c in ESCAPED for c in text):
        sizes = [2 if c in ESCAPED else 1 for c in text]
        return Length("gsm", sum(sizes), _parts(sizes, "gsm"))
    sizes = [2 if ord(c) > 0xFFFF else 1 for c in text]  # outside of the plane: two, never parted
    return Length("ucs2", sum(sizes), _parts(sizes, "ucs2"))


def _parts(sizes: list[int], encoding: str) -> int:
    """A character of two units is not cut at the end of a part."""
    if sum(sizes) <= ONE[encoding]:
        return 1 if sizes else 0
    parts, room = 1, EACH[encoding]
    for size in sizes:
        if size > room:
            parts, room = parts + 1, EACH[encoding]
        room -= size
    return parts


def most_characters(parts: int, sign: str) -> int:
    """So many of Chinese fit into so many parts, beside the signature."""
    whole = ONE["ucs2"] if parts == 1 else EACH["ucs2"] * parts
    return max(1, whole - len(sign))


def signed(text: str, sign: str) -> str:
    """With the signature that Chinese carriers ask for, once."""
    mark = f"【{sign}】" if sign else ""
    return text if mark and text.startswith(mark) else mark + text
