"""Serving somebody at the counter.

Two clerks have two visits; of two tabs of one visit the customer signs what he read: a signature
stands for the hash of that text, and is refused when the text was changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, points_of
from huiyin.ground.people.models import User
from huiyin.ground.privacy.models import PrivacyNotice
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import as_sentence
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.counter.actions.papers import form_pdf, signature_png
from huiyin.journey.channels.counter.models import Walkin
from huiyin.journey.channels.counter.permissions import can_serve
from huiyin.journey.channels.counter.rules import content as rules
from huiyin.journey.channels.counter.rules import strokes as signatures
from huiyin.journey.channels.counter.words import Signed, WalkinState
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import Description
from huiyin.journey.conversation.words import EvidenceKind, PrivacyLevel, Source
from huiyin.journey.intake import actions as intake
from huiyin.journey.intake import rules as intake_rules
from huiyin.journey.intake.actions import Circumstances
from huiyin.journey.intake.rules import FieldSpec
from huiyin.journey.intake.words import FieldType, Via

MOST_BEGUN = 20  # per clerk
CODE_FOR = timedelta(hours=24)  # so long its clerk can print the receipt with the code again


@transaction.atomic
def begin(*, by: User, key: UUID | None = None) -> Walkin:
    """`key`: of the page; what was begun under it before is that visit, not a second one."""
    can_serve.require(by, None)
    now = moment.now()
    visit, is_new = Walkin.objects.get_or_create(
        key=key or uuid4(), defaults={"by": by, "at": now, "updated_at": now}
    )
    if visit.by_id != by.pk:
        raise Invalid(_("这次登记的编号已被使用，请刷新页面重新开始"))
    if is_new and Walkin.objects.of(by).begun().count() > MOST_BEGUN:
        raise Refused(_("未完成的登记太多了，请先完成或放弃一些"))
    return visit


@transaction.atomic
def save(walkin: Walkin, *, by: User, content: Mapping[str, Any], by_itself: bool = False) -> bool:
    """Keep what is typed so far; what the customer has read already must be read again.
    `by_itself`: a page keeps its draft; one that comes late does not undo that it was shown.
    Whether it was kept."""
    kept = _held(walkin, by)
    if by_itself and kept.state == WalkinState.SHOWN:
        return False
    kept.content, kept.updated_at = rules.typed(content), moment.now()
    kept.state, kept.digest = WalkinState.DRAFT, ""
    kept.save(update_fields=["content", "updated_at", "state", "digest"])
    walkin.refresh_from_db()
    return True


@transaction.atomic
def show(walkin: Walkin, *, by: User) -> str:
    """Turn the tablet: he reads it over. Faults are found before, not in front of him."""
    kept = _held(walkin, by)
    _check(kept.content)
    notice = PrivacyNotice.objects.current(moment.now())
    kept.privacy_version = notice.version if notice else ""
    kept.digest = rules.digest(kept.content, kept.privacy_version)
    kept.state, kept.shown_at = WalkinState.SHOWN, moment.now()
    kept.save(update_fields=["privacy_version", "digest", "state", "shown_at"])
    walkin.refresh_from_db()
    return kept.digest


@transaction.atomic
def back(walkin: Walkin, *, by: User) -> None:
    """Something in it is wrong: it is written again."""
    kept = _held(walkin, by)
    kept.state, kept.digest = WalkinState.DRAFT, ""
    kept.save(update_fields=["state", "digest"])
    walkin.refresh_from_db()


@transaction.atomic
def drop(walkin: Walkin, *, by: User) -> None:
    """He went away without a complaint. What he said of himself is forgotten."""
    kept = _held(walkin, by)
    kept.state, kept.content, kept.digest = WalkinState.DROPPED, {}, ""
    kept.save(update_fields=["state", "content", "digest"])
    walkin.refresh_from_db()


@transaction.atomic
def sign(
    walkin: Walkin,
    *,
    by: User,
    digest: str,
    strokes: str = "",
    typed_name: str = "",
    agreed: bool = False,
) -> Complaint:
    """He signs what he read, and it is a complaint. `strokes` as JSON; or his name, typed, with
    the tick that it is he who says so. Sent again, because the answer was lost, it is that one."""
    kept = _locked(walkin, by)
    if kept.complaint is not None and digest == kept.digest:
        walkin.refresh_from_db()
        return kept.complaint
    _insist_begun(kept)
    if kept.state != WalkinState.SHOWN or not kept.digest or digest != kept.digest:
        raise Refused(_("内容刚刚改过，请再给客户看一遍后签字"))
    _signed(kept, strokes, typed_name, agreed)
    kept.signed_at = kept.updated_at = moment.now()
    said = kept.content
    complaint = intake.register_once(
        by=by,
        channel=Channel.WALKIN,
        contact=Contact(said["name"], said["phone"], said["email"], said["address"]),
        text=said["text"],
        wanted=said["wanted"],
        order_no=said["order_no"],
        happened_on=_day(said),
        idempotency_key=f"counter:{kept.key}",
        caller="counter",
        via=Via.COUNTER,
        around=Circumstances(amount_fen=_amount(said), privacy_version=kept.privacy_version),
    ).complaint
    kept.state, kept.complaint = WalkinState.DONE, complaint
    note = as_sentence(Signed(kept.signed).label)
    record(What.AT_COUNTER, complaint, by=by, walkin=kept.pk, note=note)
    _bring(kept, complaint, by)
    kept.save()
    walkin.refresh_from_db()
    return complaint


def may_see_code(walkin: Walkin, user: User) -> bool:
    """The code is the customer's key: its clerk prints it while he stands there, nobody later."""
    fresh = walkin.signed_at is not None and walkin.signed_at > moment.now() - CODE_FOR
    return walkin.by_id == user.pk and fresh


