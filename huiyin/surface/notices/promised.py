"""What a customer is told of a promise that was not kept: at once, before anybody is blamed."""

from __future__ import annotations

from django.utils import translation

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.actions import reply
from huiyin.journey.conversation.ways import by_machine
from huiyin.journey.promises import actions as promises
from huiyin.journey.promises.models import Promise
from huiyin.surface.notices.actions import _values
from huiyin.surface.notices.models import LetterTemplate
from huiyin.surface.notices.rules import filled

CODE = "promise_broken"


def tell_customer(event: Event) -> None:
    """Follow a broken promise, in its transaction: a letter where he has an address, else in the
    conversation that he follows. What is archived is only read."""
    given = promises.promise_of(event)
    template = LetterTemplate.objects.filter(code=CODE, enabled=True).first()
    complaint = event.complaint
    if given is None or template is None or complaint.status == Status.ARC:
        return
    english = complaint.customer.language == "en" and bool(template.body_en)
    language = "en" if english else "zh-hans"
    with translation.override(language):
        values = _values(complaint, language) | {
            "promise": _what(given, english=english),
            "promise_due": promises.told_due(given.due_at, english=english),
        }
    reply(
        complaint,
        by=User.objects.system(),
        text=filled(template.body_en if english else template.body_zh, values),
        channel=by_machine(complaint),
        fixed=True,
    )


def _what(given: Promise, *, english: bool) -> str:
    """In his language: the words of the ledger are the house's."""
    if not english:
        return given.what
    return given.told_customer
