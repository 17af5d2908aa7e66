"""Standing still until a day (挂起): asked by the handler, decided by supervisor or manager, ended
by the schedule or by hand. Never S1, never where the policy forbids."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import opening
from huiyin.journey.clocks.models import Policy, Suspension
from huiyin.journey.clocks.permissions import can_ask, can_decide_suspension
from huiyin.journey.clocks.words import RequestState, SuspendReason
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity, Status, What
from huiyin.journey.conversation.actions import reply, said
from huiyin.journey.routing.permissions import can_handle

logger = logging.getLogger(__name__)

MOST_WORK_DAYS = 5  # domain §7.3
MOST_TIMES = 2  # once, and renewed once


@transaction.atomic
def ask_suspension(
    complaint: Complaint, *, by: User, reason_code: str, note: str, wake_on: date | None
) -> Suspension:
    """Ask to let it stand still until a working day within five of them; asked again while it
    does, to renew that once. Raises Invalid with fields reason_code, note, wake_on."""
    can_ask.require(by, complaint)
    complaint.hold()
    _may_stand_still(complaint)
    if reason_code not in SuspendReason.values:
        raise Invalid(_("请选择挂起原因"), reason_code=_("请选择"))
    sentence = _("请写明挂起的依据，例如与客户的约定、对方的回函")
    note = said(note, name="note", most=300, missing=sentence, least=4)
    earlier = complaint.suspensions.exclude(state__in=(RequestState.REFUSED, RequestState.LAPSED))
    if earlier.filter(state=RequestState.ASKED).exists():
        raise Refused(_("已经有一份挂起申请在等待审批"))
    if earlier.count() >= MOST_TIMES:
        raise Refused(_("这条投诉已挂起并续过一次，不能再挂起；请继续办理或升级"))
    day = _checked_day(complaint, wake_on)
    suspension = Suspension.objects.create(
        complaint=complaint,
        reason_code=reason_code,
        note=note,
        wake_on=day,
        wake_at=opening(day, calendar(_calendar_of(complaint))),
        renews=complaint.status == Status.SUS,
        by=by,
        at=moment.now(),
    )
    record(What.SUSPENSION_ASKED, complaint, by=by, **_facts(suspension))
    return suspension


def _may_stand_still(complaint: Complaint) -> None:
    if complaint.status not in (*WORKING, Status.SUS):
        raise Refused(_("只有处理中的投诉可以挂起，请刷新页面查看最新进展"))
    if complaint.severity == Severity.S1:
        raise Refused(_("S1 紧急投诉不能挂起；请继续办理，需要支援请升级"))
    if policy := _forbidding(complaint):
        raise Refused(_("按 %(policy)s，这条投诉不允许挂起") % {"policy": policy.name})


def _forbidding(complaint: Complaint) -> Policy | None:
    """The first policy that binds this complaint and allows no suspension."""
    running = complaint.clocks.own().filter(stopped_at=None).values("policy")
    attached = complaint.attachments.values("policy")
    binding = Policy.objects.filter(Q(code__in=running) | Q(pk__in=attached))
    return binding.filter(suspendable=False).first()


def _calendar_of(complaint: Complaint) -> str:
    return complaint.team.calendar_code if complaint.team else "office"


def _checked_day(complaint: Complaint, wake_on: date | None) -> date:
    works = calendar(_calendar_of(complaint))
    today = works.day_of(moment.now())
    last = works.workday_after(today, MOST_WORK_DAYS)
    if wake_on is None or not today < wake_on <= last or not works.is_workday(wake_on):
        sentence = _("解挂日期请选 %(last)s 以前的一个工作日（最多 5 个工作日）") % {
            "last": last.isoformat()
        }
        raise Invalid(sentence, wake_on=sentence)
    running = complaint.suspensions.running().first()
    if running is not None and wake_on <= running.wake_on:
        sentence = _("续期要晚于现在的解挂日期 %(day)s") % {"day": running.wake_on.isoformat()}
        raise Invalid(sentence, wake_on=sentence)
    return wake_on


@transaction.atomic
def decide_suspension(
    suspension: Suspension, *, by: User, approve: bool, words: str = "", channel: str = ""
) -> Suspension:
    """Let it stand still, and the customer is told until when; or refuse it and say why."""
    complaint = suspension.complaint
    can_decide_suspension.require(by, suspension)
    complaint.hold()
    suspension.refresh_from_db()
    if suspension.state != RequestState.ASKED:
        raise Refused(_("这份申请刚刚已经处理过，请刷新页面"))
    if suspension.by_id == by.pk:
        raise Refused(_("自己的申请要由别人审批"))
    missing = "" if approve else _("请写明不同意的原因")
    suspension.words = said(words, name="words", most=300, missing=missing)
    suspension.decided_by, suspension.decided_at = by, moment.now()
    if not approve:
        suspension.state = RequestState.REFUSED
        suspension.save()
        facts = {**_facts(suspension), "reason": suspension.words}
        record(What.SUSPENSION_REFUSED, complaint, by=by, **facts)
        return suspension
    _grant(suspension, by=by, channel=channel)
    return suspension


def _grant(suspension: Suspension, *, by: User, channel: str) -> None:
    complaint = suspension.complaint
    _may_stand_still(complaint)
    if suspension.wake_at <= moment.now():
        raise Refused(_("申请的解挂日期已经过了，请退回重新申请"))
    text = letter(suspension)
    suspension.told = reply(complaint, by=by, text=text, channel=channel, fixed=True)
    complaint.refresh_from_db(fields=["status"])
    complaint.suspensions.running().update(state=RequestState.RENEWED)
    suspension.state = RequestState.GRANTED
    suspension.save()
    if complaint.status != Status.SUS:
        complaint.move_to(Status.SUS)
    record(What.SUSPENDED, complaint, by=by, **_facts(suspension))


def letter(suspension: Suspension) -> str:
    """What the customer reads: until when, and that we come back by ourselves."""
    return _(
        "您好，您的投诉 %(number)s 暂时需要等待：%(reason)s\n"
        "我们会在 %(day)s 继续办理，届时主动与您联系；在此之前有新情况请随时告诉我们。"
    ) % {
        "number": suspension.complaint.number,
        "reason": SuspendReason(suspension.reason_code).label,
        "day": suspension.wake_on.isoformat(),
    }


@transaction.atomic
def wake(complaint: Complaint, *, by: User, reason: str = "") -> None:
    """Go on working (解挂): at the day that was set, or sooner by hand."""
    can_handle.require(by, complaint)
    reason = said(reason, name="reason", most=300)
    complaint.hold()
    if complaint.status != Status.SUS:
        raise Refused(_("这条投诉没有挂起，请刷新页面查看最新进展"))
    complaint.move_to(Status.HND)
    complaint.suspensions.running().update(
        state=RequestState.WOKEN, woken_at=moment.now(), woken_by=by
    )
    complaint.suspensions.filter(state=RequestState.ASKED).update(state=RequestState.LAPSED)
    record(What.WOKEN, complaint, by=by, reason=reason)


def wake_due() -> int:
    """What was to wake by now, each once: whoever else has it just now is met again."""
    now = moment.now()
    return sum(_woken(one, now) for one in list(Suspension.objects.to_wake(now)[:500]))


def _woken(seen: Suspension, now: datetime) -> bool:
    try:
        with transaction.atomic():
            held = Complaint.objects.select_for_update(skip_locked=True, no_key=True)
            complaint = held.filter(pk=seen.complaint_id).first()
            if complaint is None:
                return False
            if not Suspension.objects.to_wake(now).filter(pk=seen.pk).exists():
                return False
            if complaint.status != Status.SUS:  # it ended meanwhile
                Suspension.objects.filter(pk=seen.pk).update(state=RequestState.LAPSED)
                return False
            wake(complaint, by=User.objects.system(), reason=_("挂起到期"))
            return True
    except Exception:  # one that cannot be woken must not hold up the others
        logger.exception("Could not wake suspension %s", seen.pk)
        return False


def _facts(suspension: Suspension) -> dict[str, object]:
    day = timezone.localtime(suspension.wake_at).date().isoformat()
    kind = frozen(SuspendReason(suspension.reason_code).label)
    return {
        "suspension": suspension.pk,
        "wake_on": day,
        "reason": f"{kind} · {suspension.note} · {day}",
        "renews": suspension.renews,
    }


def suspensions_waiting_for(user: User) -> QuerySet[Suspension]:
    """Requests this person can decide: not his own, of complaints he sees."""
    if not user.has_role(Role.SUPERVISOR, Role.MANAGER):
        return Suspension.objects.none()
    found = Suspension.objects.filter(
        state=RequestState.ASKED,
        complaint__in=Complaint.objects.visible_to(user).values("pk"),
    )
    if not user.has_role(Role.MANAGER):
        in_team = Q(complaint__team__in=user.team_ids) | Q(complaint__team=None)
        found = found.filter(in_team)
    return found.exclude(by=user).order_by("at", "pk")
