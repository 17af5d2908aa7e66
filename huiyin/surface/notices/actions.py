"""Followers that tell people. Each may run twice: a notice is one per event and person, a letter
one per event, purpose and address. Who may see the complaint is asked when it is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure.actions import left_to_the_manager
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Severity, Status, What
from huiyin.journey.conversation.actions import post_letter
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import reaching
from huiyin.journey.cooperation.actions.following import task_named
from huiyin.journey.cooperation.models import Task
from huiyin.journey.cooperation.people import DEPARTMENT_ROLES
from huiyin.journey.improvement.models import Improvement
from huiyin.journey.intake.rules import is_thanked, is_thanked_seldom, spoken_code
from huiyin.journey.intake.words import Via
from huiyin.journey.resolution.words import OfferState
from huiyin.journey.routing.people import stand_in, supervisor_on_duty
from huiyin.journey.supervision.models import Supervision
from huiyin.journey.supervision.people import headed_by, heads_of
from huiyin.journey.supervision.words import Level
from huiyin.journey.survey.actions import line_for_letter
from huiyin.journey.triage.models import Rejection
from huiyin.surface.notices.models import LetterTemplate, Notice, NoticeQuerySet, Phrase
from huiyin.surface.notices.rules import filled

LONGEST_LINK = 300  # characters that a survey adds at the end, its secret put in
MOST_OWED = 500  # supervisions of a department whose notices its head still finds in the bell


def tell_assignee(event: Event) -> None:
    """Whoever has it, and who stands in for him, unless he did it himself."""
    holder = event.complaint.assignee
    if holder is not None:
        _tell(event, [holder, stand_in(holder)])


def tell_team(event: Event) -> None:
    """Lead and duty supervisor of the team that got it back."""
    team = event.complaint.team
    if team is not None:
        _tell(event, [p for p in (team.lead, team.duty_supervisor) if p])


def tell_owner(event: Event) -> None:
    """Whoever answers to the customer for it (首接负责人), while others work on it."""
    owner = event.complaint.owner
    if owner is not None and owner.pk != event.complaint.assignee_id:
        _tell(event, [owner])


def tell_named(event: Event) -> None:
    """Those whom the event itself names: who was called, who lost it, who owned it."""
    _tell(event, User.objects.active().filter(pk__in=event.facts.get("people", ())))


def tell_supervisor(event: Event) -> None:
    """The duty supervisor of the team and, if away, who is; without one every present one of it."""
    team = event.complaint.team
    if team is None:
        return
    if team.duty_supervisor is not None:
        _tell(event, [p for p in (team.duty_supervisor, supervisor_on_duty(team)) if p])
    else:
        _tell(event, User.objects.present_in(team).with_role(Role.SUPERVISOR, Role.LEAD))


def tell_crisis(event: Event) -> None:
    """A public post that the house's signals call a crisis: supervisor, managers and PR hear."""
    if event.facts.get("crisis"):
        tell_supervisor(event)
        _tell(event, User.objects.active().with_role(Role.MANAGER, Role.PUBLIC_RELATIONS))


def tell_manager(event: Event) -> None:
    """The managers, once reworking has been tried as often as may be (domain §7.3)."""
    if left_to_the_manager(event.complaint):
        _tell(event, User.objects.active().with_role(Role.MANAGER))


def tell_approvers(event: Event) -> None:
    """Those whose decision or signature an offer waits for; for who is away, who stands in."""
    roles = event.complaint.waits_for if event.complaint.status == Status.PAP else []
    offer = event.complaint.offers.filter(state=OfferState.WAITING).first()
    if roles and offer is not None:
        asked = User.objects.active().with_role(*roles).exclude(pk=offer.by_id)
        people = {one.pk: one for person in asked for one in (person, stand_in(person))}
        people.pop(offer.by_id, None)
        _tell(event, people.values(), what=gettext_noop("方案待您审批"))


def tell_signers(event: Event) -> None:
    """Those of the role that has to sign off before it may be closed."""
    asked = User.objects.active().with_role(event.facts["role"])
    _tell(event, asked, what=gettext_noop("待您签核"))


def tell_payers(event: Event) -> None:
    """Finance, when the customer agreed to a sum that is now to be paid."""
    offer = event.complaint.offers.filter(state=OfferState.AGREED, amount_fen__gt=0).first()
    if offer is not None:
        people = User.objects.active().with_role(Role.FINANCE)
        _tell(event, people, what=gettext_noop("客户已同意，待付款"))


# --- 督办 ---------------------------------------------------------------------------------------


