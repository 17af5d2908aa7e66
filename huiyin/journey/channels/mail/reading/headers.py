"""Headers: encoded words (RFC 2047), parameters (RFC 2231), addresses. Standard library only.

Everything is one pass over bounded text. Addresses are strict: what could be read as two different
ones is none (CVE-2023-27043), and encoded words are decoded after the address was found, so that no
encoded comma or bracket becomes a second one.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from urllib.parse import unquote_to_bytes

from huiyin.journey.channels.mail.reading.charset import text_of
from huiyin.journey.channels.mail.reading.shape import Address

WORD = re.compile(rb"=\?([^?\s=]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")
BETWEEN = re.compile(rb"\s{0,200}")
MOST_PARAMETERS = 200
MOST_ADDRESSES = 100
# A local part of 64 characters is the rule; ours with a token behind the plus is longer.
ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\"\\\x00-\x20\x7f]{1,128}@[^\s@<>()\[\],;:\"\\\x00-\x20\x7f]{1,253}"
)
MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")


def decoded(value: bytes, label: str = "") -> str:
    """A header's value as people read it, on one line."""
    chunks: list[tuple[bytes, str]] = []  # bytes of neighbours with one charset stay together
    place, after_word = 0, False
    for found in WORD.finditer(value):
        gap = value[place : found.start()]
        if gap and not (after_word and BETWEEN.fullmatch(gap)):
            chunks.append((gap, label))
        charset = found[1].decode("ascii", "replace").partition("*")[0].lower()
        data = _word(found[2], found[3])
        if after_word and chunks and chunks[-1][1] == charset and place > 0 and not gap.strip():
            chunks[-1] = (chunks[-1][0] + data, charset)
        else:
            chunks.append((data, charset))
        place, after_word = found.end(), True
    chunks.append((value[place:], label))
    return clean("".join(text_of(data, charset)[0] for data, charset in chunks if data))


