"""Answers of a survey as a file: for those who may know who said what, and the reason stays."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.privacy.actions import record_export
from huiyin.ground.privacy.models import Export
from huiyin.ground.privacy.rules import masked_name
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.survey import lists, shown
from huiyin.journey.survey.models import Answer, AnswerQuerySet, Survey
from huiyin.journey.survey.permissions import can_take_out
from huiyin.journey.survey.results import Asked
from huiyin.journey.triage import knowledge
from huiyin.surface.exchange import listing
from huiyin.surface.exchange.actions.exports import MOST_EXPORTED
from huiyin.surface.exchange.views import MEDIA, attachment
from huiyin.surface.exchange.words import FileKind

KIND = "survey"  # of the record: such a file is never fetched a second time


@transaction.atomic
def begin_export(
    survey: Survey, asked: Asked, narrowed: lists.Narrowed, *, by: User, reason: str
) -> tuple[Export, AnswerQuerySet]:
    """Record that `by` takes these answers out, and why; then the rows themselves."""
    can_take_out.require(by, survey)
    found = lists.picked(by, survey, asked, narrowed)
    count = found[: MOST_EXPORTED + 1].count()
    if not count:
        raise Invalid(_("没有符合条件的答卷可以导出"))
    if count > MOST_EXPORTED:
        sentence = _("符合条件的答卷超过 %(most)d 份，请先缩小范围，再分几次导出")
        raise Invalid(sentence % {"most": MOST_EXPORTED})
    told = {"survey": survey.code, **asked.query(), **narrowed.query()}
    return record_export(by=by, reason=reason, kind=KIND, asked=told, rows=count), found


@login_required
@require_POST
def survey_export(request: HuiyinRequest, pk: int) -> HttpResponseBase:
    """As the list is narrowed, in its order."""
    can_take_out.require(request.user, None)
    survey = get_object_or_404(Survey, pk=pk)
    asked, narrowed = Asked.read(request.GET, request.user), lists.Narrowed.read(request.GET)
    reason = request.POST.get("reason", "")
    _made, found = begin_export(survey, asked, narrowed, by=request.user, reason=reason)
    file = listing.csv_file([headings()], lines(found))
    stamp = timezone.localtime(moment.now()).strftime("%Y%m%d-%H%M")
    return attachment(file, f"survey-{survey.code}-{stamp}.csv", MEDIA[FileKind.CSV.value])


def headings() -> list[str]:
    return [
        *(_("编号"), _("客户"), _("填写时间"), _("小组"), _("处理人"), _("类别"), _("版本")),
        *(_("满意度 1–5"), _("推荐意愿 0–10"), _("省力程度 1–7"), _("低分"), _("情绪")),
        *(_("同意告知处理人"), _("回答")),
    ]


def lines(found: AnswerQuerySet) -> Iterator[list[str]]:
    related = found.select_related("complaint__customer", "version", "team", "handler")
    for one in related.order_by("-pk").iterator(chunk_size=listing.CHUNK):
        yield _line(one)


def _line(one: Answer) -> list[str]:
    scores = ["" if score is None else str(score) for score in (one.csat, one.nps, one.ces)]
    told = "\n".join(f"{title}：{value}" for title, value in shown.answered(one))
    return [
        one.complaint.number,
        masked_name(one.complaint.customer.name),
        timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M"),
        one.team.name if one.team else "",
        # A file travels: who is judged stands in it only where the customer allowed it.
        one.handler.name if one.handler and one.consent else "",
        knowledge.current().path(one.category) or one.category,
        str(one.version.number),
        *scores,
        _("是") if one.low else "",
        one.get_emotion_display() if one.emotion else "",
        _("是") if one.consent else _("否"),
        told,
    ]
