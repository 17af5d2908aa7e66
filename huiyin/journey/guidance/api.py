"""Guidance for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.knowledge.api import FoundOut
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.permissions import can_see_gaps
from huiyin.ground.knowledge.words import Kind, Place
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.guidance import actions, lists
from huiyin.journey.guidance.models import Quotation

router = Router(tags=["guidance"])


class QuotationOut(Schema):
    id: int
    complaint: str
    code: str
    version_id: int
    number: int
    title: str
    in_force: bool = Field(description="false: the version is over, look at the one in force")
    into: str = Field(description="reply, offer, note, read")
    by: str
    at: datetime
    verdict: str = Field(description='helped, not_helped, or "" while nobody said')
    words: str

    @staticmethod
    def resolve_complaint(one: Quotation) -> str:
        return one.complaint.number

    @staticmethod
    def resolve_code(one: Quotation) -> str:
        return one.version.article.code

    @staticmethod
    def resolve_number(one: Quotation) -> int:
        return one.version.number

    @staticmethod
    def resolve_title(one: Quotation) -> str:
        return one.version.shown_title

    @staticmethod
    def resolve_in_force(one: Quotation) -> bool:
        return one.version.in_force

    @staticmethod
    def resolve_by(one: Quotation) -> str:
        return one.by.username


class QuoteIn(Schema):
    version_id: int
    into: str = Field(description="reply, offer, note, read")


class VerdictIn(Schema):
    verdict: str = Field(description="helped or not_helped")
    words: str = ""


class UsesOut(Schema):
    total: int = Field(description="all of them; rows are of complaints the caller sees")
    rows: list[QuotationOut]


class GapOut(Schema):
    key: str
    title: str
    count: int
    last_at: datetime | None
    seen: int | None = Field(description="how many of them the caller may open; null: all")


class SearchOut(Schema):
    words: str
    place: str
    user: str | None
    at: datetime

    @staticmethod
    def resolve_user(one: Any) -> str | None:
        return one.user.username if one.user else None


class ClosedOut(Schema):
    number: str
    category: str
    closed_at: datetime | None


RELATED = ("complaint", "version__article", "by")


@router.get(
    "/complaints/{number}/knowledge",
    response=list[FoundOut],
    summary="What fits this complaint, or has these words",
)
def passages(
    request: HuiyinRequest,
    number: str,
    q: Annotated[str, Field(max_length=200)] = "",
    kind: str = "",
    limit: Annotated[int, Field(ge=1, le=50)] = 8,
) -> Any:
    kinds = (kind,) if kind in Kind.values else ()
    rows = actions.passages(seen(request, number), request.user, q, kinds=kinds, limit=limit)
    if q.strip() and not rows and not kinds:
        knowledge.missed(q, place=Place.API, user=request.user)
    return rows


@router.get(
    "/complaints/{number}/quotations", response=list[QuotationOut], summary="What was quoted"
)
def quotations(request: HuiyinRequest, number: str) -> Any:
    found = Quotation.objects.filter(complaint=seen(request, number))
    return list(found.select_related(*RELATED)[:200])


@router.post("/complaints/{number}/quotations", response={201: QuotationOut}, summary="Quote")
def quote(request: HuiyinRequest, number: str, said: QuoteIn) -> Any:
    complaint = seen(request, number)
    made = actions.quote(complaint, by=request.user, version=said.version_id, into=said.into)
    return Answer(201, Quotation.objects.select_related(*RELATED).get(pk=made.pk))


@router.post(
    "/complaints/{number}/quotations/{quotation}/verdict",
    response={204: None},
    summary="Say whether it helped",
)
def verdict(request: HuiyinRequest, number: str, quotation: int, said: VerdictIn) -> Any:
    mine = Quotation.objects.filter(complaint=seen(request, number))
    one = get_object_or_404(mine.select_related("complaint"), pk=quotation)
    actions.judge(one, by=request.user, verdict=said.verdict, words=said.words)
    return Answer(204, None)


@router.get("/knowledge/articles/{code}/uses", response=UsesOut, summary="Where it was quoted")
def uses(request: HuiyinRequest, code: str, verdict: str = "", after: str = "") -> Any:
    visible = Version.objects.visible_to(request.user)
    article = get_object_or_404(Article.objects.filter(code=code, versions__in=visible).distinct())
    rows, total = lists.uses(request.user, article, {"verdict": verdict, "after": after})
    return {"total": total, "rows": list(rows.select_related(*RELATED)[: lists.PAGE])}


@router.get("/knowledge/gaps/searches", response=list[GapOut], summary="Searches in vain")
def searches(request: HuiyinRequest) -> Any:
    can_see_gaps.require(request.user, None)
    return lists.searches()


@router.get(
    "/knowledge/gaps/searches/rows", response=list[SearchOut], summary="Each search of these words"
)
def searched(request: HuiyinRequest, words: Annotated[str, Field(max_length=64)]) -> Any:
    can_see_gaps.require(request.user, None)
    return list(lists.searched(words)[:200])


@router.get(
    "/knowledge/gaps/closed",
    response=list[GapOut],
    summary="Categories closed without knowledge: figures of the house",
)
def closed(request: HuiyinRequest) -> Any:
    can_see_gaps.require(request.user, None)
    return lists.categories(request.user)


@router.get(
    "/knowledge/gaps/closed/rows", response=list[ClosedOut], summary="The complaints of a category"
)
def closed_rows(request: HuiyinRequest, category: Annotated[str, Field(max_length=20)] = "") -> Any:
    can_see_gaps.require(request.user, None)
    found = lists.closed_without(request.user).filter(category=category)
    return list(found.order_by("-closed_at")[: lists.NEWEST])
