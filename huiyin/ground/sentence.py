"""Sentences that one writes and another reads: said in the language of whoever reads.

    from huiyin.ground.sentence import sentence as _

    raise Undelivered(_("对方不接收这个地址：%(said)s") % {"said": answer})

`_` gives a text like any other, which remembers its message and its values. A column that keeps
sentences (`ground.kept`) stores those two, so what a worker wrote in Chinese is read in English.
What is no sentence of ours, as a server's own answer or a row from before, is kept as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_noop, override

MARK = "\x1e"  # begins what is kept of a sentence; no text of others gets it in
LONGEST = 4000  # characters of a text that is none of ours
LONGEST_VALUE = 500


class Sentence(str):
    """A text in the language of now that can be said again in another. `kept`: as its row has it,
    so that a row that is written again stays what it was."""

    message: str
    values: Mapping[str, object] | None
    kept: str
    language: str | None

    def __new__(
        cls, message: str, values: Mapping[str, object] | None = None, kept: str = ""
    ) -> Sentence:
        told = gettext(message) if message else ""
        new = super().__new__(cls, told if values is None else told % values)
        new.message, new.values, new.kept = message, values, kept
        new.language = get_language()
        return new

    def __mod__(self, values: Any) -> str:
        """With its values by name; without names it is a text like any other."""
        if not isinstance(values, Mapping):
            return super().__mod__(values)
        return Sentence(self.message, values)

    def __str__(self) -> str:
        """Said now: in another language than before where that has changed."""
        if get_language() == self.language:
            return self
        return Sentence(self.message, self.values, self.kept)

    def __format__(self, how: str) -> str:
        return str.__format__(str(self), how)

    def __reduce__(self) -> tuple[Any, ...]:
        return Sentence, (self.message, self.values, self.kept)


def sentence(message: str) -> str:
    """Imported as `_`: what `gettext` gives, and it remembers what it was made of (`Sentence`)."""
    return Sentence(message)


def as_sentence(text: str | Promise) -> str:
    """A lazy text as a sentence; every other as it is."""
    if not isinstance(text, Promise):
        return text
    with override(None):
        message = str(text)
    return Sentence(message)


def joined(parts: Iterable[str], between: str = "") -> str:
    """Several as one; without a word between them, with the stop of the language."""
    how = f"%(one)s{between}%(other)s" if between else gettext_noop("%(one)s；%(other)s")
    told = [as_sentence(one) for one in parts]
    return reduce(lambda one, other: Sentence(how, {"one": one, "other": other}), told or [""])


def told_by(error: BaseException) -> str:
    """What an exception says: a sentence of ours, else of what kind it is and its own words."""
    words = str(error)
    return words if isinstance(words, Sentence) else f"{type(error).__name__}: {words}"


# --- kept ---------------------------------------------------------------------------------------


def keep(text: str | Promise) -> str:
    """What is stored of it."""
    text = as_sentence(text)
    if isinstance(text, Sentence):
        return text.kept or MARK + json.dumps(packed(text), ensure_ascii=False)
    return short(text)


def said(kept: str) -> str:
    """What was stored, to whoever reads now. A row from before is a plain text: where it is one of
    our messages it is said in the reader's language too."""
    if not kept.startswith(MARK):
        return Sentence(kept, kept=kept) if kept else kept
    try:
        return unpacked(json.loads(kept[1:]), kept)
    except (ValueError, TypeError, LookupError, AttributeError):  # written there by hand
        return short(kept)


def packed(text: Sentence) -> list[Any]:
    """Message and values as JSON knows them; a sentence among the values is packed itself."""
    if text.values is None:
        return [text.message]
    return [text.message, {name: _value(one) for name, one in text.values.items()}]


def _value(one: object) -> Any:
    if isinstance(one, Promise | str):
        one = as_sentence(one)
        return packed(one) if isinstance(one, Sentence) else short(one, LONGEST_VALUE)
    if one is None or isinstance(one, bool | int | float):
        return one
    return short(str(one), LONGEST_VALUE)


def unpacked(parts: list[Any], kept: str = "") -> Sentence:
    message, values = parts[0], parts[1] if len(parts) > 1 else None
    if values is not None:
        values = {
            name: unpacked(one) if isinstance(one, list) else one for name, one in values.items()
        }
    return Sentence(message, values, kept)


def short(text: str, most: int = LONGEST) -> str:
    """A text of others as it is kept: without what a column cannot hold, cut with a sign of it. A
    sentence is whole: its values are cut where they are kept."""
    if isinstance(text, Sentence):
        return text
    text = text.replace("\x00", "").replace(MARK, "")
    return text if len(text) <= most else text[: most - 1] + "…"
