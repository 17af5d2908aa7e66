"""Knowledge for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status as Answer

from huiyin.ground import moment
from huiyin.ground.knowledge import actions, compared, lists
from huiyin.ground.knowledge.actions import Text
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.permissions import can_keep
from huiyin.ground.knowledge.words import Audience, Checked, Kind, Place
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest

router = Router(tags=["knowledge"])


class FoundOut(Schema):
    """A passage in force that can be quoted."""

    version_id: int = Field(description="quote this")
    code: str
    kind: str = Field(description="policy, law, script or article")
    title: str
    basis: str = Field(description="the line for a field of the legal basis")
    body: str = Field(description="without marks, as it goes into a letter")
    excerpt: str
    audience: str
    checked: str
    ends_on: date | None = Field(description="where it ends within 30 days")
    used: int
    helped: int


class VersionOut(Schema):
    id: int
    code: str
    kind: str
    number: int
    state: str = Field(description="draft, review, published, expired")
    in_force: bool
    title: str
    body: str = Field(description="Markdown")
    title_en: str
    body_en: str
    basis: str
    source: str
    clause: str
    edition: str
    dated: date | None
    url: str
    checked: str
    audience: str
    roles: list[str]
    categories: list[str]
    remedies: list[str]
    steps: list[str]
    keywords: list[str]
    valid_from: date | None
    valid_to: date | None
    change: str
    author: str
    revision: int = Field(description="send it back when you change the draft")
    created_at: datetime
    submitted_at: datetime | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    review_note: str
    published_at: datetime | None

    @staticmethod
    def resolve_code(one: Version) -> str:
        return one.article.code

    @staticmethod
    def resolve_kind(one: Version) -> str:
        return one.article.kind

    @staticmethod
    def resolve_author(one: Version) -> str:
        return one.author.username

    @staticmethod
    def resolve_reviewed_by(one: Version) -> str | None:
        return one.reviewed_by.username if one.reviewed_by else None


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


class TextIn(Schema):
    title: str
    body: str = Field(description="Markdown, at most 20,000 characters")
    title_en: str = ""
    body_en: str = ""
    source: str = ""
    clause: str = ""
    edition: str = ""
    dated: date | None = None
    url: str = ""
    checked: str = Checked.HOUSE.value
    audience: str = Audience.AGENT.value
    roles: list[str] = []
    categories: list[str] = []
    remedies: list[str] = []
    steps: list[str] = []
    keywords: list[str] = []
    valid_from: date | None = None
    valid_to: date | None = None
    change: str = ""

    def text(self) -> Text:
        names = Text.__dataclass_fields__
        return Text(**{name: value for name, value in self.dict().items() if name in names})


class NewIn(TextIn):
    kind: str = Field(description="policy, law, script or article")
    code: str = Field("", description="empty: the next of its kind")
    owner: str = Field("", description="user name; empty: the caller")
    review_on: date | None = None


class SaveIn(TextIn):
    revision: int


class NoteIn(Schema):
    note: str = ""


class DecisionIn(NoteIn):
    approve: bool


class ReviewIn(NoteIn):
    review_on: date


class OwnerIn(Schema):
    owner: str
    review_on: date


class SettleIn(Schema):
    words: str
    note: str


class ImportedOut(Schema):
    file: str
    title: str
    code: str = Field(description='"" where it was not taken')
    number: int | None
    fault: str


class PieceOut(Schema):
    how: str = Field(description="same, gone, new")
    text: str


class LineOut(Schema):
    what: str = Field(description="same, gone, new, changed, skipped")
    pieces: list[PieceOut]


class ChangeOut(Schema):
    field: str
    lines: list[LineOut]


@router.get("/knowledge", response=list[FoundOut], summary="Find what is in force")
def found(
    request: HuiyinRequest,
    q: Annotated[str, Field(max_length=200, description="words of any length, one too")] = "",
    kind: str = "",
    category: str = "",
    remedy: str = "",
    step: str = "",
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> Any:
    rows = actions.find(
        request.user,
        q,
        kinds=(kind,) if kind in Kind.values else (),
        category=category[:20],
        remedy=remedy[:20],
        step=step[:10],
        limit=limit,
    )
    if q.strip() and not rows and not (kind or category or remedy or step):
        actions.missed(q, place=Place.API, user=request.user)
    return rows


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


def _version(request: HuiyinRequest, version: int) -> Version:
    visible = Version.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("article__owner", "author", "reviewed_by"), pk=version
    )


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


@router.get("/knowledge/reviews", response=list[VersionOut], summary="What waits for your word")
def reviews(request: HuiyinRequest) -> Any:
    can_keep.require(request.user, None)
    return list(actions.waiting_for(request.user).select_related("reviewed_by")[:100])


@router.put("/knowledge/versions/{version}", response=VersionOut, summary="Change a draft")
def save(request: HuiyinRequest, version: int, said: SaveIn) -> Any:
    one = _version(request, version)
    return actions.save(one, by=request.user, text=said.text(), revision=said.revision)


@router.delete("/knowledge/versions/{version}", response={204: None}, summary="Give up a draft")
def discard(request: HuiyinRequest, version: int) -> Any:
    actions.discard(_version(request, version), by=request.user)
    return Answer(204, None)


@router.post(
    "/knowledge/versions/{version}/submission", response={204: None}, summary="Hand it to review"
)
def submit(request: HuiyinRequest, version: int) -> Any:
    actions.submit(_version(request, version), by=request.user)
    return Answer(204, None)


@router.delete(
    "/knowledge/versions/{version}/submission", response={204: None}, summary="Take it back"
)
def take_back(request: HuiyinRequest, version: int) -> Any:
    actions.take_back(_version(request, version), by=request.user)
    return Answer(204, None)


@router.post(
    "/knowledge/versions/{version}/review",
    response={204: None},
    summary="Approve, or send back with a note; never one's own",
)
def review(request: HuiyinRequest, version: int, said: DecisionIn) -> Any:
    one = _version(request, version)
    if said.approve:
        actions.approve(one, by=request.user, note=said.note)
    else:
        actions.send_back(one, by=request.user, note=said.note)
    return Answer(204, None)


@router.post(
    "/knowledge/import", response=list[ImportedOut], summary="Markdown and Word become drafts"
)
def take_in(
    request: HuiyinRequest,
    files: File[list[UploadedFile]],
    kind: Form[Literal["", "policy", "law", "script", "article"]] = "",
) -> Any:
    return [
        {
            "file": row.file,
            "title": row.title,
            "code": row.version.article.code if row.version else "",
            "number": row.version.number if row.version else None,
            "fault": row.fault,
        }
        for row in actions.take_in(files, by=request.user, kind=kind)
    ]


@router.post(
    "/knowledge/gaps/settling", response={204: None}, summary="A search in vain is dealt with"
)
def settle(request: HuiyinRequest, said: SettleIn) -> Any:
    actions.settle(said.words, by=request.user, note=said.note)
    return Answer(204, None)
