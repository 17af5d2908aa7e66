"""Followers: where promises come from, and what settles them by itself."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.worktime.models import calendar
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.clocks.actions import move_for
from huiyin.journey.complaint.events import frozen
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Message
from huiyin.journey.promises.actions.promising import carry_due, promise, run_clock
from huiyin.journey.promises.actions.reading import OFFICE, Chip, read
from huiyin.journey.promises.actions.settling import hold, settle_kept, settle_released
from huiyin.journey.promises.models import LONGEST_SENTENCE, Promise, Waiver
from huiyin.journey.promises.rules import kind_named, workday_end
from huiyin.journey.promises.words import Fault, Origin, PromiseKind
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.rules import yuan

BY_PRODUCT = gettext_lazy("系统文书")
CLOSE = time(18)  # a day without a time is meant until close of business

# --- what is written and said ---------------------------------------------------------------------


def read_reply(event: Event) -> None:
    """Follow a reply: its promises are kept in the ledger, or it does not go out. What the system
    sends, and what the product put together, is read, never stopped."""
    if not event.facts.get("binds", True):
        return
    message = Message.objects.get(pk=event.facts["message"])
    waived = event.facts.get("waived", ())
    chips = read(event.by, event.complaint, message.text, waived=waived)
    if not (_by_product(event) or event.facts.get("checked")):
        insist(chips)
    _keep(event, message, chips, Origin.REPLY)
    if not event.by.is_system:
        _told_now(event, message)


def check_reply(event: Event) -> None:
    """Follow a reply that leaves later: it must be fit to go now, and binds once it has left."""
    message = Message.objects.get(pk=event.facts["message"])
    waived = event.facts.get("waived", ())
    insist(read(event.by, event.complaint, message.text, waived=waived))


def insist(chips: list[Chip]) -> None:
    """Stop a reply with what is wrong in it, and with words that may go out."""
    stopped = [chip for chip in chips if chip.stops]
    if stopped:
        raise Invalid(
            _("%(why)s。建议改为：%(better)s")
            % {"why": stopped[0].why, "better": stopped[0].better},
            text="；".join(chip.why for chip in stopped),
            better="\n".join(chip.better for chip in stopped),
        )


def _by_product(event: Event) -> bool:
    return event.by.is_system or bool(event.facts.get("fixed"))


def read_note(event: Event) -> None:
    """Follow a note of what was said to the customer: it was said, so it binds us. Without a date
    the usual time counts; beyond the speaker's authority it is marked."""
    if not event.facts.get("spoken"):
        return
    message = Message.objects.get(pk=event.facts["message"])
    waived = event.facts.get("waived", ())
    chips = read(event.by, event.complaint, message.text, waived=waived, spoken=True)
    _keep(event, message, chips, Origin.CALL)


def _keep(event: Event, message: Message, chips: list[Chip], origin: str) -> None:
    for place, chip in enumerate(chips):
        if chip.waived:
            _waive(event, message, chip)
        elif chip.due_at is not None and not chip.by_offer and chip.known is None:
            _enter(event, message, chip, f"{origin}:{message.pk}{f'.{place}' if place else ''}")


def _enter(event: Event, message: Message, chip: Chip, source: str) -> None:
    promise(
        event.complaint,
        by=event.by,
        kind=chip.found.kind,
        what=chip.what,
        amount_fen=chip.found.amount_fen,
        due_at=chip.due_at or moment.now(),
        source=source,
        sentence=chip.found.sentence,
        message=message,
        authority=chip.authority or (frozen(BY_PRODUCT) if _by_product(event) else ""),
        assumed=chip.found.due_at is None,
        beyond=chip.fault == Fault.AUTHORITY and not _by_product(event),
    )


def _waive(event: Event, message: Message, chip: Chip) -> None:
    Waiver.objects.create(
        complaint=event.complaint,
        message=message,
        kind=chip.found.kind,
        sentence=chip.found.sentence[:LONGEST_SENTENCE],
        by=event.by,
        at=moment.now(),
    )


def _told_now(event: Event, message: Message) -> None:
    """A reply is the progress that was promised: what was to be told by then is told."""
    owed = Promise.objects.open().filter(complaint=event.complaint, kind=PromiseKind.UPDATE)
    for given in owed.exclude(message=message).filter(due_at__gt=event.at):
        given.complaint = event.complaint
        settle_kept(given, by=event.by, proof=_("已回复客户"))


# --- options --------------------------------------------------------------------------------------


def of_offer(event: Event) -> None:
    """Follow the customer's yes: what was agreed is promised, on the word of who decided it."""
    offer = _offer(event)
    if offer is None:
        return
    decided = offer.decided_by or offer.by
    promise(
        event.complaint,
        by=User.objects.system(),
        kind=kind_of(offer),
        what=_of_offer(offer),
        amount_fen=offer.amount_fen,
        due_at=_due(offer),
        source=f"offer:{offer.pk}",
        sentence=offer.wording,
        remedy=offer.remedy,
        authority=frozen(gettext_lazy("方案 · %(name)s")) % {"name": decided.name},
    )


def _due(offer: Offer) -> datetime:
    """By the day that was offered; a yes when that is over is owed on the next working day."""
    offered, now = end_of(offer.due_on), moment.now()
    return offered if offered > now else workday_end(now, 1, calendar(OFFICE))


def _of_offer(offer: Offer) -> str:
    amount = yuan(offer.amount_fen) if offer.amount_fen else ""
    return " ".join(filter(None, (offer.remedy.name_zh, amount)))


