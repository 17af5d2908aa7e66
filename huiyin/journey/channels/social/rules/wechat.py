"""How WeChat and WeCom sign and seal what they send (the same for both). Pure.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Message_encryption_and_decryption_instructions.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml import ElementTree  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

BLOCK = 32  # of the padding; AES itself has 16
LONGEST_FIELD = 20_000
LONGEST = 64 * 1024  # bytes of a callback; messages have 2,048 at most, files are fetched
SEALED = re.compile(rb"<Encrypt>(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?</Encrypt>")


class Unreadable(Exception):  # noqa: N818 — an answer about what came in
    """Not sealed for us, or not XML as documented."""


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    return bool(given) and hmac.compare_digest(given.encode(), signature(*parts).encode())


def key_of(encoding_key: str) -> bytes:
    """The 43 characters of EncodingAESKey."""
    try:
        key = base64.b64decode(encoding_key + "=", validate=True)
    except ValueError as error:
        raise Unreadable("key") from error
    if len(key) != 32:
        raise Unreadable("key")
    return key


def opened(sealed: str, encoding_key: str, receiver: str) -> bytes:
    """16 random bytes, length, text, receiver: only what is sealed for us is opened."""
    key = key_of(encoding_key)
    try:
        data = base64.b64decode(sealed, validate=True)
    except ValueError as error:
        raise Unreadable("base64") from error
    if not data or len(data) % 16:
        raise Unreadable("length")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(data) + decryptor.finalize()
    pad = plain[-1]
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise Unreadable("padding")
    plain = plain[:-pad]
    if len(plain) < 20:
        raise Unreadable("length")
    size = struct.unpack("!I", plain[16:20])[0]
    text, whom = plain[20 : 20 + size], plain[20 + size :]
    if len(text) != size or not hmac.compare_digest(whom, receiver.encode()):
        raise Unreadable("receiver")
    return text


def sealed(text: bytes, encoding_key: str, receiver: str, *, random: bytes) -> str:
    key = key_of(encoding_key)
    plain = random[:16] + struct.pack("!I", len(text)) + text + receiver.encode()
    pad = BLOCK - len(plain) % BLOCK
    plain += bytes([pad]) * pad
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def is_sealed(xml: bytes) -> bool:
    return len(xml) <= LONGEST and SEALED.search(xml) is not None


def sealed_in(xml: bytes) -> str:
    """What is sealed in a callback, found without parsing it: its signature is asked first."""
    found = SEALED.search(xml) if len(xml) <= LONGEST else None
    if found is None:
        raise Unreadable("nothing sealed")
    return found[1].decode()


def fields(xml: bytes) -> dict[str, str]:
    """The fields right under <xml>; entities and DTDs are refused."""
    if len(xml) > LONGEST:
        raise Unreadable("long")
    try:
        root: Element = ElementTree.fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise Unreadable("xml") from error
    return {one.tag: (one.text or "")[:LONGEST_FIELD].replace("\x00", "") for one in root}


def written(values: dict[str, str]) -> bytes:
    """As XML; what stands in the values stays text."""
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    return f"<xml>{inner}</xml>".encode()
