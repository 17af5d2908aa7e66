"""A letter of ours that did not arrive: said by the server at once, or by a mail that came back."""

from __future__ import annotations

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.mail.models import Sending
from huiyin.journey.channels.mail.words import Delivery
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.words import What


@transaction.atomic
def returned(letter_id: int, status: str, said: str, *, delayed: bool = False) -> bool:
    """Note it once; True when it is news. A delay is no return: the other server goes on trying."""
    sending = (
        Sending.objects.select_for_update(of=("self",))
        .select_related("letter__complaint")
        .filter(letter=letter_id)
        .first()
    )
    if sending is None or sending.state == Delivery.RETURNED:
        return False
    if delayed and sending.state == Delivery.DELAYED:
        return False
    sending.state = Delivery.DELAYED if delayed else Delivery.RETURNED
    sending.said = f"{status} {said}".strip()[:300]
    sending.changed_at = moment.now()
    sending.save(update_fields=["state", "said", "changed_at"])
    complaint = sending.letter.complaint
    if complaint is not None and not delayed:
        record(
            What.LETTER_RETURNED,
            complaint,
            by=User.objects.system(),
            letter=sending.letter_id,
            name=sending.letter.subject[:120],
            reason=sending.said,
        )
    return True