def _word(how: bytes, data: bytes) -> bytes:
    if how in b"bB":
        return base64_of(data)
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def base64_of(data: bytes) -> bytes:
    """Whatever can be had of it: strange characters out, a cut end dropped."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    whole = len(kept) - (len(kept) % 4 == 1)
    kept = kept[:whole] + b"=" * (-whole % 4)
    try:
        return base64.b64decode(kept)
    except (binascii.Error, ValueError):
        return b""


def clean(text: str) -> str:
    """No line end, control, direction or invisible character: a header stays one line."""
    kept = "".join(" " if c in "\r\n\t\x0b\x0c\x85\u2028\u2029" else c for c in text)
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip()


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """("text/plain", {"charset": "gbk", "name": "发票.pdf"}), also of broken ones."""
    pieces = _pieces(value)
    main = clean(pieces[0].decode("ascii", "replace")).lower().partition(" ")[0] if pieces else ""
    plain: dict[str, bytes] = {}
    parted: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for piece in pieces[1:MOST_PARAMETERS]:
        key, _equals, data = piece.partition(b"=")
        name = key.strip().decode("ascii", "replace").lower()[:80]
        data = _unquoted(data.strip())
        shape = re.fullmatch(r"([^*]+)(?:\*(\d{1,4}))?(\*?)", name)
        if not name or shape is None:
            continue
        if shape[2] is None and not shape[3]:
            plain.setdefault(name, data)
        else:
            parted.setdefault(shape[1], {})[int(shape[2] or 0)] = (data, bool(shape[3]))
    found = {name: decoded(data) for name, data in plain.items()}
    # What RFC 2231 spells out is better than the copy for old clients.
    found |= {name: text for name, by in parted.items() if (text := _joined(by))}
    return main, found


def _pieces(value: bytes) -> list[bytes]:
    """Cut at each `;` outside quotes."""
    found, began, quoted, place = [], 0, False, 0
    while place < len(value):
        char = value[place]
        if quoted and char == 0x5C:
            place += 1
        elif char == 0x22:
            quoted = not quoted
        elif char == 0x3B and not quoted:
            found.append(value[began:place])
            began = place + 1
            if len(found) > MOST_PARAMETERS:
                return found
        place += 1
    found.append(value[began:])
    return found


def _unquoted(data: bytes) -> bytes:
    if data[:1] == b'"':
        data = data[1:]
        data = data.removesuffix(b'"')
        return re.sub(rb'\\(["\\])', rb"\1", data)
    return data


def _joined(by: dict[int, tuple[bytes, bool]]) -> str:
    """Numbered pieces in order, percent signs undone where they are marked; the charset stands
    before the first."""
    whole, charset = b"", ""
    for place, number in enumerate(sorted(by)):
        data, marked = by[number]
        if marked:
            if place == 0 and data.count(b"'") >= 2:
                label, _language, data = data.split(b"'", 2)
                charset = label.decode("ascii", "replace")
            data = unquote_to_bytes(data)
        whole += data
    if WORD.search(whole):  # both ways at once, as some do
        return decoded(whole)
    return clean(text_of(whole, charset)[0])


def addresses(value: bytes) -> tuple[tuple[Address, ...], bool]:
    """Those of a From, To or Cc, and whether all of it could be read for sure."""
    found: list[Address] = []
    sure = True
    for item in _items(value):
        if len(found) >= MOST_ADDRESSES:
            return tuple(found), sure
        one = _address(item)
        sure &= one is not None
        if one is not None and (one.address or one.name):
            found.append(one)
    return tuple(found), sure


def _items(value: bytes) -> list[bytes]:
    """Cut at each comma, and at the ends of groups, outside quotes, comments and brackets."""
    found, began, quoted, comments, angle, place = [], 0, False, 0, False, 0
    while place < len(value):
        char = value[place : place + 1]
        if char == b"\\" and (quoted or comments):
            place += 1
        elif quoted:
            quoted = char != b'"'
        elif char == b'"' and not comments:
            quoted = True
        elif char == b"(":
            comments += 1
        elif char == b")" and comments:
            comments -= 1
        elif comments:
            pass
        elif char == b"<":
            angle = True
        elif char == b">":
            angle = False
        elif char in (b",", b";") and not angle:
            found.append(value[began:place])
            began = place + 1
        elif char == b":" and not angle:  # the name of a group
            began = place + 1
        if len(found) > 2 * MOST_ADDRESSES:
            return found
        place += 1
    if quoted or comments or angle:  # unbalanced: two readers would read two things
        return [*found, b"\x00"]
    found.append(value[began:])
    return [item for item in found if item.strip()]


def _address(item: bytes) -> Address | None:
    """None when it is not one for sure."""
    if item == b"\x00":
        return None
    bare, comment = _without_comments(item)
    if b"<" not in bare and b">" not in bare:
        text = _plain(bare).strip()
        if ADDRESS.fullmatch(text):
            return Address(text.lower(), decoded(comment))
        return None if "@" in text else Address("", decoded(_unquoted(bare.strip())))
    name, _open, rest = _outside_quotes(bare)
    inner, close, after = rest.partition(b">")
    text = _plain(inner).strip()
    if not close or after.strip() or b"<" in inner or not ADDRESS.fullmatch(text):
        # RFC 5322 obsolete routes (<@a,@b:c@d>) too: nobody writes them but to confuse.
        return None if text else Address("", decoded(_unquoted(name.strip())))
    shown = decoded(_unquoted(name.strip()) or comment).strip("\"' ")
    return Address(text.lower(), shown[:200])


def _outside_quotes(bare: bytes) -> tuple[bytes, bytes, bytes]:
    """Cut at the first `<` that stands in no quotes."""
    quoted, place = False, 0
    while place < len(bare):
        char = bare[place]
        if quoted and char == 0x5C:
            place += 1
        elif char == 0x22:
            quoted = not quoted
        elif char == 0x3C and not quoted:
            return bare[:place], b"<", bare[place + 1 :]
        place += 1
    return bare, b"", b""


def _without_comments(item: bytes) -> tuple[bytes, bytes]:
    kept, comment, depth, quoted, place = bytearray(), bytearray(), 0, False, 0
    while place < len(item):
        char = item[place : place + 1]
        pair = item[place : place + 2] if char == b"\\" and (quoted or depth) else b""
        if pair:
            (comment if depth else kept).extend(pair)
            place += 2
            continue
        if char == b'"' and not depth:
            quoted = not quoted
        if not quoted and char == b"(":
            depth += 1
        elif not quoted and char == b")" and depth:
            depth -= 1
        else:
            (comment if depth else kept).extend(char)
        place += 1
    return bytes(kept), bytes(comment)


def _plain(data: bytes) -> str:
    return text_of(data)[0]


def message_id(value: bytes) -> str:
    """`<a@b>` normalised: without brackets, at most 250 characters; "" when there is none."""
    text = clean(text_of(value[:2000])[0])
    if found := MESSAGE_ID.search(text):
        return found[1]
    text = text.strip("<> ")
    return text[:250] if text and " " not in text else ""