def _held(walkin: Walkin, by: User) -> Walkin:
    kept = _locked(walkin, by)
    _insist_begun(kept)
    return kept


def _locked(walkin: Walkin, by: User) -> Walkin:
    can_serve.require(by, None)
    # Its complaint is read after the lock: of two at once, the second's join is of before.
    kept = Walkin.objects.select_for_update(of=("self",)).select_related("by").get(pk=walkin.pk)
    if kept.by_id != by.pk:
        raise Refused(_("这是别人正在办的登记"))
    return kept


def _insist_begun(kept: Walkin) -> None:
    if not kept.is_begun:
        raise Refused(_("这次登记已经完成或放弃，请刷新查看"))


def _check(content: Mapping[str, str]) -> None:
    """What registering would refuse is said while the clerk still holds the tablet."""
    faults: dict[str, str] = {}
    for name, most in rules.FIELDS.items():
        if fault := intake_rules.text_fault(content.get(name, ""), longest=most):
            faults[name] = fault
    if not content.get("text"):
        faults["text"] = _("请写下发生了什么")
    if not (content.get("name") or content.get("phone")):
        faults["name"] = _("请填写称呼或电话，至少一项")
    for check in (_points, _amount, _day):
        faults |= _faults_of(check, content)
    if faults:
        raise Invalid("；".join(dict.fromkeys(faults.values())), **faults)


def _faults_of(check: Any, content: Mapping[str, str]) -> dict[str, str]:
    try:
        check(content)
    except Invalid as fault:
        return {name: str(sentence) for name, sentence in fault.fields.items()}
    return {}


def _points(content: Mapping[str, str]) -> None:
    points_of(Contact(phone=content.get("phone", ""), email=content.get("email", "")))
    if 0 < len(content.get("address", "")) < 5:
        sentence = _("通信地址请写 5 到 200 个字")
        raise Invalid(sentence, address=sentence)


def _amount(content: Mapping[str, str]) -> int | None:
    spec = FieldSpec("amount", FieldType.MONEY, str(_("涉及金额")))
    value, fault = intake_rules.clean_answer(spec, content.get("amount", ""))
    if fault:
        raise Invalid(fault, amount=fault)
    return value if isinstance(value, int) else None


def _day(content: Mapping[str, str]) -> date | None:
    typed = content.get("happened_on", "")
    day = _parsed(typed)
    if typed and (day is None or day > moment.now().date() + timedelta(days=1)):
        sentence = _("发生日期看起来不对，请检查")
        raise Invalid(sentence, happened_on=sentence)
    return day


def _parsed(typed: str) -> date | None:
    try:
        return parse_date(typed)
    except ValueError:
        return None


def _signed(kept: Walkin, strokes: str, typed_name: str, agreed: bool) -> None:
    typed_name = " ".join(typed_name.replace("\x00", "").split())[:80]
    if strokes.strip() in ("", "[]") and typed_name:
        if not agreed:
            sentence = _("请勾选“内容由我本人确认”")
            raise Invalid(sentence, agreed=sentence)
        kept.signed, kept.signed_name = Signed.TYPED, typed_name
        return
    sentences = {
        "missing": _("请在框内签名，或键入姓名并勾选确认"),
        "long": _("签名笔画太多，请清除后重签"),
        "broken": _("签名没有保存好，请清除后重签"),
    }
    try:
        kept.strokes = [[list(point) for point in one] for one in signatures.read(strokes)]
    except signatures.Unsigned as fault:
        sentence = sentences[str(fault)]
        raise Invalid(sentence, strokes=sentence) from fault
    kept.signed, kept.signed_name = Signed.DRAWN, kept.content.get("name", "")


def _bring(kept: Walkin, complaint: Complaint, by: User) -> None:
    """The form that he signed, with his signature in it, and the signature alone."""
    message = complaint.messages.order_by("pk").first()
    about = frozen(gettext_lazy("到店登记表，客户已确认"))
    described = Description(
        kind=EvidenceKind.CONTRACT,
        about=about,
        source=Source.CUSTOMER,
        privacy=PrivacyLevel.PERSONAL,
    )

    def keep(name: str, data: bytes) -> Any:
        return conversation.keep_evidence(
            complaint,
            by=by,
            upload=SimpleUploadedFile(name, data),
            described=described,
            message=message,
            internal=False,
        )

    kept.form = keep(f"{complaint.number}_{_('到店登记表')}.pdf", form_pdf(kept, complaint))
    if kept.strokes:
        keep(f"{complaint.number}_{_('签名')}.png", signature_png(kept.strokes))
