"""What a customer does for himself. He is known by number and code; the system acts for him."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.customers.rules import normalise_email, normalise_phone
from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked_name
from huiyin.ground.refusal import Invalid, Refused, TooMany
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.rules import looks_like_number
from huiyin.journey.complaint.words import Channel
from huiyin.journey.consent import actions as consent
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Evidence, Letter, Message
from huiyin.journey.conversation.words import Receiver, Source
from huiyin.journey.intake.actions import Circumstances, Contact, Registration, register_once
from huiyin.journey.intake.rules import SELF_TYPED, spoken_code
from huiyin.journey.intake.words import Via
from huiyin.journey.routing import actions as routing
from huiyin.surface.portal import rules, story
from huiyin.surface.portal.models import Count
from huiyin.surface.portal.words import Counted


def complain(
    *,
    address: str,
    contact: Contact,
    text: str,
    wanted: str,
    order_no: str,
    happened_on: Any,
    concerning: str,
    privacy_version: str,
    key: str,
    files: Sequence[UploadedFile[Any]] = (),
) -> Registration:
    """Take a stranger's complaint in. Raises TooMany for a flood, Invalid with fields."""
    now = moment.now()
    _limit(
        Counted.COMPLAINT_BY_ADDRESS,
        rules.network_of(address),
        _("这个网络今天提交得太多了，请一小时后再试，或拨打客服电话"),
    )
    for point in (normalise_phone(contact.phone), normalise_email(contact.email)):
        if point:
            _limit(
                Counted.COMPLAINT_BY_CONTACT,
                point,
                _("这个联系方式今天已提交多件投诉；同一件事请用“查进度”补充说明"),
            )
    return register_once(
        by=User.objects.system(),
        channel=Channel.PORTAL,
        contact=contact,
        text=text,
        wanted=wanted,
        order_no=order_no,
        happened_on=happened_on,
        received_at=now,
        idempotency_key=key,
        caller="portal",
        via=Via.PORTAL,
        around=Circumstances(concerning=concerning, privacy_version=privacy_version),
        files={f"{i}": upload for i, upload in enumerate(files[: rules.MOST_FILES])},
    )


def follow(number: str, code: str, *, address: str) -> Complaint:
    """The complaint of this number, for whoever knows its code.

    A wrong code, a number that does not exist and something that is no number are answered alike,
    in the same time. Tries are counted per address and per number, existing or not.
    """
    now, network = moment.now(), rules.network_of(address)
    number = looks_like_number(number)
    for what, key in ((Counted.TRY_BY_ADDRESS, network), (Counted.TRY_BY_NUMBER, number)):
        _limit(what, key, _("尝试次数太多，请一小时后再试；忘记查询码请联系客服"))
    # An aggregate gives one row for a number that exists and for one that does not (V41).
    kept = Complaint.objects.filter(number=number).aggregate(code=Max("tracking_code"))["code"]
    if not rules.opens(code, kept):
        raise Invalid(_("编号或查询码不正确，请对照登记时给您的编号和查询码检查"))
    Count.one_less(Counted.TRY_BY_ADDRESS, network, now)
    Count.one_less(Counted.TRY_BY_NUMBER, number, now)
    return Complaint.objects.select_related("customer").get(number=number)


def _limit(what: Counted, key: str, sentence: str) -> None:
    if not Count.one_more(what, key, moment.now()):
        raise TooMany(sentence)


@transaction.atomic
def add(
    complaint: Complaint, *, text: str, files: Sequence[UploadedFile[Any]] = (), key: str = ""
) -> Message:
    """More words, more files. `key`: of the form; what he sends again because the answer was lost
    is there once."""
    message, _is_new = conversation.once(
        complaint,
        by=User.objects.system(),
        key=f"portal:{complaint.pk}:{key}" if key else "",
        body={"text": text.strip(), "files": [[one.name, one.size] for one in files]},
        write=lambda: _added(complaint, text, files),
    )
    return message


def _added(complaint: Complaint, text: str, files: Sequence[UploadedFile[Any]]) -> Message:
    """Files alone get a line of their own, so that the story has them."""
    _limit(Counted.MESSAGE, complaint.number, _("补充得太频繁了，请一小时后再试"))
    system = User.objects.system()
    if not text.strip() and files:
        text = _("（补充了 %(count)s 个文件）") % {"count": len(files)}
    message = conversation.customer_wrote(complaint, by=system, text=text, channel=Channel.PORTAL)
    for upload in files[: rules.MOST_FILES]:
        conversation.add_evidence(
            complaint, by=system, upload=upload, message=message, source=Source.CUSTOMER
        )
    return message


