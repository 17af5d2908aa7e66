"""要素完整度: what is known already, and what is still to be asked (domain §7.7). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huiyin.journey.intake.words import Element

ENOUGH_WORDS = 10  # characters; fewer do not describe what happened
SPOKEN = frozenset({"phone"})  # channels on which the call is recorded


@dataclass(frozen=True)
class Completeness:
    """`done` of `total` elements are there; `missing` names the others in asking order."""

    done: int
    missing: tuple[str, ...]

    @property
    def total(self) -> int:
        return self.done + len(self.missing)

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 100

    @property
    def is_complete(self) -> bool:
        return not self.missing


def completeness(
    facts: Mapping[str, object], required: Iterable[tuple[str, bool]] = ()
) -> Completeness:
    """Count the elements in `facts` and the required custom fields (label, filled).

    Facts: name, phone, email, anonymous, object, order_no, happened_on, text, wanted, category,
    privacy_told, recording_told, channel. One who stays anonymous owes neither name nor contact.
    """
    anonymous = bool(facts.get("anonymous"))
    elements: list[tuple[str, bool]] = [
        (str(Element.NAME.label), anonymous or _filled(facts, "name")),
        (
            str(Element.CONTACT.label),
            anonymous or _filled(facts, "phone") or _filled(facts, "email"),
        ),
        (str(Element.OBJECT.label), _filled(facts, "object") or _filled(facts, "order_no")),
        (str(Element.WHEN.label), _filled(facts, "happened_on")),
        (str(Element.WHAT.label), len(str(facts.get("text") or "").strip()) >= ENOUGH_WORDS),
        (str(Element.WANTED.label), _filled(facts, "wanted")),
        (str(Element.CATEGORY.label), _filled(facts, "category")),
        (str(Element.PRIVACY.label), bool(facts.get("privacy_told"))),
    ]
    if facts.get("channel") in SPOKEN:
        elements.append((str(Element.RECORDING.label), bool(facts.get("recording_told"))))
    elements.extend(required)
    missing = tuple(label for label, there in elements if not there)
    return Completeness(done=len(elements) - len(missing), missing=missing)


def _filled(facts: Mapping[str, object], name: str) -> bool:
    return bool(str(facts.get(name) or "").strip())
