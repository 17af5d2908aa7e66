"""The customer's word: yes with its proof, no, let us talk, and no longer."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import due_at
from huiyin.ground.worktime.words import Unit
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.consent import rules
from huiyin.journey.consent.actions.linking import options
from huiyin.journey.consent.models import Consent, ConsentLink
from huiyin.journey.consent.permissions import can_ask
from huiyin.journey.consent.words import Choice, How
from huiyin.journey.conversation import rules as conversation
from huiyin.journey.conversation.actions import Description, keep_evidence, said
from huiyin.journey.conversation.models import Evidence, Message
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.conversation.words import EvidenceKind, Kind, Source
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.words import OfferState

TALK_WITHIN_WORK_HOURS = 8


def _among(complaint: Complaint, offer_pk: int) -> Offer:
    """The option that was chosen, if it is still open: exactly what the customer read."""
    offer = next((one for one in options(complaint) if one.pk == offer_pk), None)
    if offer is None:
        raise Refused(_("方案刚刚有了变化，请看看最新的内容再决定"))
    offer.complaint = complaint
    return offer


# --- by the customer himself ---------------------------------------------------------------------


@transaction.atomic
def accept(
    complaint: Complaint,
    *,
    offer_pk: int,
    words: str = "",
    link: ConsentLink | None = None,
    signature: UploadedFile[Any] | None = None,
) -> Consent:
    """He takes this option, through a link or on his page. A link answers once."""
    complaint.hold()
    system = User.objects.system()
    offer = _among(complaint, offer_pk)
    _answer(link, Choice.ACCEPTED)
    evidence = _signed(complaint, offer, signature, by=system) if signature else None
    how = How.LINK if link is not None else How.PORTAL
    return _keep(offer, by=system, how=how, words=_words(words), link=link, evidence=evidence)


@transaction.atomic
def refuse(complaint: Complaint, *, words: str, link: ConsentLink | None = None) -> None:
    """None of the options is right for him: why, so that the next one is."""
    complaint.hold()
    offers = options(complaint)
    if not offers:
        raise Refused(_("方案刚刚有了变化，请看看最新的内容再决定"))
    _answer(link, Choice.REFUSED)
    words = _words(words)
    for offer in offers:
        offer.complaint = complaint
        resolution.decline(offer, by=User.objects.system(), note=words)


@transaction.atomic
def talk(complaint: Complaint, *, words: str, link: ConsentLink | None = None) -> None:
    """He wants to talk about it first: somebody calls him; the options stay open."""
    complaint.hold()
    offers = options(complaint)
    if not offers:
        raise Refused(_("方案刚刚有了变化，请看看最新的内容再决定"))
    words = _words(words)
    now, system = moment.now(), User.objects.system()
    if link is not None:
        once = ConsentLink.objects.filter(pk=link.pk, talked_at=None, answered_at=None)
        if not once.update(talked_at=now):
            raise Refused(_("已经记下了，我们会尽快与您联系"))
    record(What.TALK_WANTED, complaint, by=system, round=offers[0].round, reason=words)
    callbacks.ask(
        complaint,
        kind=CallbackKind.TALK,
        reason=words or frozen(gettext_lazy("客户看了方案，希望再沟通")),
        due_at=due_at(now, TALK_WITHIN_WORK_HOURS, Unit.WORK_HOURS, calendar("office")),  # type: ignore[arg-type]
        by=system,
        source=f"talk:{offers[0].round}",
    )


def _answer(link: ConsentLink | None, choice: Choice) -> None:
    if link is None:
        return
    once = ConsentLink.objects.filter(pk=link.pk, answered_at=None, revoked_at=None)
    if not once.update(answered_at=moment.now(), answer=choice):
        raise Refused(_("您已经答复过了，谢谢；想改变决定请联系我们"))
    link.answered_at, link.answer = moment.now(), choice


def _words(words: str) -> str:
    return said(words, name="text", most=rules.LONGEST_WORDS)


def _signed(complaint: Complaint, offer: Offer, upload: UploadedFile[Any], *, by: User) -> Evidence:
    about = frozen(gettext_lazy("客户签字：%(name)s")) % {"name": offer.remedy.name_zh}
    described = Description(kind=EvidenceKind.CONTRACT, about=about, source=Source.CUSTOMER)
    return keep_evidence(complaint, by=by, upload=upload, described=described)


def _keep(offer: Offer, *, by: User, how: How, words: str, **proof: Any) -> Consent:
    """The proof first, then the yes: what follows the yes finds it there."""
    consent = Consent.objects.create(
        complaint=offer.complaint,
        offer=offer,
        how=how,
        words=words,
        told=told(offer),
        by=by,
        at=moment.now(),
        **proof,
    )
    facts = {"offer": offer.pk, "remedy": offer.remedy.name_zh, "note": frozen(how.label)}
    if words:
        facts["words"] = words
    record(What.CONSENTED, offer.complaint, by=by, consent=consent.pk, **facts)
    resolution.agree(offer, by=by, note=words)
    return consent


def told(offer: Offer) -> dict[str, Any]:
    """What he said yes to, word for word."""
    return {
        "remedy": offer.remedy_id,
        "name": offer.remedy.name_zh,
        "wording": offer.wording,
        "amount_fen": offer.amount_fen,
        "due_on": offer.due_on.isoformat(),
        "basis": offer.basis,
        "fields": offer.fields,
        "calculation": offer.calculation,
    }


# --- as somebody heard it ------------------------------------------------------------------------


@transaction.atomic
def register(
    offer: Offer,
    *,
    by: User,
    how: str,
    words: str = "",
    evidence: Evidence | None = None,
    place: str = "",
    upload: UploadedFile[Any] | None = None,
    message: Message | None = None,
) -> Consent:
    """The customer said yes: where it is recorded, signed, written, or in which words he said it.

    Raises Invalid with fields how, words, evidence, place, upload, message.
    """
    complaint = offer.complaint
    can_ask.require(by, complaint)
    complaint.hold()
    if how not in (How.RECORDING, How.SIGNATURE, How.SPOKEN, How.CHAT):
        raise Invalid(_("请选择客户怎样确认的"), how=_("请选择客户怎样确认的"))
    missing = _("请写下客户的原话或大意") if how == How.SPOKEN else ""
    words = said(words, name="words", most=rules.LONGEST_WORDS, missing=missing)
    offer = _among(complaint, offer.pk)
    proof: dict[str, Any] = {}
    if how == How.RECORDING:
        proof = _recorded(complaint, by, evidence, place)
    elif how == How.SIGNATURE:
        if upload is not None:
            proof = {"evidence": _signed(complaint, offer, upload, by=by)}
        else:
            proof = {"evidence": _own(complaint, by, evidence)}
    elif how == How.CHAT:
        proof = {"message": _written(complaint, message)}
    return _keep(offer, by=by, how=How(how), words=words, **proof)


def _own(complaint: Complaint, by: User, evidence: Evidence | None) -> Evidence:
    sentence = _("请选择这条投诉的证据，或上传签字文件")
    if evidence is None or evidence.complaint_id != complaint.pk:
        raise Invalid(sentence, evidence=sentence)
    can_open_evidence.require(by, evidence)
    return evidence


def _recorded(
    complaint: Complaint, by: User, evidence: Evidence | None, place: str
) -> dict[str, Any]:
    evidence = _own(complaint, by, evidence)
    if not evidence.media_type.startswith(("audio/", "video/")):
        sentence = _("请选择录音或录像")
        raise Invalid(sentence, evidence=sentence)
    where = conversation.place(place)
    if not where or not rules.is_moment(where):
        sentence = _("请写明在录音的什么位置，例如 03:12")
        raise Invalid(sentence, place=sentence)
    return {"evidence": evidence, "place": where}


def _written(complaint: Complaint, message: Message | None) -> Message:
    sentence = _("请选择客户表示同意的那条来信或聊天")
    if message is None or message.complaint_id != complaint.pk or message.kind != Kind.INBOUND:
        raise Invalid(sentence, message=sentence)
    return message


@transaction.atomic
def withdraw(offer: Offer, *, by: User, words: str) -> None:
    """He no longer agrees, before all is done: back to work on another option. What is not done
    is not done any more, and what went out is called back (`execution`)."""
    complaint = offer.complaint
    can_ask.require(by, complaint)
    complaint.hold()
    if offer.state != OfferState.AGREED:
        raise Refused(_("只有客户已同意、还没有执行完的方案可以撤回同意"))
    missing = _("请写下客户为什么改变主意")
    words = said(words, name="words", most=rules.LONGEST_WORDS, missing=missing)
    facts = {"offer": offer.pk, "remedy": offer.remedy.name_zh, "reason": words}
    record(What.CONSENT_WITHDRAWN, complaint, by=by, **facts)
    resolution.decline(offer, by=by, note=words)


# --- followers -----------------------------------------------------------------------------------


def note_yes(event: Event) -> None:
    """Follow a yes that came another way: it has its record too, as what somebody heard."""
    offer = Offer.objects.select_related("remedy").filter(pk=event.facts.get("offer")).first()
    if offer is None or offer.consents.standing().exists():
        return
    Consent.objects.create(
        complaint=event.complaint,
        offer=offer,
        how=How.PORTAL if event.by.is_system else How.SPOKEN,
        words=str(event.facts.get("note", ""))[:300],
        told=told(offer),
        by=event.by,
        at=event.at,
    )


def note_no(event: Event) -> None:
    """Follow a no after a yes: the yes stands no more, whoever wrote that down."""
    Consent.objects.standing().filter(offer=event.facts.get("offer")).update(
        withdrawn_at=event.at, withdrawn_by=event.by, withdrawal=str(event.facts.get("note", ""))
    )
