"""The library: articles begun, read, compared, given to another, taken out of use."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground import moment
from huiyin.ground.knowledge import actions, compared, lists
from huiyin.ground.knowledge.api.shapes import NoteIn, TextIn, VersionOut
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.permissions import can_keep
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest

router = Router()


class ArticleOut(Schema):
    code: str
    kind: str
    owner: str | None
    review_on: date | None
    used: int
    helped: int
    not_helped: int
    version: VersionOut = Field(description="the one in force, or the one asked for")
    versions: list[int] = Field(description="numbers the caller may read")


class RowOut(Schema):
    """A line of the library."""

    id: int
    code: str
    number: int
    kind: str
    title: str
    state: str
    in_force: bool
    audience: str
    valid_to: date | None
    review_on: date | None
    owner: str | None

    @staticmethod
    def resolve_code(one: Version) -> str:
        return one.article.code

    @staticmethod
    def resolve_kind(one: Version) -> str:
        return one.article.kind

    @staticmethod
    def resolve_review_on(one: Version) -> date | None:
        return one.article.review_on

    @staticmethod
    def resolve_owner(one: Version) -> str | None:
        return one.article.owner.username if one.article.owner else None


class LibraryOut(Schema):
    rows: list[RowOut]
    after: str = Field(description='the place in the list for the next page; "" at its end')


class NewIn(TextIn):
    kind: str = Field(description="policy, law, script or article")
    code: str = Field("", description="empty: the next of its kind")
    owner: str = Field("", description="user name; empty: the caller")
    review_on: date | None = None


class ReviewIn(NoteIn):
    review_on: date


class OwnerIn(Schema):
    owner: str
    review_on: date


class PieceOut(Schema):
    how: str = Field(description="same, gone, new")
    text: str


class LineOut(Schema):
    what: str = Field(description="same, gone, new, changed, skipped")
    pieces: list[PieceOut]


class ChangeOut(Schema):
    field: str
    lines: list[LineOut]


@router.get("/knowledge/articles", response=LibraryOut, summary="The library by code")
def library(
    request: HuiyinRequest,
    view: Annotated[str, Field(description="live; for keepers draft, review… too")] = "live",
    q: Annotated[str, Field(max_length=200)] = "",
    kind: str = "",
    category: str = "",
    audience: str = "",
    after: str = "",
) -> Any:
    said = {
        "view": view,
        "q": q,
        "kind": kind,
        "category": category,
        "audience": audience,
        "after": after,
    }
    asked = lists.Asked.read(said, keeps=can_keep(request.user, None))
    rows, more = lists.page(request.user, asked, moment.today())
    return {"rows": rows, "after": more}


def _article(request: HuiyinRequest, code: str) -> Article:
    visible = Version.objects.visible_to(request.user)
    rows = Article.objects.filter(code=code, versions__in=visible).distinct()
    return get_object_or_404(rows.select_related("owner"))


def _user(username: str) -> User:
    found = User.objects.active().filter(username=username.lower()).first()
    if found is None:
        raise Invalid(_("没有这位用户，或已停用"), owner=_("没有这位用户"))
    return found  # type: ignore[no-any-return]


@router.post("/knowledge/articles", response={201: VersionOut}, summary="Begin an article")
def write(request: HuiyinRequest, said: NewIn) -> Any:
    made = actions.write(
        by=request.user,
        kind=said.kind,
        text=said.text(),
        code=said.code,
        owner=_user(said.owner) if said.owner else None,
        review_on=said.review_on,
    )
    return Answer(201, made)


@router.get("/knowledge/articles/{code}", response=ArticleOut, summary="One article")
def article(request: HuiyinRequest, code: str, version: int = 0) -> Any:
    one = _article(request, code)
    visible = one.versions.visible_to(request.user)  # type: ignore[attr-defined]
    rows = list(
        visible.select_related("article", "author", "reviewed_by").order_by("-in_force", "-number")
    )
    by_number = {row.number: row for row in rows}
    shown = by_number.get(version) if version else rows[0]
    if shown is None:
        shown = get_object_or_404(visible, number=version)
    return {
        "code": one.code,
        "kind": one.kind,
        "owner": one.owner.username if one.owner else None,
        "review_on": one.review_on,
        "used": one.used,
        "helped": one.helped,
        "not_helped": one.not_helped,
        "version": shown,
        "versions": sorted(by_number),
    }


@router.get(
    "/knowledge/articles/{code}/difference",
    response=list[ChangeOut],
    summary="What changed between two versions",
)
def difference(request: HuiyinRequest, code: str, before: int, after: int) -> Any:
    visible = _article(request, code).versions.visible_to(request.user)  # type: ignore[attr-defined]
    old, new = (get_object_or_404(visible, number=number) for number in (before, after))
    return [
        {
            "field": change.label,
            "lines": [
                {"what": what, "pieces": [{"how": how, "text": text} for how, text in pieces]}
                for what, pieces in change.lines
            ],
        }
        for change in compared.difference(old, new)
    ]


@router.post(
    "/knowledge/articles/{code}/revision", response={201: VersionOut}, summary="Begin the next"
)
def revise(request: HuiyinRequest, code: str) -> Any:
    return Answer(201, actions.revise(_article(request, code), by=request.user))


@router.put("/knowledge/articles/{code}/owner", response={204: None}, summary="Who answers for it")
def give(request: HuiyinRequest, code: str, said: OwnerIn) -> Any:
    one = _article(request, code)
    actions.give(one, by=request.user, owner=_user(said.owner), review_on=said.review_on)
    return Answer(204, None)


@router.post(
    "/knowledge/articles/{code}/confirmation",
    response={204: None},
    summary="Read again and still right",
)
def confirm(request: HuiyinRequest, code: str, said: ReviewIn) -> Any:
    one = _article(request, code)
    actions.confirm(one, by=request.user, review_on=said.review_on, note=said.note)
    return Answer(204, None)


@router.post(
    "/knowledge/articles/{code}/withdrawal", response={204: None}, summary="Take it out of use"
)
def withdraw(request: HuiyinRequest, code: str, said: NoteIn) -> Any:
    actions.withdraw(_article(request, code), by=request.user, reason=said.note)
    return Answer(204, None)