def kind_of(offer: Offer) -> str:
    """A remedy by what it is called: 退货退款 is a refund, 补发 a re-shipment."""
    return str(kind_named(offer.remedy.name_zh))


def end_of(day: Any) -> datetime:
    """18:00 of the day, as a customer hears a date without a time."""
    return datetime.combine(day, CLOSE, ZoneInfo(calendar(OFFICE).zone))


def offer_executed(event: Event) -> None:
    """Follow the execution: the option's promise is kept, and what repeated it."""
    offer = _offer(event)
    if offer is None:
        return
    proof = str(event.facts.get("note") or "") or frozen(gettext_lazy("方案已执行"))
    owed = Promise.objects.owed().filter(complaint=event.complaint)
    kind = kind_of(offer)
    for given in owed:
        same_sum = given.amount_fen in (0, offer.amount_fen)
        if given.source == f"offer:{offer.pk}" or (given.kind == kind and same_sum):
            given.complaint = event.complaint
            settle_kept(given, by=event.by, proof=proof)


def offer_gone(event: Event) -> None:
    """Follow the customer's no, or his withdrawal: nothing is owed of it any more."""
    offer = _offer(event)
    if offer is None:
        return
    owed = Promise.objects.open().filter(
        complaint=event.complaint, source=f"offer:{offer.pk}", due_at__gt=moment.now()
    )
    for given in owed:
        given.complaint = event.complaint
        settle_released(given, by=event.by, reason=frozen(What(event.what).label))


def _offer(event: Event) -> Offer | None:
    pk = event.facts.get("offer")
    found = Offer.objects.select_related("remedy", "by", "decided_by")
    return found.filter(pk=pk, complaint=event.complaint).first() if pk else None


def told_result(event: Event) -> None:
    """Follow the feedback: an answer, news or a solution that was promised has come by it."""
    kinds = (PromiseKind.REPLY, PromiseKind.UPDATE, PromiseKind.RESOLVE)
    for given in Promise.objects.owed().filter(complaint=event.complaint, kind__in=kinds):
        given.complaint = event.complaint
        settle_kept(given, by=event.by, proof=frozen(gettext_lazy("已反馈处理结果")))


# --- calls ----------------------------------------------------------------------------------------


def of_callback(event: Event) -> None:
    """Follow an appointment for a call: the agreed time is a promise, and moves with it."""
    call = _callback(event)
    if call is None or call.appointment_at is None or call.kind == CallbackKind.VISIT:
        return
    known = Promise.objects.open().filter(complaint=event.complaint, source=f"callback:{call.pk}")
    given = known.first()
    if given is None:
        promise(
            event.complaint,
            by=User.objects.system(),
            kind=PromiseKind.CALL,
            what=frozen(gettext_lazy("约定回电")),
            due_at=call.due_at,
            source=f"callback:{call.pk}",
            sentence=call.reason,
            owner=call.person,
        )
    elif given.due_at != call.due_at and call.due_at > moment.now():
        _follow_appointment(given, event.complaint, call.due_at)


def _follow_appointment(given: Promise, complaint: Complaint, due_at: datetime) -> None:
    given.turn(given.state, due_at=due_at)
    clock = complaint.clocks.filter(subject=given.subject, stopped_at=None).first()
    if clock is not None:
        clock.complaint = complaint
        move_for(complaint, clock, due_at=due_at)
    carry_due(complaint)


def called(event: Event) -> None:
    """Follow a call that reached the customer: the appointment is kept; so is any call owed."""
    call = _callback(event)
    for given in Promise.objects.owed().filter(complaint=event.complaint, kind=PromiseKind.CALL):
        own = call is not None and given.source == f"callback:{call.pk}"
        if own or not given.source.startswith("callback:"):
            given.complaint = event.complaint
            settle_kept(given, by=event.by, proof=frozen(gettext_lazy("已与客户通话")))


def call_off(event: Event) -> None:
    """Follow a call that was called off: its appointment is owed no more."""
    call = _callback(event)
    if call is None:
        return
    owed = Promise.objects.open().filter(
        complaint=event.complaint, source=f"callback:{call.pk}", due_at__gt=moment.now()
    )
    for given in owed:
        given.complaint = event.complaint
        reason = str(event.facts.get("reason") or "") or frozen(gettext_lazy("回电已取消"))
        settle_released(given, by=event.by, reason=reason)


def _callback(event: Event) -> Callback | None:
    pk = event.facts.get("callback")
    return Callback.objects.filter(pk=pk, complaint=event.complaint).first() if pk else None


# --- the end --------------------------------------------------------------------------------------


def outlive(event: Event) -> None:
    """Follow a closing: what was promised is owed beyond it; its clock runs on. May run twice, and
    late: what fell due while no worker ran is missed by the next sweep."""
    hold(event.complaint)
    for given in Promise.objects.open().filter(complaint=event.complaint_id):
        given.complaint = event.complaint
        running = event.complaint.clocks.filter(subject=given.subject, stopped_at=None)
        if not running.exists():
            run_clock(given, start=given.at)


def let_go(event: Event) -> None:
    """Follow a withdrawal or a cancelling: nobody waits for it any more. May run twice."""
    hold(event.complaint)
    for given in Promise.objects.open().filter(complaint=event.complaint_id):
        given.complaint = event.complaint
        settle_released(given, by=User.objects.system(), reason=frozen(What(event.what).label))
