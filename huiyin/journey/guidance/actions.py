"""Quoting a passage, saying whether it helped, and what knowledge says for a complaint."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.knowledge.actions import Found
from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.words import Audience, State
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.actions.writing import not_sealed
from huiyin.journey.guidance import rules
from huiyin.journey.guidance.models import Quotation
from huiyin.journey.guidance.permissions import can_quote
from huiyin.journey.guidance.words import Into, Verdict

SUGGESTED = 5


@transaction.atomic
def quote(complaint: Complaint, *, by: User, version: int, into: str) -> Quotation:
    """Use a passage for this complaint. Quoted once more it is the same quotation.

    What is restricted never goes into words for the customer.
    """
    can_quote.require(by, complaint)
    not_sealed(complaint)
    if into not in Into.values:
        raise Invalid(_("请说明引用到哪里：回复、方案、备注或查阅"), into=_("没有这个用途"))
    readable = Version.objects.readable_by(by).select_related("article")
    found = readable.filter(pk=version, state__in=(State.PUBLISHED, State.EXPIRED)).first()
    if found is None:
        raise Invalid(_("没有这条知识，或者您无权查看；请重新搜索"), version=_("没有找到"))
    if not found.in_force or (found.valid_to and found.valid_to < moment.today()):
        raise Refused(
            _("“%(title)s”的这个版本已经失效，请重新搜索，引用现行版本")
            % {"title": found.shown_title}
        )
    if found.audience == Audience.RESTRICTED and into in (Into.REPLY, Into.OFFER):
        raise Refused(_("受限知识不能写进给客户的内容，请换一条，或只作查阅"))
    now = moment.now()
    quotation, made = Quotation.objects.get_or_create(
        complaint=complaint,
        version=found,
        into=into,
        defaults={"article": found.article, "by": by, "at": now},
    )
    if made:
        knowledge.count(found.article, used=1)
    return quotation


@transaction.atomic
def judge(quotation: Quotation, *, by: User, verdict: str, words: str = "") -> None:
    """Say whether it helped; said again, the last word counts."""
    can_quote.require(by, quotation.complaint)
    not_sealed(quotation.complaint)
    if verdict not in Verdict.values:
        raise Invalid(_("请选择有帮助或没帮助"), verdict=_("没有这个选项"))
    words = said(words, name="words", most=300)
    kept = Quotation.objects.select_for_update(no_key=True).get(pk=quotation.pk)
    before = kept.verdict
    kept.verdict, kept.words = verdict, words
    kept.judged_by, kept.judged_at = by, moment.now()
    kept.save(update_fields=("verdict", "words", "judged_by", "judged_at"))
    quotation.verdict, quotation.words = verdict, words
    if before != verdict:
        knowledge.count(kept.article, **rules.change(before, verdict))


def suggestions(complaint: Complaint, reader: User, limit: int = SUGGESTED) -> list[Found]:
    """What fits this complaint, by its category and its words."""
    found = knowledge.suggested(
        reader,
        category=complaint.category,
        text=f"{complaint.subject} {complaint.text} {complaint.wanted}",
        limit=limit,
    )
    return [filled(one, complaint) for one in found]


def passages(
    complaint: Complaint, reader: User, query: str, *, kinds: tuple[str, ...] = (), limit: int = 12
) -> list[Found]:
    """What has these words; without words what fits this complaint."""
    if not query.strip():
        return (
            suggestions(complaint, reader, limit)
            if not kinds
            else [
                filled(one, complaint)
                for one in knowledge.suggested(
                    reader,
                    category=complaint.category,
                    text=f"{complaint.subject} {complaint.text}",
                    kinds=kinds,
                    limit=limit,
                )
            ]
        )
    found = knowledge.find(reader, query, kinds=kinds, limit=limit)
    return [filled(one, complaint) for one in found]


def filled(found: Found, complaint: Complaint) -> Found:
    """With what belongs to this complaint in the places left for it; gaps for people stay."""
    values = {"number": complaint.number, "organisation": settings.ORGANISATION}
    return replace(found, body=rules.filled(found.body, values))