def took(evidence: Evidence) -> None:
    """He has it now: on record in its custody."""
    conversation.copied(
        evidence,
        by=User.objects.system(),
        receiver=Receiver.CUSTOMER,
        to=masked_name(evidence.complaint.customer.name),
        channel=Channel.PORTAL,
        always=False,
    )


@transaction.atomic
def ask_escalation(complaint: Complaint, *, text: str = "") -> None:
    """Ask for somebody above: once a day."""
    _limit(Counted.ESCALATION, complaint.number, _("您已要求升级，负责人会尽快与您联系"))
    reason = text.strip() or _("客户在门户要求升级")
    routing.escalate(complaint, by=User.objects.system(), reason=reason)


def answer(complaint: Complaint, *, offer_pk: int, agreed: bool, text: str = "") -> None:
    """The customer's own word on what we offered: exactly the option that he read."""
    if offer_pk not in [one.pk for one in story.offers_to_answer(complaint)]:
        raise Refused(_("这个方案刚刚有了变化，请看看最新的内容再决定"))
    if agreed:
        consent.accept(complaint, offer_pk=offer_pk, words=text.strip())
    else:
        consent.refuse(complaint, words=text.strip())


def talk(complaint: Complaint, *, text: str = "") -> None:
    """He wants to talk about the options first: the same call, however often he asks."""
    if not story.offers_to_answer(complaint):
        raise Refused(_("这个方案刚刚有了变化，请看看最新的内容再决定"))
    _limit(Counted.MESSAGE, complaint.number, _("补充得太频繁了，请一小时后再试"))
    consent.talk(complaint, words=text)


def withdraw(complaint: Complaint, *, text: str = "") -> None:
    """He agrees no longer, before all is done."""
    taken = story.offer_taken(complaint)
    if taken is None:
        raise Refused(_("现在没有可以撤回的同意，请刷新查看最新进展"))
    words = text.strip() or _("客户在门户撤回同意")
    consent.withdraw(taken, by=User.objects.system(), words=words)


def judge(complaint: Complaint, *, solved: bool, text: str = "") -> None:
    """What the customer says of the result. Unsolved within 30 days after closing reopens it."""
    if not rules.may_judge(complaint.status, complaint.closed_at, moment.now()):
        raise Refused(_("现在还不能评价结果；结果告诉您之后，或结案 30 天内可以评价"))
    closure.judge(complaint, solved=solved, words=text)


# --- followers ---------------------------------------------------------------------------------


def send_code(event: Event) -> Letter | None:
    """Mail number and code to the address that a stranger typed, at the portal or before a chat:
    fixed words, once a day (V58).

    The address is not proven to be the sender's own, so nothing he wrote goes there.
    """
    complaint = event.complaint
    intake = complaint.intake
    address = normalise_email(str(intake.contact.get("email", "")))
    if intake.via not in SELF_TYPED or not address:
        return None
    if Letter.objects.filter(event=event, purpose="tracking_code", recipient=address).exists():
        return None
    if not Count.one_more(Counted.LETTER, address, moment.now()):
        return None
    lines = (
        _("您好，"),
        _("我们收到了一件留下这个邮箱的投诉。"),
        _("编号：%(number)s") % {"number": complaint.number},
        _("查询码：%(code)s") % {"code": spoken_code(complaint.tracking_code)},
        _("在投诉门户选择“查进度”，输入编号和查询码，就能看到进展、补充说明。"),
        _("查询码等于钥匙，请不要转给别人。如果不是您提交的，请忽略这封邮件。"),
        settings.ORGANISATION,
    )
    return conversation.post_letter(
        complaint,
        event=event,
        purpose="tracking_code",
        recipient=address,
        subject=_("投诉 %(number)s 的查询码") % {"number": complaint.number},
        body="\n\n".join(lines),
    )


def forget_counts() -> int:
    """Counts older than the longest window say nothing any more. Safe to run at any time."""
    old = moment.now() - max(limit.within for limit in rules.LIMITS.values()) - timedelta(hours=1)
    return Count.objects.filter(starts_at__lt=old).delete()[0]