def tell_supervised(event: Event) -> None:
    """Whoever owes the measures; of a posted one and of a summons, supervisor and managers too."""
    found = _supervision(event)
    if found is None:
        return
    holder = found.complaint.assignee
    own = [holder, stand_in(holder)] if holder is not None else []
    _tell(event, heads_of(found.department) if found.department else own)
    if found.level != Level.ORDINARY:
        tell_supervisor(event)
        _tell(event, User.objects.active().with_role(Role.MANAGER))


def tell_measures(event: Event) -> None:
    """Filed: the officers. Accepted or sent back: whoever filed them."""
    if event.facts.get("result"):
        tell_supervised(event)
    else:
        _tell(event, User.objects.active().with_role(Role.SUPERVISION))


def tell_watchers(event: Event) -> None:
    """No measures in time: the officers, and whoever owes them."""
    if _supervision(event) is not None:
        _tell(event, User.objects.active().with_role(Role.SUPERVISION))
        tell_supervised(event)


def _supervision(event: Event) -> Supervision | None:
    """The supervision an event is about, by its own facts or by those of its clock."""
    told: int = event.facts.get("supervision") or _numbered(event.facts.get("subject"))
    found = Supervision.objects.select_related("complaint__assignee", "department__head")
    return found.filter(pk=told).first() if told else None


def _numbered(subject: object) -> int:
    """The id in “supervision:7”; 0 of another subject."""
    kind, _colon, pk = str(subject or "").partition(":")
    return int(pk) if kind == "supervision" and pk.isdecimal() else 0


def _tell(event: Event, people: Iterable[User], *, what: str = "") -> None:
    complaint = event.complaint
    urgent = complaint.severity == Severity.S1 or event.what in (
        What.CLOCK_MISSED,
        What.ESCALATED,
    )
    told = [
        Notice(
            user=person,
            complaint=complaint,
            event=event,
            text=_sentence(event, person, what),
            urgent=urgent,
            at=event.at,
        )
        for person in {p.pk: p for p in people}.values()
        if person.pk != event.by_id and _reaches(person, event)
    ]
    Notice.objects.bulk_create(told, ignore_conflicts=True)


def _reaches(person: User, event: Event) -> bool:
    """Whether he sees the complaint; or is told of no more than what his department owes."""
    if Complaint.objects.visible_to(person).filter(pk=event.complaint_id).exists():
        return True
    if task := task_named(event):
        asked = Task.objects.filter(pk=task, complaint=event.complaint_id)
        return asked.of_department(person).exists()
    if improved := event.facts.get("improvement"):
        return Improvement.objects.visible_to(person).filter(pk=improved).exists()
    told = event.facts.get("supervision") or _numbered(event.facts.get("subject"))
    return bool(told) and Supervision.objects.addressed_to(person).filter(pk=told).exists()


def notices_of(user: User) -> NoticeQuerySet:
    """Of complaints that he still sees, of what his department is asked for, and of no complaint:
    where those lead he is asked again."""
    seen = Q(complaint__in=Complaint.objects.visible_to(user)) | Q(complaint=None)
    if headed_by(user):
        owed = Supervision.objects.addressed_to(user).order_by("-pk").values_list("pk", flat=True)
        seen |= Q(event__facts__supervision__in=list(owed[:MOST_OWED]))
    if user.has_role(*DEPARTMENT_ROLES):
        asked = Task.objects.of_department(user).order_by("-pk").values_list("pk", flat=True)
        seen |= Q(event__facts__task__in=list(asked[:MOST_OWED]))
    if user.has_role(*DEPARTMENT_ROLES, Role.QA):
        improved = Improvement.objects.visible_to(user).order_by("-pk").values_list("pk", flat=True)
        seen |= Q(event__facts__improvement__in=list(improved[:MOST_OWED]))
    return user.notices.filter(seen)


# What a notice adds to the name of the event, the first that there is. Facts are frozen words of
# the story; the tracking code is never among them.
TOLD = ("clock", "reason", "words", "note", "remedy", "name")


