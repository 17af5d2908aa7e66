"""What no text message may hold: it lies open on many machines on its way."""

from __future__ import annotations

import re

IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
CARD = re.compile(r"(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)")
TOLD = re.compile(r"(?:密码|口令|验证码|password|passcode)\s*(?:是|为|[:：])\s*\S+", re.IGNORECASE)


def secret_in(text: str) -> str:
    """identity, card, password; "" when there is none."""
    for word, pattern in (("identity", IDENTITY), ("card", CARD), ("password", TOLD)):
        if pattern.search(text):
            return word
    return ""


def without_code(text: str, code: str) -> str:
    """Lines that hold the tracking code, in whatever grouping, are left out."""
    if not code:
        return text
    spelled = re.compile("[- ]?".join(map(re.escape, code)), re.IGNORECASE)
    return "\n".join(line for line in text.split("\n") if not spelled.search(line)).strip()


def is_mobile(number: str) -> bool:
    """A normalised number that can have texts: Chinese mobiles, and others by their country."""
    plain = number.removeprefix("+86").removeprefix("86") if number.startswith("+86") else number
    if re.fullmatch(r"1[3-9]\d{9}", plain):
        return True
    return bool(re.fullmatch(r"\+(?!86)\d{7,15}", number))
