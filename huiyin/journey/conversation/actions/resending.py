"""Sending a reply once more that did not arrive, whichever channel carried it; to another address
of the customer, where that channel knows of one."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from huiyin.ground import moment
from huiyin.ground.customers.models import ContactPoint
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import rules, ways
from huiyin.journey.conversation.actions.writing import not_sealed
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.permissions import can_resend
from huiyin.journey.conversation.words import LetterState


def addresses_of(message: Message) -> QuerySet[ContactPoint]:
    """Where else it can go, as its own channel says: what went by another one than mail is never
    sent to an address of mail."""
    letter = Letter.objects.filter(message=message).first()
    return ways.other_points(letter) if letter is not None else ContactPoint.objects.none()


@transaction.atomic
def resend(message: Message, *, by: User, point: int | None = None) -> Letter:
    """Queue it again, if it came back, failed or was never sent. Of two at once one does.
    `point`: one of `addresses_of`; without one it goes where it went."""
    can_resend.require(by, message)
    not_sealed(message.complaint)
    letter = Letter.objects.select_for_update(of=("self",)).filter(message=message).first()
    if letter is None:
        raise Refused(_("这条回复只作记录，没有发出，不能重发"))
    if not rules.may_go_again(letter.state, came_back=ways.came_back(letter)):
        raise Refused(_("这条回复没有退回，不需要重发；请刷新查看"))
    if point is not None:
        chosen = ways.other_points(letter).filter(pk=point).first()
        if chosen is None:
            sentence = _("请从客户的邮箱里选择；新的邮箱先在客户面板补充")
            raise Invalid(sentence, point=sentence)
        letter.recipient = chosen.shown
    letter.state, letter.tries, letter.error = LetterState.QUEUED, 0, ""
    letter.next_try_at = moment.now()
    letter.reach = ""
    letter.save(update_fields=["recipient", "state", "tries", "error", "next_try_at", "reach"])
    record(What.REPLY_RESENT, message.complaint, by=by, letter=letter.pk)
    return letter
