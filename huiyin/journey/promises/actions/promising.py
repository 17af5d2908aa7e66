"""Giving a promise, and the date that the spine carries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, NotPermitted
from huiyin.journey.clocks.actions import run_until
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.actions.writing import not_sealed
from huiyin.journey.conversation.models import Message
from huiyin.journey.promises import rules
from huiyin.journey.promises.models import LONGEST_SENTENCE, LONGEST_WHAT, Promise
from huiyin.journey.promises.permissions import can_promise
from huiyin.journey.promises.words import MONEY, Origin, PromiseKind
from huiyin.journey.resolution.actions import may_promise
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.rules import MOST_FEN, yuan


@transaction.atomic
def promise(
    complaint: Complaint,
    *,
    by: User,
    kind: str,
    what: str,
    due_at: datetime,
    amount_fen: int = 0,
    source: str,
    sentence: str = "",
    owner: User | None = None,
    message: Message | None = None,
    remedy: Remedy | None = None,
    authority: str = "",
    assumed: bool = False,
    beyond: bool = False,
) -> Promise:
    """Enter a promise into the ledger; asked again by the same `source` it gives the one there is.

    Without `owner` it follows whoever handles the complaint. `authority`: on whose word a sum was
    promised (an approved offer); else the writer's own must cover it. Raises Invalid with kind,
    what, due_at, amount.
    """
    if message is None:  # who wrote one was asked when he wrote it
        can_promise.require(by, complaint)
    not_sealed(complaint)
    list(Complaint.objects.select_for_update(no_key=True).filter(pk=complaint.pk).values("pk"))
    known = Promise.objects.filter(complaint=complaint, source=source[:60]).first()
    if known is not None:
        return known
    now = moment.now()
    _check(kind, due_at, amount_fen, now)
    if not (authority or beyond or by.is_system):
        authority = _own_authority(complaint, by, kind, amount_fen)
    missing = _("请写明承诺了什么")
    given = Promise.objects.create(
        complaint=complaint,
        kind=kind,
        what=said(what, name="what", most=LONGEST_WHAT, missing=missing),
        amount_fen=amount_fen,
        due_at=due_at,
        first_due_at=due_at,
        origin=rules.origin_of(source) or Origin.HAND,
        source=source[:60],
        sentence=sentence.strip()[:LONGEST_SENTENCE],
        message=message,
        remedy=remedy,
        authority=authority[:120],
        assumed=assumed,
        beyond=beyond,
        owner=owner,
        by=by,
        at=now,
    )
    run_clock(given, start=now)
    carry_due(complaint)
    record(What.PROMISED, complaint, by=by, **given.facts)
    return given


def _check(kind: str, due_at: datetime, amount_fen: int, now: datetime) -> None:
    if kind not in PromiseKind.values:
        raise Invalid(_("请选择承诺的种类"), kind=_("请选择"))
    if not rules.due_is_sensible(due_at, now):
        sentence = _("承诺的期限应在现在之后、一年之内，请检查日期和时间")
        raise Invalid(sentence, due_at=sentence)
    if not 0 <= amount_fen <= MOST_FEN:
        raise Invalid(_("金额不对，请填写 0 以上的金额"), amount=_("金额不对"))


def _own_authority(complaint: Complaint, by: User, kind: str, amount_fen: int) -> str:
    """The writer's own authority in words; NotPermitted where it does not reach."""
    if not amount_fen or kind not in MONEY:
        return ""
    allowed = may_promise(by, complaint, amount_fen, kind=kind)
    if not allowed.within:
        sentence = _("%(amount)s 超出您的承诺权限（%(limit)s），请先提出方案、批准后再告诉客户")
        said_ = {"amount": yuan(amount_fen), "limit": yuan(allowed.limit_fen)}
        raise NotPermitted(sentence % said_, amount=_("超出权限"))
    return frozen(gettext_lazy("%(name)s 本人权限")) % {"name": by.name}


def run_clock(given: Promise, *, start: datetime) -> None:
    """Its own clock: reminders climb the ladder of promises, at 50 and 80 %."""
    run_until(
        given.complaint,
        ClockKind.PROMISE,
        subject=given.subject,
        label=given.what,
        start=start,
        due_at=given.due_at,
        person=given.owner,
        warn_percent=100,  # the ladder reminds; a warning beside it would say it twice
    )


def carry_due(complaint: Complaint) -> None:
    """Write the nearest open promise to the spine, where lists find it."""
    first = Promise.objects.open().filter(complaint=complaint).aggregate(at=Min("due_at"))["at"]
    if complaint.promise_due_at != first:
        complaint.carry(promise_due_at=first)


@transaction.atomic
def promise_by_hand(
    complaint: Complaint,
    *,
    by: User,
    kind: str,
    what: str,
    due_at: datetime | None,
    amount_fen: int = 0,
    owner: User | None = None,
) -> Promise:
    """What was said face to face, or in another system: entered by hand."""
    if due_at is None:
        sentence = _("没有期限的承诺不能登记，请填写日期和时间")
        raise Invalid(sentence, due_at=sentence)
    count = Promise.objects.filter(complaint=complaint, origin=Origin.HAND).count()
    facts: dict[str, Any] = {"kind": kind, "what": what, "amount_fen": amount_fen, "owner": owner}
    return promise(complaint, by=by, due_at=due_at, source=f"hand:{count + 1}", **facts)
