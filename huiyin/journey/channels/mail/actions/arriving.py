"""A kept mail arrives: taken by one worker, read in a child, judged, and made what it is.

Safe at any time and twice: what is taken and not finished is taken again, and each mail becomes one
thing only (`fingerprint`, and the receipt `mail:<pk>` of intake).
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import as_sentence, told_by
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions import taking
from huiyin.journey.channels.mail.actions.knowing import (
    Thread,
    known,
    limits,
    sending_of,
    thread_of,
)
from huiyin.journey.channels.mail.actions.returning import returned
from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.channels.mail.reading import Read, Unreadable, parts_bytes, read
from huiyin.journey.channels.mail.rules.judging import Do, Verdict, judge
from huiyin.journey.channels.mail.rules.writing import fingerprint, signature_of
from huiyin.journey.channels.mail.words import MailState, Nature, Outcome
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import answers

logger = logging.getLogger(__name__)

TAKEN_FOR = timedelta(minutes=3)  # a worker that died leaves it to another after that
AGAIN_AFTER = timedelta(days=1)  # the same words after that may be news
TRY_AGAIN_AFTER = (1, 5, 15, 45)  # minutes
MOST_READINGS = 2  # then it is taken as far as it could be read


def arrive_due() -> int:
    """All that are due; of two workers each mail is taken by one (SKIP LOCKED)."""
    done = 0
    while mail := _taken():
        arrive(mail)
        done += 1
    return done


@transaction.atomic
def _taken() -> Mail | None:
    """The next one, ours for a while; counted before it is read, so that what kills its reader does
    not kill for ever."""
    now = moment.now()
    mail = Mail.objects.due(now).select_for_update(skip_locked=True, of=("self",)).first()
    if mail is None:
        return None
    mail.tries += 1
    mail.next_try_at = now + TAKEN_FOR
    mail.save(update_fields=["tries", "next_try_at"])
    return mail


def arrive(mail: Mail) -> None:
    """Read it and make it what it is. What fails is tried again later, then told to a person."""
    raw = bytes(mail.raw)
    found = read(raw, limits())
    if found.fault and mail.tries < MOST_READINGS:
        _later(mail, found.fault)
        return
    try:
        files = parts_bytes(raw, taking.wanted_places(found), limits()) if found.files else {}
    except Unreadable as fault:
        if mail.tries < MOST_READINGS:
            _later(mail, str(fault))
            return
        files = {}
    try:
        _make(mail, found, files)
    except Exception as error:
        logger.exception("mail %s could not be taken; it will be tried again", mail.pk)
        _later(mail, told_by(error))


def _later(mail: Mail, error: str) -> None:
    """Again after a while; after the last try a person looks."""
    still = Mail.objects.filter(pk=mail.pk, state=MailState.KEPT)
    if mail.tries > len(TRY_AGAIN_AFTER):
        still.update(state=MailState.FAILED, error=error, reason=_("多次处理失败"))
        return
    pause = timedelta(minutes=TRY_AGAIN_AFTER[mail.tries - 1])
    still.update(next_try_at=moment.now() + pause, error=error)


@transaction.atomic
def _make(mail: Mail, found: Read, files: dict[int, bytes]) -> None:
    mail = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if mail.state != MailState.KEPT:  # another worker was faster
        return
    describe(mail, found)
    if _is_double(mail, found):
        mail.save()
        return
    thread = thread_of(found)
    verdict = judge(found, known(mail, found, thread))
    mail.nature, mail.reason = verdict.nature, as_sentence(verdict.why)
    mail.facts["quiet"] = verdict.quiet
    mail.suspected = None if thread.goes_on else thread.related
    if found.fault:
        _take_unread(mail, found, verdict)
    else:
        _take(mail, found, files, verdict, thread)
    if thread.letter is not None and mail.outcome == Outcome.NEW and mail.complaint is not None:
        answers.became(thread.letter, mail.complaint)
    mail.save()


def look_at(mail: Mail) -> None:
    """Who wrote, about what, of one that waits for a person from the beginning."""
    describe(mail, read(bytes(mail.raw), limits()))
    mail.save()


def describe(mail: Mail, found: Read) -> None:
    """What was read in it, onto its row."""
    mail.internet_id = found.internet_id[:255]
    mail.sender = found.sender.address[:254]
    mail.sender_name = found.sender.name[:200]
    mail.subject = found.subject[:500]
    mail.text, mail.html = found.text, found.html
    mail.signed = signature_of(found.signed, found.doubts)
    mail.error = found.fault
    mail.facts = {
        "to": [[one.address, one.name] for one in found.to],
        "cc": [[one.address, one.name] for one in found.cc],
        "reply_to": [[one.address, one.name] for one in found.reply_to],
        "date": found.date,
        "in_reply_to": found.in_reply_to,
        "references": found.references,
        "headers": [list(one) for one in found.headers],
        "report": found.report,
        "signed": found.signed,
        "doubts": list(found.doubts),
        "quiet": bool(mail.facts.get("quiet")),  # judged so before: nothing automatic answers it
    }


def _is_double(mail: Mail, found: Read) -> bool:
    """The same mail came before: by another of our mailboxes, or sent again by a server. The row
    of the first is waited for, where it is being made at this moment."""
    mark = fingerprint(found, mail.sha256)
    try:
        with transaction.atomic():
            Mail.objects.filter(pk=mail.pk).update(fingerprint=mark)
    except IntegrityError:
        _settle_double(mail, Mail.objects.get(fingerprint=mark))
        taking.keep_parts(mail, found, {})
        return True
    mail.fingerprint = mark
    return False


def _settle_double(mail: Mail, first: Mail) -> None:
    """One thing with the first; but who sends the same to the same address another day may have it
    happen to him again, so a person looks."""
    mail.fingerprint, mail.nature = None, first.nature
    if _is_sent_again(mail, first):
        mail.state, mail.suspected = MailState.HELD, first.complaint
        mail.reason = _("与一天以前收到的一封完全相同：是重发，还是又发生了一次，请核对")
        return
    mail.state, mail.outcome = MailState.HANDLED, Outcome.DUPLICATE
    mail.complaint = first.complaint
    mail.reason = _("与先前收到的一封相同")


def _is_sent_again(mail: Mail, first: Mail) -> bool:
    """Not where a server numbers its mails anew and all of them are looked at again."""
    same = (mail.mailbox_id, mail.uidvalidity) == (first.mailbox_id, first.uidvalidity)
    return same and mail.received_at - first.received_at > AGAIN_AFTER


def _take(
    mail: Mail, found: Read, files: dict[int, bytes], verdict: Verdict, thread: Thread
) -> None:
    try:
        with transaction.atomic():
            if verdict.do == Do.REGISTER:
                taking.register(mail, found, files)
            elif verdict.do == Do.THREAD:
                _goes_on(mail, found, files, thread)
            else:
                _put_by(mail, found, verdict, thread)
    except Refused as refusal:  # what our own rules do not take: a person finds a way
        mail.state, mail.reason = MailState.HELD, refusal.sentence
        mail.outcome, mail.complaint, mail.message = "", None, None
        taking.keep_parts(mail, found, {})


def _goes_on(mail: Mail, found: Read, files: dict[int, bytes], thread: Thread) -> None:
    """Where our letter belongs: in what it was about, else in its complaint. What ended in this
    very moment takes nothing more."""
    if thread.letter is not None and taking.answer(mail, found, files, thread.letter):
        return
    if thread.complaint is not None:
        taking.thread(mail, found, files, thread.complaint)
    else:
        taking.register(mail, found, files)


def _put_by(mail: Mail, found: Read, verdict: Verdict, thread: Thread) -> None:
    taking.keep_parts(mail, found, {})
    if verdict.do == Do.HOLD:
        mail.state = MailState.HELD
        return
    mail.state = MailState.HANDLED
    mail.outcome = Outcome.IGNORED if verdict.do == Do.IGNORE else Outcome.NOTED
    if verdict.nature == Nature.BOUNCE:
        _note_bounce(mail, found)
    elif verdict.do == Do.NOTE:
        _note(mail, found, verdict, thread)


def _note_bounce(mail: Mail, found: Read) -> None:
    """News about a letter of ours, if it carries the Message-ID of one."""
    sending = sending_of(found.report.get("our_id", "")) if found.report.get("our_id") else None
    if sending is None or sending.letter.complaint is None:
        return
    mail.complaint = sending.letter.complaint
    said = found.report.get("diagnostic") or found.subject
    status = found.report.get("status", "")
    delayed = found.report.get("action", "").lower() == "delayed" or status.startswith("4")
    returned(sending.letter_id, status, said, delayed=delayed)


def _note(mail: Mail, found: Read, verdict: Verdict, thread: Thread) -> None:
    """An automatic answer to a letter of ours stands in the story; nobody answers it."""
    if thread.complaint is None:
        return
    mail.complaint = thread.complaint
    record(
        What.AUTO_REPLIED,
        thread.complaint,
        by=User.objects.system(),
        mail=mail.pk,
        nature=str(verdict.nature),
        name=found.subject[:120],
    )


def _take_unread(mail: Mail, found: Read, verdict: Verdict) -> None:
    """Twice unreadable: kept, in everybody's sight, and a complaint all the same when it is not
    plainly a machine's."""
    taking.keep_parts(mail, found, {})
    if verdict.nature == Nature.ORDINARY:
        with transaction.atomic():
            taking.register(mail, found, {}, whole=False)
    mail.state = MailState.FAILED
    mail.reason = _("没有能完整读取，请打开原邮件核对")
