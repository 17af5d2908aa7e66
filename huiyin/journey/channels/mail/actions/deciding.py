"""A person decides about a mail that was held, or set aside as automatic: to which complaint, a new
one, none; read again."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions import taking
from huiyin.journey.channels.mail.actions.arriving import describe
from huiyin.journey.channels.mail.actions.knowing import limits
from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.channels.mail.permissions import can_review_mail
from huiyin.journey.channels.mail.reading import Read, Unreadable, parts_bytes, read
from huiyin.journey.channels.mail.words import SET_ASIDE, MailState, Outcome
from huiyin.journey.complaint.models import Complaint

MOST_AT_ONCE = 200
HELD = (MailState.HELD, MailState.FAILED)


def thread(mail: Mail, complaint: Complaint, *, by: User) -> None:
    """It belongs to this complaint, which `by` must see."""
    can_review_mail.require(by, mail)
    seen = Complaint.objects.visible_to(by).filter(pk=complaint.pk).first()
    if seen is None:
        raise Refused(_("没有这条投诉，或您看不到它"))
    found, files = _read(mail)
    with transaction.atomic():
        held = _held(mail, aside=True)
        describe(held, found)
        taking.thread(held, found, files, seen)
        _decided(mail, held, by=by)


def register(mail: Mail, *, by: User) -> Complaint:
    """It is a complaint of its sender."""
    can_review_mail.require(by, mail)
    found, files = _read(mail)
    with transaction.atomic():
        held = _held(mail, aside=True)
        describe(held, found)
        complaint = taking.register(held, found, files, whole=not found.fault)
        _decided(mail, held, by=by)
    return complaint


def dismiss(mail: Mail, *, by: User, reason: str) -> None:
    """Nothing follows from it; it stays kept."""
    can_review_mail.require(by, mail)
    reason = _why(reason)
    with transaction.atomic():
        held = _held(mail, settled=True)
        held.state, held.reason = MailState.HANDLED, reason
        held.outcome = held.outcome or Outcome.DISMISSED
        _decided(mail, held, by=by)


def _why(reason: str) -> str:
    reason = " ".join(reason.replace("\x00", "").split())
    if not 2 <= len(reason) <= 300:
        sentence = _("请写明不处理的理由，2 到 300 字")
        raise Invalid(sentence, reason=sentence)
    return reason


def dismiss_many(pks: Collection[int], *, by: User, reason: str) -> tuple[int, int]:
    """The same of many that are plainly alike, as advertisements are; each by itself, so what
    somebody else decided meanwhile stays as he decided. How many, and how many were not."""
    can_review_mail.require(by, None)
    reason, wanted = _why(reason), set(pks)
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        sentence = _("请勾选要处理的邮件，一次最多 %(most)s 封") % {"most": MOST_AT_ONCE}
        raise Invalid(sentence, mails=sentence)
    done = 0
    seen = Mail.objects.visible_to(by, reviews=True).filter(pk__in=wanted)
    for mail in seen.defer("raw", "html", "text").order_by("pk"):
        try:
            dismiss(mail, by=by, reason=reason)
            done += 1
        except Refused:
            continue
    return done, len(wanted) - done


@transaction.atomic
def read_again(mail: Mail, *, by: User) -> None:
    """Once more through the whole pipeline, by the worker; what is a complaint stays one."""
    can_review_mail.require(by, mail)
    held = _held(mail, aside=True)
    if held.complaint_id is not None:
        raise Refused(_("这封邮件已经记在一件投诉里，不再重新读取"))
    held.state, held.outcome, held.tries, held.error = MailState.KEPT, "", 0, ""
    held.next_try_at, held.fingerprint = moment.now(), None
    held.save(update_fields=["state", "outcome", "tries", "error", "next_try_at", "fingerprint"])
    mail.refresh_from_db(fields=["state", "outcome", "tries", "error", "next_try_at"])


def _read(mail: Mail) -> tuple[Read, dict[int, bytes]]:
    """Before any row is held: it takes a moment."""
    raw = bytes(mail.raw)
    found = read(raw, limits())
    try:
        return found, parts_bytes(raw, taking.wanted_places(found), limits()) if found.files else {}
    except Unreadable:
        return found, {}


def _held(mail: Mail, *, settled: bool = False, aside: bool = False) -> Mail:
    """The row, kept still; refused when somebody decided a moment ago. `settled`: also one that
    could not be read whole and has become a complaint all the same. `aside`: also one that was
    only noted; what it was noted at stays named (`suspected`)."""
    held = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if aside and held.outcome in SET_ASIDE:
        held.suspected_id = held.suspected_id or held.complaint_id
        return held
    if held.state not in HELD:
        raise Refused(_("这封邮件刚刚被别人处理过，请刷新后再试"))
    if held.complaint_id is not None and not settled:
        raise Refused(_("这封邮件已经登记为投诉，请打开原邮件核对"))
    return held


def _decided(mail: Mail, held: Mail, *, by: User) -> None:
    held.decided_by, held.decided_at = by, moment.now()
    held.save()
    mail.refresh_from_db()
