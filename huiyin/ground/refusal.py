"""How the business says no. A refusal is a sentence for a person, never a code alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from huiyin.ground.sentence import as_sentence

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from huiyin.ground.people.models import User


class Refused(Exception):  # noqa: N818 — a refusal is an answer, not an error
    """The act is not possible now; the sentence says why and what to do. HTTP 409."""

    status_code = 409

    def __init__(self, sentence: str | _StrPromise, **fields: str | _StrPromise) -> None:
        # It may be kept by a worker and read by somebody of the other language.
        self.sentence = as_sentence(sentence)
        super().__init__(self.sentence)
        self.fields = fields  # sentence by form field, where one field is at fault


class Invalid(Refused):
    """What was sent cannot be taken as it is. HTTP 422."""

    status_code = 422


class NotPermitted(Refused):
    """This person may not do this. HTTP 403."""

    status_code = 403


class TooMany(Refused):
    """A limit per time was reached. HTTP 429."""

    status_code = 429


def why_refused(act: Callable[[], object]) -> str:
    """The sentence with which an act was refused; "" when it was done."""
    try:
        act()
    except Refused as refused:
        return str(refused.sentence)
    return ""


Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Permission(Generic[Subject]):
    """One answer to "who may?". Call it to ask; `require` it to insist."""

    sentence: str | _StrPromise
    allows: Callable[[User, Subject], bool]

    def __call__(self, user: User, subject: Subject) -> bool:
        return bool(user.is_system or (user.is_active and self.allows(user, subject)))

    def require(self, user: User, subject: Subject) -> None:
        if not self(user, subject):
            raise NotPermitted(self.sentence)


def permission(
    sentence: str | _StrPromise,
) -> Callable[[Callable[[User, Any], bool]], Permission[Any]]:
    """Name a predicate a permission, with the sentence shown to those it refuses."""
    return lambda allows: Permission(sentence, allows)
