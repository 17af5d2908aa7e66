"""请给我回电: a time in our hours, picked by the customer; the call waits in the queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.customers.models import ContactPoint
from huiyin.ground.customers.rules import normalise_phone, shown_phone
from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked_phone
from huiyin.ground.refusal import Invalid, Refused, TooMany
from huiyin.ground.web.forms import TakingForm
from huiyin.ground.worktime.models import calendar
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks import rules as callback_rules
from huiyin.journey.callbacks.actions.asking import NOBODY_CALLS
from huiyin.journey.callbacks.actions.planning import HOURS, zone
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.surface.portal.access import opened

SOURCE = "portal"
MOST_SLOTS = 24
MOST_A_DAY = 3
SOONEST = timedelta(minutes=30)
AN_HOUR = timedelta(hours=1)
NOT_NOW = (*NOBODY_CALLS, Status.CLO, Status.MRG)


def slots(now: datetime) -> list[tuple[str, str]]:
    """Full hours of ours from half an hour on: (moment, “12月1日 周二 10:00”)."""
    found: list[tuple[str, str]] = []
    for begin, end in calendar(HOURS).open_spans(now.astimezone(UTC)):
        at = timezone.localtime(max(begin, now + SOONEST), zone())
        if at.minute or at.second or at.microsecond:
            at = at.replace(minute=0, second=0, microsecond=0) + AN_HOUR
        while at + timedelta(minutes=30) <= end and len(found) < MOST_SLOTS:
            if callback_rules.is_good_hour(at):
                label = f"{date_format(at, _('n月j日 D'))} {at:%H:%M}"
                found.append((at.isoformat(), label))
            at += AN_HOUR
        if len(found) >= MOST_SLOTS:
            break
    return found


class CallForm(TakingForm):
    phone = forms.CharField(
        label=gettext_lazy("打哪个号码"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("留空就打您登记时留的号码"),
    )
    at = forms.ChoiceField(label=gettext_lazy("什么时间方便"), choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = slots(moment.now())  # type: ignore[attr-defined]


def offered(complaint: Complaint, form: CallForm | None = None) -> CallForm | None:
    """The form, where somebody can still be called about it."""
    if complaint.status in NOT_NOW:
        return None
    return form or CallForm()


def asked(complaint: Complaint) -> Callback | None:
    """The call that he asked for and that is not made yet."""
    found: Callback | None = complaint.callbacks.open().filter(source=SOURCE).first()
    return found


@transaction.atomic
def ask_call(complaint: Complaint, *, phone: str, at: datetime) -> Callback:
    """The same call, however often he asks; another time moves it."""
    if complaint.status in NOT_NOW:
        raise Refused(_("这件事已经办完，如需继续处理请在下面补充说明"))
    complaint.hold()
    _limit(complaint)
    said = _number(complaint, phone)
    system = User.objects.system()
    there = asked(complaint)
    if there is not None:
        callbacks.appoint(there, by=system, at=at, reason=_("客户在门户改了时间") + said)
        return there
    return callbacks.ask(
        complaint,
        kind=CallbackKind.ASKED,
        reason=_("客户在门户请求回电") + said,
        due_at=at + callback_rules.GRACE,
        by=system,
        source=SOURCE,
        appointment_at=at,
    )


def _limit(complaint: Complaint) -> None:
    """Each change of it is told in the story; so many a day are enough."""
    lately = moment.now() - timedelta(days=1)
    told = complaint.events.filter(what="callback_asked", by__is_system=True, at__gt=lately)
    if told.filter(facts__kind=CallbackKind.ASKED).count() >= MOST_A_DAY:
        raise TooMany(_("今天已经约过几次了，我们会按最后约定的时间打给您"))


def _number(complaint: Complaint, typed: str) -> str:
    """A new number becomes one of his; what belongs to another stays that one's."""
    customer = complaint.customer
    if not typed.strip():
        if not customer.contact_points.filter(kind="phone").exists():
            sentence = _("请留下您的电话")
            raise Invalid(sentence, phone=sentence)
        return ""
    value = normalise_phone(typed)
    if not value:
        sentence = _("电话号码看起来不对，请检查是否多输或少输了数字")
        raise Invalid(sentence, phone=sentence)
    ContactPoint.objects.bulk_create(
        [ContactPoint(customer=customer, kind="phone", value=value, shown=shown_phone(value))],
        ignore_conflicts=True,
    )
    if not customer.contact_points.filter(kind="phone", value=value).exists():
        sentence = _("这个号码不能用于这件投诉，请换一个号码，或留空")
        raise Invalid(sentence, phone=sentence)
    return _("，请打 %(phone)s") % {"phone": masked_phone(value)}


@never_cache
@require_POST
def call(request: HttpRequest, number: str) -> HttpResponse:
    """POST from the page of a complaint that this session has opened."""
    from huiyin.surface.portal.views import page_of

    complaint = opened(request, number)
    if complaint is None:
        raise Http404
    form = CallForm(request.POST)
    if form.is_valid():
        at = datetime.fromisoformat(form.cleaned_data["at"])
        if form.take(lambda: ask_call(complaint, phone=form.cleaned_data["phone"], at=at)):
            messages.success(request, _("已约好，我们会按时给您打电话"))
            return redirect("portal:mine", number)
    return page_of(request, complaint, form.status, call_form=form)
