"""One text to many: the joint reply of a merge at once, the notice of an incident by the worker."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked_name
from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status, What
from huiyin.journey.conversation import ways
from huiyin.journey.conversation.actions import checked_text, reply
from huiyin.journey.conversation.models import Message
from huiyin.journey.conversation.permissions import can_reply
from huiyin.journey.grouping import rules
from huiyin.journey.grouping.actions.standing import merged_members
from huiyin.journey.grouping.models import Copy, Incident, JointNotice
from huiyin.journey.grouping.permissions import can_run
from huiyin.journey.grouping.words import CopyState

logger = logging.getLogger(__name__)


def way_to(complaint: Complaint, *, by_machine: bool) -> str:
    """As he prefers, else as he came. A machine makes no call and writes no paper: what nobody
    carries waits at the portal."""
    return ways.by_machine(complaint) if by_machine else ways.usual(complaint)


def _values(complaint: Complaint) -> dict[str, str]:
    return {
        "number": complaint.number,
        "name": complaint.customer.name or _("客户"),
        "organisation": settings.ORGANISATION,
    }


def _masked(complaint: Complaint) -> dict[str, str]:
    """For whoever looks at it before: a name behind the mask is the customer's alone."""
    values = _values(complaint)
    return {**values, "name": masked_name(complaint.customer.name) or values["name"]}


# --- a merge: few, at once, by a person -------------------------------------------------------


@transaction.atomic
def reply_to_all(master: Complaint, *, by: User, text: str) -> list[Message]:
    """One text to the customer of the master and to those of all members (统一回复): each his own
    message, in his own channel, under his own number."""
    can_reply.require(by, master)
    text = checked_text(text)
    members = merged_members(master)
    if not members:
        raise Refused(_("没有并入的投诉，请直接回复客户"))
    return [
        reply(
            one, by=by, text=rules.filled(text, _values(one)), channel=way_to(one, by_machine=False)
        )
        for one in (master, *members)
    ]


# --- an incident: many, by the worker ---------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """Whom a notice would reach, and what the first of them would read."""

    total: int
    by_mail: int
    written: int
    at_portal: int
    left_out: int
    sample: str


def previewed(incident: Incident, *, by: User, text: str) -> Preview:
    """Nothing is sent: the person looks at it first."""
    can_run.require(by, incident)
    text = checked_text(text)
    there = _recipients(incident)
    found = Counter(str(way_to(one, by_machine=True)) for one in there)
    everybody = incident.memberships.lasting().count()
    return Preview(
        total=len(there),
        by_mail=found[Channel.EMAIL],
        written=sum(found.values()) - found[Channel.EMAIL] - found[Channel.PORTAL],
        at_portal=found[Channel.PORTAL],
        left_out=everybody - len(there),
        sample=rules.filled(text, _masked(there[0])) if there else text,
    )


def _recipients(incident: Incident) -> list[Complaint]:
    members = Complaint.objects.filter(
        memberships__incident=incident, memberships__left_at=None
    ).exclude(status__in=(*rules.GONE, Status.ARC))
    related = members.select_related("customer").prefetch_related("customer__contact_points")
    return list(related.defer("text", "search").order_by("pk"))


@transaction.atomic
def tell_all(
    incident: Incident, *, by: User, text: str, text_en: str = "", key: UUID
) -> JointNotice:
    """One text to all who are members now. The same key again sends nothing twice."""
    can_run.require(by, incident)
    text = checked_text(text)
    text_en = checked_text(text_en) if text_en.strip() else ""
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    sent = JointNotice.objects.filter(key=key).first()
    if sent is not None:
        if sent.incident_id != incident.pk or sent.text != text:
            raise Refused(_("同一次告知已经发出过另一份内容，请刷新页面后重新填写"))
        return sent
    if not incident.is_open:
        raise Refused(_("这个群体事件已经结束；要继续请先重新打开"))
    there = _recipients(incident)
    if not there:
        raise Refused(_("没有可以告知的投诉：成员都已撤回、转出或归档"))
    notice = JointNotice.objects.create(
        incident=incident, key=key, text=text, text_en=text_en, by=by, at=moment.now()
    )
    Copy.objects.bulk_create(Copy(notice=notice, complaint=one) for one in there)
    Incident.objects.filter(pk=incident.pk).update(last_activity_at=moment.now())
    return notice


def send_copies() -> int:
    """Write what waits, some at each look, so that hundreds of letters hold up nobody. Safe to run
    twice and by many: each copy is taken by one (SKIP LOCKED) and is done once."""
    done = 0
    for _round in range(rules.COPIES_A_ROUND):
        if not _send_one():
            break
        done += 1
    return done


@transaction.atomic
def _send_one() -> bool:
    waiting = Copy.objects.waiting().select_related("notice__by", "notice__incident")
    copy = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if copy is None:
        return False
    complaint = Complaint.objects.select_related("customer").get(pk=copy.complaint_id)
    copy.channel = way_to(complaint, by_machine=True)
    system = User.objects.system()  # before the savepoint: it may be its first appearance
    try:
        with transaction.atomic():
            _tell(copy, complaint, system)
        copy.state = CopyState.TOLD
    except Refused as refused:
        copy.state, copy.refusal = CopyState.REFUSED, str(refused.sentence)[:300]
        copy.message = copy.event = None
    except Exception:  # one bad complaint must not hold up the others
        logger.exception("Copy %s could not be told", copy.pk)
        copy.state, copy.refusal = CopyState.REFUSED, _("系统出错，请单独回复这位客户")
        copy.message = copy.event = None
    copy.done_at = moment.now()
    copy.save()
    return True


def _tell(copy: Copy, complaint: Complaint, system: User) -> None:
    """The machine writes it, so it is no first response of a person (K01); who decided it is said
    in the story."""
    notice = copy.notice
    english = complaint.customer.language == "en" and notice.text_en
    text = rules.filled(notice.text_en if english else notice.text, _values(complaint))
    copy.event = record(What.INCIDENT_TOLD, complaint, by=notice.by, incident=notice.incident_id)
    copy.message = reply(complaint, by=system, text=text, channel=copy.channel)


def progress_of(notices: list[JointNotice]) -> dict[int, Counter[str]]:
    """How far each notice has come, in one query."""
    found: dict[int, Counter[str]] = {notice.pk: Counter() for notice in notices}
    rows = Copy.objects.filter(notice__in=notices).order_by().values("notice", "state", "channel")
    counted = rows.annotate(n=Count("pk")).values_list("notice", "state", "channel", "n")
    for notice, state, channel, count in counted:
        found[notice]["total"] += count
        found[notice][state] += count
        if state == CopyState.TOLD:
            found[notice][f"by_{channel}"] += count
    return found
