"""The key of a thread: whoever has it had a mail of ours. Pure.

It stands in the Message-ID of each letter we send to a customer, and so in In-Reply-To and
References of the answer; and, where the mailbox allows it, in the address answered to. It is an
HMAC-SHA256 over the letter and its recipient, whole, never shortened: a number, a subject or a
Message-ID of somebody else opens nothing (CVE-2024-49193, CVE-2026-53591).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

# <hy.123.MZXW6…@mail.example.com>; 256 bits are 52 characters of base32 without padding.
_SHAPE = r"hy\.(\d{1,18})\.([a-z2-7]{52})"
_IN_HEADER = re.compile(rf"<{_SHAPE}@[^<>\s@]{{1,253}}>", re.IGNORECASE)
_IN_ADDRESS = re.compile(rf"\+{_SHAPE}@", re.IGNORECASE)
MOST = 50  # tokens looked at in one mail


@dataclass(frozen=True)
class Token:
    letter: int
    proof: str

    def proves(self, recipient: str, key: bytes) -> bool:
        """Whether this is the token of the letter that went to `recipient`; in constant time."""
        return hmac.compare_digest(self.proof, _proof(self.letter, recipient, key))


def token(letter: int, recipient: str, key: bytes) -> str:
    """`hy.<letter>.<52 characters>`, for a Message-ID or behind a plus in the address."""
    return f"hy.{letter}.{_proof(letter, recipient, key)}"


def tokens_in(headers: str, addresses: str) -> list[Token]:
    """Those in In-Reply-To and References (`headers`), and in the addresses written to, each once,
    the nearest first."""
    found = [*_IN_ADDRESS.findall(addresses), *reversed(_IN_HEADER.findall(headers))]
    unique = dict.fromkeys((int(letter), proof.lower()) for letter, proof in found)
    return [Token(letter, proof) for letter, proof in list(unique)[:MOST]]


def _proof(letter: int, recipient: str, key: bytes) -> str:
    said = f"{letter}\n{recipient.strip().lower()}".encode()
    digest = hmac.new(key, said, hashlib.sha256).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()
