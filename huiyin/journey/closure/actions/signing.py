"""Signatures that closing waits for: asked of those who give them, given, refused, asked again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.closure.actions.demanding import open_demand, unmet, vouch
from huiyin.journey.closure.actions.standing import since
from huiyin.journey.closure.models import Demand, SignOff, SignRequest
from huiyin.journey.closure.permissions import can_feed_back, can_sign_off
from huiyin.journey.closure.words import Need, SignState
from huiyin.journey.complaint.actions import let_in
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said

ENDING = (Status.RES, Status.FUV)


def waiting_for(user: User) -> QuerySet[SignRequest]:
    """Signatures that wait for this person, the oldest first."""
    seen = Complaint.objects.visible_to(user).filter(status__in=ENDING)
    asked = SignRequest.objects.filter(
        state=SignState.ASKED,
        demand__enabled=True,
        demand__role__in=user.roles,
        complaint__in=seen.values("pk"),
    )
    return asked.select_related("complaint__assignee", "demand", "asked_by").order_by("at", "pk")


@transaction.atomic
def call_signers(event: Event) -> None:
    """Follow a solution, a refusal, another category (later): whoever has to sign off sees it from
    now on, and is asked. What is not needed any more is asked no longer."""
    rows = Complaint.objects.select_for_update(no_key=True)
    complaint = rows.get(pk=event.complaint_id)
    if complaint.status not in ENDING:
        return
    wanted = [one for one in unmet(complaint) if one.need == Need.SIGN_OFF]
    called = {one.role for one in wanted} - {Role.MANAGER, Role.SUPERVISOR, Role.LEAD}
    if people := list(User.objects.active().with_role(*called)) if called else []:
        let_in(complaint, people, by=User.objects.system())
    begun = since(complaint)
    asked = complaint.sign_requests.filter(state=SignState.ASKED)  # type: ignore[attr-defined]
    asked.filter(at__lt=begun).update(state=SignState.VOID)
    asked.exclude(demand__in=wanted).update(state=SignState.VOID)
    known = complaint.sign_requests.exclude(state=SignState.VOID).filter(at__gte=begun)  # type: ignore[attr-defined]
    done = set(known.values_list("demand", flat=True))
    for demand in wanted:
        if demand.pk not in done:
            _ask(complaint, demand, by=User.objects.system())


def _ask(complaint: Complaint, demand: Demand, *, by: User, note: str = "") -> SignRequest:
    request: SignRequest = SignRequest.objects.create(
        complaint=complaint, demand=demand, at=moment.now(), asked_by=by, note=note
    )
    record(What.SIGN_OFF_ASKED, complaint, by=by, **_facts(demand), request=request.pk, note=note)
    return request


def _facts(demand: Demand) -> dict[str, str]:
    """As the story keeps them: in the language of the house."""
    with translation.override("zh-hans"):
        return {"name": demand.name_zh, "role": demand.role}


@transaction.atomic
def sign_off(complaint: Complaint, *, by: User, demand: Demand, words: str) -> SignOff:
    """Vouch for what only this role may (签核); also after one has refused, when it was mended."""
    _asked_of(complaint, demand, by)
    made = vouch(complaint, by=by, demand=demand, words=words, waived=False)
    _answer(complaint, demand, SignState.SIGNED, by=by, words=made.words)
    record(What.SIGNED_OFF, complaint, by=by, **_facts(demand), note=made.words)
    return made


@transaction.atomic
def refuse_sign_off(complaint: Complaint, *, by: User, demand: Demand, words: str) -> SignRequest:
    """Not so (不同意签核), with what is to be mended; who handles it is told and asks again."""
    _asked_of(complaint, demand, by)
    if _newest(complaint, demand, SignState.REFUSED) and not _newest(complaint, demand):
        raise Refused(_("已经有人不同意签核，等处理人补充后再提请"))
    missing = _("请写明为什么不同意、要补什么（至少 4 个字）")
    words = said(words, name="words", most=500, missing=missing, least=4)
    request = _answer(complaint, demand, SignState.REFUSED, by=by, words=words)
    record(What.SIGN_OFF_REFUSED, complaint, by=by, **_facts(demand), note=words)
    return request


@transaction.atomic
def ask_again(complaint: Complaint, *, by: User, demand: Demand, words: str) -> SignRequest:
    """Ask once more for what was refused, saying what has been mended."""
    can_feed_back.require(by, complaint)
    open_demand(complaint, demand)
    if _newest(complaint, demand) or not _newest(complaint, demand, SignState.REFUSED):
        raise Refused(_("这一项不需要再提请：还在等签核，或没有人不同意"))
    missing = _("请写明补充了什么（至少 4 个字）")
    words = said(words, name="words", most=500, missing=missing, least=4)
    return _ask(complaint, demand, by=by, note=words)


def refusals(complaint: Complaint) -> dict[int, SignRequest]:
    """For each demand the refusal that stands: nobody has asked again since."""
    rows = complaint.sign_requests.filter(at__gte=since(complaint)).select_related("by")  # type: ignore[attr-defined]
    newest = {one.demand_id: one for one in rows.exclude(state=SignState.VOID).order_by("pk")}
    return {pk: one for pk, one in newest.items() if one.state == SignState.REFUSED}


def _asked_of(complaint: Complaint, demand: Demand, by: User) -> None:
    open_demand(complaint, demand)
    if demand.need != Need.SIGN_OFF:
        raise Refused(_("这一项不是签核；请补齐，或说明为什么不需要"))
    can_sign_off.require(by, complaint)
    if not by.has_role(demand.role):
        sentence = _("“%(what)s”由%(role)s签核")
        raise NotPermitted(sentence % {"what": demand.name, "role": demand.get_role_display()})


def _newest(
    complaint: Complaint, demand: Demand, state: str = SignState.ASKED
) -> SignRequest | None:
    rows = complaint.sign_requests.filter(demand=demand, state=state, at__gte=since(complaint))  # type: ignore[attr-defined]
    found: SignRequest | None = rows.order_by("-pk").first()
    return found


def _answer(
    complaint: Complaint, demand: Demand, state: str, *, by: User, words: str
) -> SignRequest:
    """On the request that stands; one is made where nobody was asked (an older complaint)."""
    found = _newest(complaint, demand) or SignRequest(
        complaint=complaint, demand=demand, at=moment.now(), asked_by=by
    )
    found.state, found.by, found.words, found.decided_at = state, by, words, moment.now()
    found.save()
    return found
