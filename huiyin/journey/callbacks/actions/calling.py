"""Making the calls: of two visitors at once nobody gets the same one; every try is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.callbacks import rules
from huiyin.journey.callbacks.actions import planning
from huiyin.journey.callbacks.actions.asking import change, held, put_off
from huiyin.journey.callbacks.models import Callback, CallbackQuerySet, Try
from huiyin.journey.callbacks.permissions import can_call
from huiyin.journey.callbacks.words import IN_VAIN, CallbackKind, PartOfDay, Result, State
from huiyin.journey.clocks.actions import stop_for
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import Description, keep_evidence, said
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.words import EvidenceKind, Source

# --- whose it is just now ------------------------------------------------------------------------


@transaction.atomic
def take_next(user: User, among: CallbackQuerySet | None = None) -> Callback | None:
    """The most pressing one that is this person's to make and that nobody else has just now."""
    now = moment.now()
    found = (Callback.objects.all() if among is None else among).waiting_for(user)
    order = (F("appointment_at").asc(nulls_last=True), "due_at", "pk")
    due = found.due(now).free(user, now).order_by(*order)
    # Whoever takes one at this moment keeps its row locked: the next in line is for us.
    picked = due.select_for_update(no_key=True, of=("self",), skip_locked=True)[:1]
    callback = next(iter(picked), None)
    if callback is not None:
        _claim(callback, by=user, now=now)
    return callback


@transaction.atomic
def claim(callback: Callback, *, by: User) -> None:
    """Keep others from calling the same customer for some minutes."""
    can_call.require(by, callback)
    now = moment.now()
    free = Callback.objects.filter(pk=callback.pk).open().free(by, now)
    if not free.select_for_update(no_key=True, of=("self",)).exists():
        raise Refused(_taken(callback, by, now))
    _claim(callback, by=by, now=now)


def _claim(callback: Callback, *, by: User, now: datetime) -> None:
    until = now + rules.CLAIMED_FOR
    same = Callback.objects.filter(pk=callback.pk).open().free(by, now)
    if not same.update(claimed_by=by, claimed_until=until):
        raise Refused(_taken(callback, by, now))
    callback.claimed_by, callback.claimed_until = by, until


def _taken(callback: Callback, by: User, now: datetime) -> str:
    fresh = Callback.objects.select_related("claimed_by").get(pk=callback.pk)
    if fresh.claimed_by_another(by, now) and fresh.claimed_by is not None:
        return _("%(name)s 正在拨打这通电话，请换一通") % {"name": fresh.claimed_by.name}
    return _("这通回电已经完成或取消，请刷新页面查看最新进展")


def release(callback: Callback, *, by: User) -> None:
    """Give it back to the queue: somebody else may call."""
    mine = Callback.objects.filter(pk=callback.pk, claimed_by=by)
    mine.update(claimed_by=None, claimed_until=None)
    callback.claimed_by = callback.claimed_until = None


# --- what came of it -----------------------------------------------------------------------------


@transaction.atomic
def answer(
    callback: Callback,
    *,
    by: User,
    result: str,
    words: str = "",
    recording: UploadedFile[Any] | None = None,
    offset: int | None = None,
    appointment_at: datetime | None = None,
) -> Try:
    """Write down what came of a call; not reached, the next try is planned."""
    can_call.require(by, callback)
    held(callback)
    now = moment.now()
    if callback.claimed_by_another(by, now):
        raise Refused(_taken(callback, by, now))
    if callback.kind == CallbackKind.VISIT and callback.complaint.status != Status.FUV:
        raise Refused(_("这条投诉现在不需要回访"))
    if result not in rules.results_of(callback.kind):
        raise Invalid(_("请选择回访结果"), result=_("请选择回访结果"))
    words = said(words, name="words", most=rules.LONGEST_WORDS, missing=_needed(result))
    if result == Result.LATER:
        appointment_at = planning.checked_appointment(appointment_at)
    if offset is not None and not 0 <= offset <= rules.LONGEST_OFFSET:
        raise Invalid(_("录音位置请写成 分:秒"), offset=_("录音位置请写成 分:秒"))
    made = Try.objects.create(
        callback=callback,
        result=result,
        words=words,
        part=planning.part(now),
        recording=_kept(callback, recording, by=by),
        offset=offset,
        next_at=appointment_at if result == Result.LATER else _next(callback, result, now),
        by=by,
        at=now,
    )
    _go_on(callback, made)
    return made


def _needed(result: str) -> str:
    """What must be written down, as the sentence that asks for it."""
    if result == Result.UNSATISFIED:
        return _("客户不满意时，请记下客户说了什么")
    return _("请记下谈了什么") if result == Result.TALKED else ""


def _kept(callback: Callback, upload: UploadedFile[Any] | None, *, by: User) -> Evidence | None:
    if upload is None:
        return None
    about = frozen(gettext_lazy("%(kind)s录音")) % {"kind": callback.get_kind_display()}
    told = Description(source=Source.STAFF, about=about, kind=EvidenceKind.RECORDING)
    return keep_evidence(callback.complaint, by=by, upload=upload, described=told)


def _next(callback: Callback, result: str, now: datetime) -> datetime | None:
    """When to try again; None when that was the last, or he was reached."""
    if result not in IN_VAIN:
        return None
    tried = [*callback.in_vain(), timezone.localtime(now, planning.zone())]
    if rules.tried_enough(tried):
        return None
    return planning.another_try(tried, now)


def _go_on(callback: Callback, made: Try) -> None:
    """Next try, appointment, or the end."""
    callback.tries += 1
    change(callback, tries=callback.tries, claimed_by=None, claimed_until=None)
    label = frozen(Result(made.result).label)
    told: dict[str, Any] = {**callback.facts, "try": made.pk, "result": label, "words": made.words}
    if made.result == Result.LATER and made.next_at is not None:
        put_off(callback, at=made.next_at)
        told |= {"name": label, "next_at": made.next_at.isoformat()}
        record(What.CALLBACK_ASKED, callback.complaint, by=made.by, **told)
        return
    if made.next_at is not None:
        part = planning.part(made.next_at)
        change(callback, next_at=made.next_at, next_part=part, appointment_at=None)
        note = f"{frozen(PartOfDay(part).label)} {timezone.localtime(made.next_at):%m-%d %H:%M}"
        told |= {"next_at": made.next_at.isoformat(), "note": note}
        record(What.CALLBACK_TRIED, callback.complaint, by=made.by, **told)
        return
    change(
        callback,
        state=State.DONE,
        result=made.result,
        words=made.words,
        done_by=made.by,
        done_at=made.at,
    )
    stop_for(callback.complaint, subject=callback.subject, at=made.at, by=made.by)
    record(What.CALLBACK_DONE, callback.complaint, by=made.by, **told)
