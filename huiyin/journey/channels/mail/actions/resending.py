"""Sending a reply once more that did not arrive; to another address of the customer, if need be."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.customers.models import ContactPoint
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.channels.mail.models import Sending
from huiyin.journey.channels.mail.permissions import can_resend
from huiyin.journey.channels.mail.words import Delivery
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions.writing import not_sealed
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.words import LetterState

NOT_ARRIVED = (LetterState.FAILED, LetterState.HELD)
NOT_REACHED = (Delivery.RETURNED, Delivery.DELAYED)


def addresses_of(message: Message) -> QuerySet[ContactPoint]:
    """Where it can go: of a mail, the customer's own addresses, the last one given first; what went
    by another channel goes to whom it went."""
    if not Letter.objects.filter(message=message, channel=Channel.EMAIL).exists():
        return ContactPoint.objects.none()
    return message.complaint.customer.contact_points.filter(kind="email").order_by("-pk")


@transaction.atomic
def resend(message: Message, *, by: User, point: int | None = None) -> Letter:
    """Queue it again, if it was returned, failed or was never sent. Of two at once one does.
    `point`: one of the customer's addresses; without one it goes where it went."""
    can_resend.require(by, message)
    not_sealed(message.complaint)
    letter = Letter.objects.select_for_update(of=("self",)).filter(message=message).first()
    if letter is None:
        raise Refused(_("这条回复不是用邮件发的"))
    sending = Sending.objects.filter(letter=letter).first()
    returned = sending is not None and sending.state in NOT_REACHED
    if letter.state not in NOT_ARRIVED and not (letter.state == LetterState.SENT and returned):
        raise Refused(_("这封邮件没有退回，不需要重发；请刷新查看"))
    if point is not None:
        chosen = addresses_of(message).filter(pk=point).first()
        if chosen is None:
            sentence = _("请从客户的邮箱里选择；新的邮箱先在客户面板补充")
            raise Invalid(sentence, point=sentence)
        letter.recipient = chosen.shown
    letter.state, letter.tries, letter.error = LetterState.QUEUED, 0, ""
    letter.next_try_at = moment.now()
    letter.save(update_fields=["recipient", "state", "tries", "error", "next_try_at"])
    return letter
