"""What of a person is shown by default (domain §8.5: phone middle four). Pure."""

from __future__ import annotations

import re


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
    return value[:1] + "***"
