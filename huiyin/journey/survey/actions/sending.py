"""Planning a survey when a rule says so, sending it when it is due, reminding once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User, hashed
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import post_letter
from huiyin.journey.conversation.ways import Way as Carried
from huiyin.journey.conversation.ways import reaching
from huiyin.journey.routing.conditions import matches
from huiyin.journey.survey import rules
from huiyin.journey.survey.actions.linking import PURPOSE, address_of, new_salt, seal, token_of
from huiyin.journey.survey.models import Invitation, OptOut, SendRule, Survey
from huiyin.journey.survey.permissions import can_send
from huiyin.journey.survey.words import After, Skip, State, Way

WITH_RESULT = (Status.RES, Status.FUV, Status.CLO)
LONGEST_LETTER = 450  # characters with the link in it; more than a text message takes
AT_ONCE = 200  # sent in one run of the worker


def invite(event: Event) -> Invitation | None:
    """Follow a closing, a feedback or a call-back: the first rule that fits plans one survey.

    Runs in the worker and may run twice: an event leads to one invitation.
    """
    if event.what not in After.values or not event.facts.get("reached", True):
        return None
    rule = _rule_for(event)
    if rule is None:
        return None
    planned = _planned(
        event.complaint,
        rule.survey,
        by=User.objects.system(),
        send_at=moment.now() + timedelta(hours=0 if rule.way == Way.LETTER else rule.delay_hours),
        way=rule.way,
        rule=rule,
        event=event,
    )
    if planned is not None and rule.way == Way.LETTER:
        send(planned)  # the letter of the closing is written next
    return planned


def _rule_for(event: Event) -> SendRule | None:
    complaint, now = event.complaint, moment.now()
    found = SendRule.objects.filter(
        after=event.what, enabled=True, survey__in=Survey.objects.sendable()
    )
    for rule in found.select_related("survey"):
        fits = rule.condition is None or matches(rule.condition, complaint, now=now)
        if fits and rules.is_sampled(complaint.number, str(rule.pk), rule.percent):
            return rule
    return None


def _planned(
    complaint: Complaint,
    survey: Survey,
    *,
    by: User,
    send_at: datetime,
    way: str,
    rule: SendRule | None = None,
    event: Event | None = None,
    expires_days: int = 14,
) -> Invitation | None:
    """None when this event has its invitation already."""
    salt = new_salt()
    made = Invitation(
        complaint=complaint,
        customer_id=complaint.customer_id,
        survey=survey,
        rule=rule,
        event=event,
        way=way,
        language=complaint.customer.language or settings.LANGUAGE_CODE,
        token_hash=hashed(token_of(salt)),
        salt=salt,
        expires_days=rule.expires_days if rule else expires_days,
        remind_days=rule.remind_days if rule else 0,
        by=by,
        at=moment.now(),
        send_at=send_at,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "event_id" not in str(error):
            raise
        return None
    return made


@transaction.atomic
def send(invitation: Invitation) -> bool:
    """Send what was planned, unless something speaks against it by now. Of two workers one does.

    The customer's row is held, so that two complaints of one person give one survey in 30 days.
    """
    Customer.objects.select_for_update(no_key=True).filter(pk=invitation.customer_id).first()
    kept = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(pk=invitation.pk, state=State.PLANNED)
        .select_related("complaint__customer", "survey")
        .first()
    )
    if kept is None:
        return False
    now = moment.now()
    why = why_not(kept.complaint, kept.survey, now)
    if why:
        kept.state, kept.why = State.SKIPPED, why
        kept.save(update_fields=["state", "why"])
        return False
    way = reaching(kept.complaint, LONGEST_LETTER) if kept.way != Way.LINK else None
    kept.state, kept.sent_at, kept.version = State.SENT, now, kept.survey.published
    kept.expires_at = now + timedelta(days=kept.expires_days)
    kept.mailed = way is not None
    if kept.remind_days and way is not None:
        kept.remind_at = now + timedelta(days=kept.remind_days)
    kept.save()
    record(
        What.SURVEY_SENT,
        kept.complaint,
        by=kept.by,
        survey=kept.survey_id,
        invitation=kept.pk,
        name=frozen(kept.survey.name_zh),
    )
    if way is not None and kept.way == Way.MAIL:
        _post(kept, way, reminder=False)
    invitation.refresh_from_db()
    return True


def why_not(complaint: Complaint, survey: Survey, now: datetime) -> str:
    """Why this customer gets none now; "" when nothing speaks against it."""
    earlier = Invitation.objects.filter(customer=complaint.customer_id, sent_at__isnull=False)
    last = earlier.order_by("-sent_at").values_list("sent_at", flat=True).first()
    return rules.why_not(
        opted_out=OptOut.objects.filter(customer=complaint.customer_id).exists(),
        restricted=complaint.restricted,
        sensitive=rules.is_sensitive(complaint.category, complaint.risks),
        last_sent_at=last,
        has_result=complaint.status in WITH_RESULT,
        usable=Survey.objects.sendable().filter(pk=survey.pk).exists(),
        now=now,
    )


def send_due() -> int:
    """Send what is due. Runs often; safe to run twice and in several workers."""
    due = Invitation.objects.filter(state=State.PLANNED, send_at__lte=moment.now())
    return sum(send(one) for one in due.order_by("send_at", "pk")[:AT_ONCE])


@transaction.atomic
def send_by_hand(
    complaint: Complaint, *, by: User, survey: Survey, way: str = Way.MAIL, days: int = 14
) -> tuple[Invitation, str]:
    """Send one now; the second value is its address, to be shown once. Refused with the reason
    where a rule would have been silent."""
    can_send.require(by, complaint)
    if way not in (Way.MAIL, Way.LINK):
        raise Invalid(_("请选择发送方式"), way=_("请选择发送方式"))
    if not 1 <= days <= 30:
        raise Invalid(_("链接最多有效 30 天"), days=_("链接最多有效 30 天"))
    if way == Way.MAIL and reaching(complaint, LONGEST_LETTER) is None:
        sentence = _("现在没有能送达这位客户的方式，请改为只生成链接，用客户常用的方式发给他")
        raise Invalid(sentence, way=sentence)
    now = moment.now()
    made = _planned(complaint, survey, by=by, send_at=now, way=way, expires_days=days)
    assert made is not None  # no event, so none is there already
    if not send(made):
        made.refresh_from_db()
        raise Refused(_("没有发送：%(why)s") % {"why": Skip(made.why).label})
    return made, address_of(made)


# --- reminding ---------------------------------------------------------------------------------


def remind_due() -> int:
    """Remind once those who have not answered yet; whom nothing is sent to is left in peace."""
    now = moment.now()
    due = Invitation.objects.alive(now).filter(remind_at__lte=now, reminded_at=None)
    related = due.select_related("complaint__customer", "survey").order_by("remind_at", "pk")
    return sum(_remind(one, now) for one in related[:AT_ONCE])


@transaction.atomic
def _remind(invitation: Invitation, now: datetime) -> bool:
    same = Invitation.objects.filter(pk=invitation.pk, state=State.SENT, reminded_at=None)
    complaint = invitation.complaint
    way = reaching(complaint, LONGEST_LETTER)
    if way is None or _left_in_peace(complaint):
        same.update(remind_at=None)
        return False
    if not same.update(reminded_at=now):
        return False
    _post(invitation, way, reminder=True)
    return True


def _left_in_peace(complaint: Complaint) -> bool:
    return (
        complaint.restricted
        or complaint.status not in WITH_RESULT
        or rules.is_sensitive(complaint.category, complaint.risks)
        or OptOut.objects.filter(customer=complaint.customer_id).exists()
    )


def _post(invitation: Invitation, by: Carried, *, reminder: bool) -> None:
    """Fixed words and the link: nothing of the complaint but its number."""
    number = invitation.complaint.number
    with translation.override(invitation.language):
        assert invitation.expires_at is not None
        until = timezone.localtime(invitation.expires_at).strftime("%Y-%m-%d %H:%M")
        name = invitation.complaint.customer.name or _("客户")
        first = (
            _("前几天我们请您评价投诉 %(number)s 的处理，还没有收到您的回答。")
            if reminder
            else _("您的投诉 %(number)s 已有结果，想请您用一分钟评价这次处理。")
        )
        lines = (
            _("%(name)s，您好：") % {"name": _plain(name)},
            first % {"number": number},
            seal(invitation),
            _("链接在 %(until)s 前有效，只能填写一次，不需要登录。") % {"until": until},
            _(
                "只有您勾选同意，处理这件投诉的人才会知道是您填写的。不想再收到，可以在页面底部选择。"
            ),
            settings.ORGANISATION,
        )
        subject = _("请评价我们对投诉 %(number)s 的处理") % {"number": number}
        post_letter(
            invitation.complaint,
            event=None,
            purpose=PURPOSE,
            recipient=by.recipient,
            channel=by.value,
            subject=_("提醒：%(subject)s") % {"subject": subject} if reminder else subject,
            body="\n\n".join(lines),
        )


def _plain(name: str) -> str:
    """A name is the customer's own: it must not hold the mark that becomes a link."""
    return name.replace("⟦", "[").replace("⟧", "]")
