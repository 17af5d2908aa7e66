"""What must not stand in an answer that everybody reads: numbers that belong to a person."""

from __future__ import annotations

import re

PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,255}")
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
LONG = re.compile(r"(?<![\dA-Za-z])[A-Za-z]{0,4}\d{8,}(?![\dA-Za-z])")
OURS = re.compile(r"(?<!\d)(?:400|800)[\s-]?\d{3}[\s-]?\d{4}(?!\d)|(?<!\d)9[56]\d{3,6}(?!\d)")
LINK = re.compile(r"https?://\S+")


def exposed(text: str, *, order_no: str = "", known: tuple[str, ...] = ()) -> str:
    """The first thing that is somebody's own, as a word: phone, mail, identity, order, name; else
    "". Hot lines of a company (400, 800, 95xxx) and links are nobody's."""
    plain = LINK.sub(" ", text)
    if order_no and order_no.casefold() in plain.casefold():
        return "order"
    if any(one and one in plain for one in known):
        return "name"
    plain = OURS.sub(" ", plain)
    for word, pattern in (
        ("identity", IDENTITY),
        ("phone", PHONE),
        ("mail", MAIL),
        ("order", LONG),
    ):
        if pattern.search(plain):
            return word
    return ""
