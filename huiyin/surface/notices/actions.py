"""Followers that tell people. Each may run twice: a notice is one per event and person, a letter
one per event, purpose and address. Who may see the complaint is asked when it is told."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Channel, Severity, What
from huiyin.journey.conversation.actions import post_letter
from huiyin.journey.resolution.actions import deciders_for
from huiyin.surface.notices.models import LetterTemplate, Notice
from huiyin.surface.notices.rules import filled

# These come through other doors, with words of their own or none at all.
NOT_THANKED = frozenset({Channel.IMPORT, Channel.PORTAL})


def tell_assignee(event: Event) -> None:
    """Whoever has it, unless he did it himself."""
    if event.complaint.assignee is not None:
        _tell(event, [event.complaint.assignee])


def tell_team(event: Event) -> None:
    """Lead and duty supervisor of the team that got it back."""
    team = event.complaint.team
    if team is not None:
        _tell(event, [p for p in (team.lead, team.duty_supervisor) if p])


def tell_supervisor(event: Event) -> None:
    """The duty supervisor of the team; without one every present supervisor of it."""
    team = event.complaint.team
    if team is None:
        return
    if team.duty_supervisor is not None:
        _tell(event, [team.duty_supervisor])
    else:
        _tell(event, User.objects.present_in(team).with_role(Role.SUPERVISOR, Role.LEAD))


def tell_approvers(event: Event) -> None:
    """Those whose limit covers what waits for a decision."""
    if event.facts.get("within"):
        return
    offer = event.complaint.offers.filter(pk=event.facts.get("offer")).first()
    if offer is None:
        return
    named = deciders_for(offer.amount_fen)
    roles = [role for role in Role if str(role.label) in named]
    people = User.objects.active().with_role(*roles)
    _tell(event, [p for p in people if p.pk != offer.by_id])


def _tell(event: Event, people: Iterable[User]) -> None:
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
            text=_sentence(event, person),
            urgent=urgent,
            at=event.at,
        )
        for person in {p.pk: p for p in people}.values()
        if person.pk != event.by_id and _sees(person, complaint)
    ]
    Notice.objects.bulk_create(told, ignore_conflicts=True)


def _sees(person: User, complaint: Complaint) -> bool:
    return Complaint.objects.visible_to(person).filter(pk=complaint.pk).exists()


def _sentence(event: Event, person: User) -> str:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        what = What(event.what).label
        detail = event.facts.get("clock") or event.facts.get("reason") or ""
        words = f"{event.complaint.number} {what}"
        return (f"{words}：{detail}" if detail else words)[:300]


# --- customers ---------------------------------------------------------------------------------------


def thank_customer(event: Event) -> None:
    """The acknowledgement: number, code and time limit, at once (ISO 10002 7.4)."""
    if event.complaint.channel not in NOT_THANKED:
        _write(event, "received")


def tell_customer_result(event: Event) -> None:
    """That it is closed, or not accepted, and what else one may do."""
    _write(event, "rejected" if event.what == What.REJECTED else "closed")


def _write(event: Event, code: str) -> None:
    complaint = event.complaint
    address = complaint.customer.contact("email")
    template = LetterTemplate.objects.filter(code=code, enabled=True).first()
    if not address or template is None:
        return
    english = complaint.customer.language == "en"
    values = _values(complaint, "en" if english else "zh-hans")
    subject = (english and template.subject_en) or template.subject_zh
    body = (english and template.body_en) or template.body_zh
    post_letter(
        complaint,
        event=event,
        purpose=code,
        recipient=address,
        subject=filled(subject, values),
        body=filled(body, values),
    )


def _values(complaint: Complaint, language: str) -> dict[str, str]:
    with translation.override(language):
        due = complaint.next_due_at
        return {
            "number": complaint.number,
            "code": complaint.tracking_code,
            "name": complaint.customer.name or _("客户"),
            "organisation": settings.ORGANISATION,
            "due": timezone.localtime(due).strftime("%Y-%m-%d %H:%M") if due else _("尽快"),
            "status": str(complaint.public_state.label),
            "follow_url": "/portal/",
        }


def mark_read(user: User, notice_ids: list[int] | None = None) -> int:
    """All of a person's notices, or some of them, are read."""
    unread = user.notices.unread()
    if notice_ids is not None:
        unread = unread.filter(pk__in=notice_ids)
    return int(unread.update(read_at=moment.now()))
