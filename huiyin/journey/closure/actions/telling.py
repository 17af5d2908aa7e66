"""Telling the customer the result (反馈)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.closure.actions.drafting import kinds_of
from huiyin.journey.closure.actions.standing import needs_visit, told
from huiyin.journey.closure.models import Feedback
from huiyin.journey.closure.permissions import can_feed_back
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import reply, said
from huiyin.journey.promises.actions import read
from huiyin.journey.resolution.words import OfferState, ResponseKind

LONGEST = 5000


def letter(measures: str, result: str, prevention: str, *, language: str = "") -> str:
    """The result as one text in the customer's language: measures, result, prevention (003)."""
    with translation.override(language or settings.LANGUAGE_CODE):
        parts = [(_("采取的措施"), measures), (_("处理结果"), result)]
        if prevention:
            parts.append((_("如何避免再发生"), prevention))
        return "\n\n".join(f"{title}\n{text}" for title, text in parts)


@transaction.atomic
def feed_back(
    complaint: Complaint,
    *,
    by: User,
    measures: str,
    result: str,
    prevention: str = "",
    channel: str = "",
    kinds: Iterable[str] | None = None,
    waived: Sequence[str] = (),
) -> Feedback:
    """Tell the customer the result. Then a call-back, where one is due.

    `kinds` of response (annex G), several; not given: those of the remedies that were carried out.
    `waived`: sentences that read like a promise and are none (`conversation.reply`).
    """
    can_feed_back.require(by, complaint)
    complaint.hold()
    if complaint.status == Status.FUV or (complaint.status == Status.RES and told(complaint)):
        raise Refused(_("结果已经反馈过了，请登记回访或结案"))
    if complaint.status != Status.RES:
        raise Refused(_("执行完成后才能反馈结果，请先登记执行结果"))
    measures = said(measures, name="measures", most=LONGEST, missing=_("请写明采取的措施"))
    result = said(result, name="result", most=LONGEST, missing=_("请写明处理结果"))
    prevention = said(prevention, name="prevention", most=LONGEST)
    kinds = _checked(complaint, kinds)
    text = letter(measures, result, prevention, language=complaint.customer.language)
    message = reply(complaint, by=by, text=text, channel=channel, waived=waived)
    feedback = Feedback.objects.create(
        complaint=complaint,
        measures=measures,
        result=result,
        prevention=prevention,
        kinds=kinds,
        message=message,
        by=by,
        at=moment.now(),
    )
    if needs_visit(complaint):
        complaint.move_to(Status.FUV)
    record(What.FED_BACK, complaint, by=by)
    return feedback


def _checked(complaint: Complaint, kinds: Iterable[str] | None) -> list[str]:
    if kinds is None:
        executed = complaint.offers.filter(state=OfferState.EXECUTED).select_related("remedy")
        return kinds_of(list(executed))
    chosen = set(kinds)
    if chosen - set(ResponseKind.values):
        raise Invalid(_("请从列表里选择"), kinds=_("请从列表里选择"))
    return [kind for kind in ResponseKind.values if kind in chosen]


def promised_in(
    complaint: Complaint, *, by: User, measures: str, result: str, prevention: str
) -> list[str]:
    """Sentences of this letter that read like a promise; its writer may say that they are none."""
    text = letter(measures, result, prevention, language=complaint.customer.language)
    return [chip.found.sentence for chip in read(by, complaint, text)]
