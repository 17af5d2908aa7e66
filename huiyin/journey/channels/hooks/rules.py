"""What may be typed in to set an outside system up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huiyin.ground.webhooks.rules import addresses

LONGEST = 4000  # characters of one field


def cleaned(name: str, typed: object) -> str:
    text = str(typed or "").replace("\x00", "").strip()
    return text[:LONGEST] if name else text


def fault_of(
    text: str,
    *,
    kind: str = "text",
    choices: Iterable[str] = (),
    required: bool = True,
    inner: Iterable[str] = (),
) -> str:
    """Why it cannot be taken: missing, choice, number, or the word of an address; "" when it
    can."""
    known = list(choices)
    if not text:
        return "missing" if required else ""
    if known and text not in known:
        return "choice"
    if kind == "number" and not (text.isascii() and text.isdigit() and len(text) < 10):
        return "number"
    if kind == "url":
        try:
            addresses.target(text, inner)
        except addresses.Forbidden as error:
            return error.why
    return ""


def unread(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts of a request without what the database cannot hold."""
    return {
        str(name).replace("\x00", "")[:80]: (
            value.replace("\x00", "")[:2000] if isinstance(value, str) else value
        )
        for name, value in list(facts.items())[:40]
    }