def _sentence(event: Event, person: User, what: str) -> str:
    """“TS2026-000123 方案待您审批：部分退款 ¥80.00”, in the language of whom it is for."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        facts = event.facts
        title = translation.gettext(what) if what else str(What(event.what).label)
        detail = next((str(facts[name]) for name in TOLD if facts.get(name)), "")
        if what:
            detail = " ".join(
                str(facts[name]) for name in ("name", "remedy", "amount") if facts.get(name)
            )
        words = f"{event.complaint.number} {title}"
        told = translation.gettext("%(what)s：%(why)s") % {"what": words, "why": detail}
        return (told if detail else words)[:300]


# --- customers ---------------------------------------------------------------------------------


@transaction.atomic
def thank_customer(event: Event) -> None:
    """The acknowledgement: number, code and time limit, at once (ISO 10002 7.4). The door it came
    by decides, not the channel: a file of old complaints names channels too."""
    complaint = event.complaint
    intake = getattr(complaint, "intake", None)
    via = intake.via if intake is not None else Via.STAFF
    if not is_thanked(via) or Mail.objects.filter(complaint=complaint).by_machines().exists():
        return
    _write(event, "received", seldom=is_thanked_seldom(via))


def tell_customer_result(event: Event) -> None:
    """That it is closed, or not accepted, and what else one may do."""
    _write(event, "rejected" if event.what == What.REJECTED else "closed")


def _write(event: Event, code: str, *, seldom: bool = False) -> None:
    """By the way that reaches him. `seldom`: not when that address had enough of them today."""
    complaint = event.complaint
    template = LetterTemplate.objects.filter(code=code, enabled=True).first()
    if template is None:
        return
    english = complaint.customer.language == "en"
    values = _values(complaint, "en" if english else "zh-hans")
    subject = (english and template.subject_en) or template.subject_zh
    body = (english and template.body_en) or template.body_zh
    body = filled(body, values)
    way = reaching(complaint, len(body) + LONGEST_LINK)
    if way is None or (seldom and _had_enough(complaint, code, way.recipient)):
        return
    post_letter(
        complaint,
        event=event,
        purpose=code,
        recipient=way.recipient,
        channel=way.value,
        subject=filled(subject, values),
        body=_ending_with(line_for_letter(event), body),
    )


def _had_enough(complaint: Complaint, code: str, recipient: str) -> bool:
    """Asked with the customer's row held, so that of two at once the second counts the first."""
    Customer.objects.select_for_update(no_key=True).get(pk=complaint.customer_id)
    since = moment.now() - timedelta(days=1)
    told = Letter.objects.filter(recipient=recipient, purpose=code, created_at__gt=since)
    return told.count() >= settings.THANKS_A_DAY


def _ending_with(line: str, body: str) -> str:
    """The link of a survey, when one goes with this letter. A mark that a customer wrote into his
    own name stays what it is."""
    body = body.replace("⟦", "[").replace("⟧", "]")
    return f"{body}\n\n{line}" if line else body


def _values(complaint: Complaint, language: str) -> dict[str, str]:
    with translation.override(language):
        rejection = Rejection.objects.filter(complaint=complaint).first()
        dues = _dues(complaint)
        return {
            "number": complaint.number,
            "code": spoken_code(complaint.tracking_code),
            "name": complaint.customer.name or _("客户"),
            "organisation": settings.ORGANISATION,
            "due": _written(dues.get(ClockKind.FIRST_RESPONSE)),
            "resolve_by": _written(dues.get(ClockKind.RESOLUTION)),
            "status": str(complaint.public_state.label),
            "follow_url": settings.BASE_URL + reverse("portal:start"),
            "reason": str(rejection.get_reason_display()) if rejection else "",
            "other_ways": rejection.remedies if rejection else "",
        }


def _dues(complaint: Complaint) -> dict[str, datetime]:
    """When the last clock of each kind that is told to the customer is due."""
    told = complaint.clocks.filter(kind__in=(ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION))
    return dict(told.order_by("pk").values_list("kind", "due_at"))


def _written(due: datetime | None) -> str:
    """In the time of the house."""
    return timezone.localtime(due).strftime("%Y-%m-%d %H:%M") if due else _("尽快")


def filled_phrases(complaint: Complaint) -> list[tuple[str, str]]:
    """(title, words in the customer's language) of each phrase for this complaint's category."""
    english = complaint.customer.language == "en"
    with translation.override("en" if english else "zh-hans"):
        due = complaint.next_due_at
        still_to_come = due is not None and due > moment.now()
        values = {
            "number": complaint.number,
            "organisation": settings.ORGANISATION,
            # A date that has passed is no promise: a gap is left to be filled in.
            "due": timezone.localtime(due).strftime("%Y-%m-%d %H:%M")
            if due and still_to_come
            else _("（日期）"),
        }
    return [
        (phrase.title, filled((english and phrase.text_en) or phrase.text_zh, values))
        for phrase in Phrase.objects.for_category(complaint.category)
    ]


def mark_read(user: User, notice_ids: list[int] | None = None) -> int:
    """All of a person's notices, or some of them, are read."""
    unread = user.notices.unread()
    if notice_ids is not None:
        unread = unread.filter(pk__in=notice_ids)
    return int(unread.update(read_at=moment.now()))
