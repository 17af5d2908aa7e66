"""What of a person is shown by default (domain §8.5: phone middle four). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator


def masked_name(name: str) -> str:
    """赵敏 → 赵*, 欧阳小明 → 欧***, Ann Lee → A** L**. An empty name stays empty."""
    if not name:
        return ""
    if name.isascii():
        return " ".join(w[0] + "*" * max(len(w) - 1, 1) for w in name.split())
    return name[0] + "*" * max(min(len(name) - 1, 3), 1)


def masked_phone(phone: str) -> str:
    """+8613800138000 or 138 0013 8000 → 138****8000; short numbers keep their ends."""
    digits = re.sub(r"\D", "", phone.replace("+86", "").partition("x")[0])
    if len(digits) >= 11:
        return f"{digits[:-8]}****{digits[-4:]}"
    if len(digits) >= 7:
        return f"{digits[:2]}****{digits[-2:]}"
    return "*" * len(digits)


def masked_email(email: str) -> str:
    """name@example.com → n***@example.com."""
    local, at, host = email.partition("@")
    return f"{local[:1]}***{at}{host}" if at else "***"


def masked(kind: str, value: str) -> str:
    """Any contact point, masked by its kind."""
    if kind == "phone":
        return masked_phone(value)
    if kind == "email":
        return masked_email(value)
    if kind == "postal":  # the town tells people of one name apart; the house is nobody's business
        return value[: min(6, len(value) // 2)] + "***"
    return value[:1] + "***"


# What looks like somebody's own number in running text. Dates, prices and order numbers do not:
# a mobile has eleven digits from 13… to 19…, a landline begins with 0, an identity card has 18
# places, a bank card 16 to 19 digits in a row or in fours.
GAP = r"[ \u3000\-‐-―－·.]?"
EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
CARD = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|(?:\d[ \-]?){15,18}\d)(?![\dXx])")
MOBILE = re.compile(rf"(?<!\d)(?:\+?(?:00)?86{GAP})?1[3-9]\d(?:{GAP}\d){{8}}(?!\d)")
NARROW = {0xFF10 + digit: str(digit) for digit in range(10)}  # full-width digits
LANDLINE = re.compile(rf"(?<!\d)[(（]?0\d{{2,3}}[)）]?{GAP}\d(?:{GAP}\d){{6,7}}(?!\d)")


def masked_text(
    text: str, *, names: Iterable[str] = (), points: Iterable[str] = (), keep: Iterable[str] = ()
) -> str:
    """Running text for somebody who need not know who the customer is.

    `names` and `points` are the customer's own, masked however they are written; whatever looks
    like a telephone, a card or an address of mail is masked too, whoever's it is. What is in
    `keep` (an order number) stays.
    """
    text = text.translate(NARROW)
    words = sorted(filter(None, set(keep)), key=len, reverse=True)
    kept = dict(zip(_marks(), words, strict=False))
    for mark, word in kept.items():
        text = text.replace(word, mark)
    for point in points:
        digits = re.sub(r"\D", "", point.replace("+86", ""))
        if "@" in point:
            text = _replaced(text, re.escape(point), masked_email(point))
        elif len(digits) >= 5:
            text = _replaced(text, rf"(?<!\d){GAP.join(digits)}(?!\d)", masked_phone(digits))
        elif len(point) >= 3:
            text = _replaced(text, re.escape(point), masked("", point))
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) >= 2:
            text = _replaced(text, re.escape(name), masked_name(name))
    text = EMAIL.sub(lambda found: masked_email(found[0]), text)
    text = CARD.sub(lambda found: _ends(found[0]), text)
    text = MOBILE.sub(lambda found: masked_phone(found[0]), text)
    text = LANDLINE.sub(lambda found: masked_phone(found[0]), text)
    for mark, word in kept.items():
        text = text.replace(mark, word)
    return text


def _replaced(text: str, pattern: str, by: str) -> str:
    return re.sub(pattern, lambda _found: by, text, flags=re.IGNORECASE)


def _marks() -> Iterator[str]:
    """Places held for words that stay: characters that nobody can type."""
    return (chr(0xE000 + at) for at in range(64))


def _ends(number: str) -> str:
    digits = re.sub(r"[^\dXx]", "", number)
    return f"{digits[:3]}****{digits[-4:]}"
