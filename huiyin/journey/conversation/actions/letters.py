"""Letters on their way out: queued with a fact, sent by the worker, retried, cancelled."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.conversation import rules
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.words import LetterState

# Five tries over about an hour, then a person looks at it in the console.
TRY_AGAIN_AFTER = (1, 5, 15, 45)  # minutes


def post_letter(
    complaint: Complaint | None,
    *,
    event: Event | None,
    purpose: str,
    recipient: str,
    subject: str,
    body: str,
    message: Message | None = None,
) -> Letter | None:
    """Queue a mail in the caller's transaction; None when this event's letter is there already."""
    now = moment.now()
    subject = " ".join(rules.written(subject).split())[
        :200
    ]  # a line break here would become a header
    made = Letter.objects.bulk_create(
        [
            Letter(
                complaint=complaint,
                event=event,
                message=message,
                purpose=purpose,
                recipient=recipient,
                subject=subject,
                body=body,
                next_try_at=now,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return made[0] if made else None


def send_due_letters() -> int:
    """Send what waits. Runs often; of two workers each letter is taken by one (SKIP LOCKED)."""
    sent = 0
    while _send_one():
        sent += 1
    return sent


@transaction.atomic
def _send_one() -> bool:
    now = moment.now()
    letter = Letter.objects.due(now).select_for_update(skip_locked=True, of=("self",)).first()
    if letter is None:
        return False
    if not settings.EMAIL_HOST:
        letter.state = LetterState.HELD
        letter.error = ""
        letter.save(update_fields=["state", "error"])
        return True
    try:
        EmailMessage(
            letter.subject,
            _unsealed(letter),
            to=[letter.recipient],
            # So that no robot answers a robot (RFC 3834).
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        ).send()
    except Exception as error:  # any failure of a mail server is the same to us: later again
        letter.tries += 1
        letter.error = f"{type(error).__name__}: {error}"[:300]
        if letter.tries > len(TRY_AGAIN_AFTER):
            letter.state = LetterState.FAILED
        else:
            letter.next_try_at = now + timedelta(minutes=TRY_AGAIN_AFTER[letter.tries - 1])
    else:
        letter.state, letter.sent_at, letter.error = LetterState.SENT, now, ""
    letter.save()
    return True


def _unsealed(letter: Letter) -> str:
    """The body as it leaves the house: secrets that the outbox does not hold are put in now.

    Only into letters of a purpose that has such, so nobody gets one by writing a mark in a reply.
    """
    opens = settings.SEALS.get(letter.purpose)
    if opens is None:
        return letter.body
    return rules.SEAL.sub(lambda found: str(import_string(opens)(found[1])), letter.body)


def retry_letter(letter: Letter) -> None:
    """Put a failed or held letter into the queue again."""
    Letter.objects.filter(pk=letter.pk, state__in=(LetterState.FAILED, LetterState.HELD)).update(
        state=LetterState.QUEUED, tries=0, next_try_at=moment.now(), error=""
    )


def cancel_letter(letter: Letter) -> None:
    """Never send it; what is sent already stays sent."""
    waiting = Letter.objects.filter(pk=letter.pk).exclude(state=LetterState.SENT)
    if not waiting.update(state=LetterState.CANCELLED):
        raise Refused(_("这封信刚刚已经发出，不能再取消"))
