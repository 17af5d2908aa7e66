"""Letters on paper for programs: scans in, what was found, decisions; ours to print and post."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.paper import actions, lists, showing
from huiyin.journey.channels.paper.actions import posting, reading
from huiyin.journey.channels.paper.actions.deciding import Said
from huiyin.journey.channels.paper.models import Page, Piece, Post, Template
from huiyin.journey.channels.paper.permissions import can_post_paper, can_register_paper
from huiyin.journey.channels.paper.views import incoming, outgoing
from huiyin.journey.complaint.api import seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.permissions import can_reply

router = Router(tags=["paper"])


class PieceOut(Schema):
    id: int
    number: str = Field(description="of the register of letters; empty as long as it waits")
    state: str
    received_on: date
    complaint: str | None
    at: datetime

    @staticmethod
    def resolve_complaint(piece: Piece) -> str | None:
        return piece.complaint.number if piece.complaint else None


class PiecePage(Schema):
    items: list[PieceOut]
    before: int | None = Field(description="go on with this")


class PiecesIn(Schema):
    state: str = "waiting"
    q: str = ""
    before: int | None = None


class PageOut(Schema):
    id: UUID
    position: int
    turn: int
    width: int
    height: int
    reading: str
    text: str

    @staticmethod
    def resolve_id(page: Page) -> UUID:
        return page.uuid


class FoundOut(Schema):
    kind: str
    value: str
    page: int
    lines: list[int]


class PieceWhole(Schema):
    letter: PieceOut
    text: str
    pages: list[PageOut]
    found: list[FoundOut] = Field(description="proposed; nothing is taken without a person")
    decisions: dict[str, Any]


class SaidIn(Schema):
    text: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    order_no: str = ""
    amount_fen: int | None = None
    dated_on: date | None = None
    wanted: str = ""
    received_on: date | None = None
    postmarked_on: date | None = None


class AttachIn(SaidIn):
    number: str = Field(max_length=20)


class TextIn(Schema):
    text: str


class ReasonIn(Schema):
    reason: str = Field("", max_length=300)


class TurnIn(Schema):
    by_degrees: int = 90


class PagesIn(Schema):
    pages: list[UUID] = Field(max_length=400)


class JoinIn(Schema):
    other: int


class NumberOut(Schema):
    number: str


class PostOut(Schema):
    id: int
    complaint: str
    state: str
    pages: int
    at: datetime
    printed_at: datetime | None
    posted_on: date | None
    tracking: str
    returned_why: str
    unprintable: list[str] = Field(description="signs that no font here draws")
    may_undo: bool = Field(description="whether its last step can be taken back")

    @staticmethod
    def resolve_may_undo(post: Post) -> bool:
        return actions.may_be_undone(post)

    @staticmethod
    def resolve_complaint(post: Post) -> str:
        return post.letter.complaint.number if post.letter.complaint else ""

    @staticmethod
    def resolve_pages(post: Post) -> int:
        return post.leaves


class PostPage(Schema):
    items: list[PostOut]
    before: int | None


class PostsIn(PiecesIn):
    state: str = "to_print"


class PostsMarked(Schema):
    posts: list[int] = Field(max_length=100)
    confirm: bool = Field(False, description="signs that cannot be printed were seen")


class PostsChosen(Schema):
    posts: list[int] = Field(max_length=100)


class PostedIn(Schema):
    posted_on: date | None = None
    tracking: str = Field("", max_length=40)
    confirm: bool = Field(False, description="signs that cannot be printed were seen")


class TrackingIn(Schema):
    tracking: str = Field(max_length=40)


class RedrawIn(Schema):
    template: str = Field(description="its code")
    address: str = Field(max_length=200)


# --- what came in ---------------------------------------------------------------------------------


@router.get("/paper", response=PiecePage, summary="Letters that came in")
def list_letters(request: HuiyinRequest, wanted: Query[PiecesIn]) -> dict[str, Any]:
    """`state`: waiting, registered, attached, dismissed, all. Newest first."""
    can_register_paper.require(request.user, None)
    typed = {name: str(value) for name, value in wanted.dict().items() if value is not None}
    items, before = lists.pieces(lists.read_pieces(typed), request.user)
    return {"items": items, "before": before}


@router.post("/paper", response={201: list[PieceOut]}, summary="Upload scans")
def upload_scans(
    request: HuiyinRequest,
    files: File[list[UploadedFile]],
    together: Form[bool] = True,
    received_on: Form[date | None] = None,
    key: Form[UUID | None] = None,
) -> Answer[list[Piece]]:
    """PDF, JPEG, PNG, WebP, TIFF. `together`: all are pages of one letter, else a letter each.
    `key`: a UUID of yours; sent again with the same one, it is the same upload."""
    kept = actions.keep(files, by=request.user, together=together, received_on=received_on, key=key)
    return Answer(201, kept.pieces)


@router.post("/paper/typed", response={201: PieceOut}, summary="A letter without a scan")
def begin_letter(request: HuiyinRequest) -> Answer[Piece]:
    return Answer(201, actions.begin(by=request.user))


def _whole(piece: Piece) -> dict[str, Any]:
    pages = list(piece.pages.kept().select_related("scan"))
    found = [
        {"kind": one.kind, "value": one.value, "page": one.page, "lines": list(one.lines)}
        for one in showing.proposed(piece, pages)
    ]
    return {
        "letter": piece,
        "text": showing.text_of(piece, pages),
        "pages": pages,
        "found": found,
        "decisions": piece.decisions,
    }


@router.get("/paper/{letter}", response=PieceWhole, summary="A letter, its pages, what was found")
def read_letter(request: HuiyinRequest, letter: int) -> dict[str, Any]:
    return _whole(incoming.seen_piece(request, letter))


@router.put("/paper/{letter}/text", response=PieceWhole, summary="What stands in it, typed")
def type_letter(request: HuiyinRequest, letter: int, data: TextIn) -> dict[str, Any]:
    piece = incoming.seen_piece(request, letter)
    reading.typed(piece, by=request.user, text=data.text)
    piece.refresh_from_db()
    return _whole(piece)


@router.post("/paper/{letter}/read", response=PieceWhole, summary="Have its pages read")
def read_pages(request: HuiyinRequest, letter: int) -> dict[str, Any]:
    """By the worker, one page after the other; needs the extra `ocr`."""
    piece = incoming.seen_piece(request, letter)
    reading.read_again(piece, by=request.user)
    return _whole(piece)


@router.delete("/paper/{letter}/read", response={204: None}, summary="Do not read them")
def cancel_reading(request: HuiyinRequest, letter: int) -> Answer[None]:
    reading.cancel(incoming.seen_piece(request, letter), by=request.user)
    return Answer(204, None)


@router.post("/paper/{letter}/register", response=NumberOut, summary="Register as a complaint")
def register_letter(request: HuiyinRequest, letter: int, data: SaidIn) -> Complaint:
    piece = incoming.seen_piece(request, letter)
    return actions.register(piece, by=request.user, given=Said(**data.dict()))


@router.post("/paper/{letter}/attach", response=NumberOut, summary="Put to a complaint")
def attach_letter(request: HuiyinRequest, letter: int, data: AttachIn) -> Complaint:
    """A number that stands in a letter opens nothing: the caller names the complaint."""
    piece = incoming.seen_piece(request, letter)
    given = data.dict()
    complaint = seen(request, given.pop("number"))
    actions.attach(piece, complaint, by=request.user, given=Said(**given))
    return complaint


@router.post("/paper/{letter}/dismiss", response=PieceOut, summary="Nothing follows")
def dismiss_letter(request: HuiyinRequest, letter: int, data: ReasonIn) -> Piece:
    piece = incoming.seen_piece(request, letter)
    actions.dismiss(piece, by=request.user, reason=data.reason)
    return piece


@router.post("/paper/{letter}/split", response=PieceOut, summary="Some pages are another letter")
def split_letter(request: HuiyinRequest, letter: int, data: PagesIn) -> Piece:
    piece = incoming.seen_piece(request, letter)
    return actions.split(piece, by=request.user, chosen=data.pages)


@router.post("/paper/{letter}/join", response=PieceWhole, summary="Two letters are one")
def join_letters(request: HuiyinRequest, letter: int, data: JoinIn) -> dict[str, Any]:
    piece = incoming.seen_piece(request, letter)
    actions.join(piece, incoming.seen_piece(request, data.other), by=request.user)
    return _whole(piece)


@router.put("/paper/{letter}/order", response=PieceWhole, summary="Its pages in another order")
def order_pages(request: HuiyinRequest, letter: int, data: PagesIn) -> dict[str, Any]:
    piece = incoming.seen_piece(request, letter)
    actions.reorder(piece, by=request.user, order=data.pages)
    return _whole(piece)


@router.get("/paper/pages/{page}/picture", summary="A page as JPEG")
def page_picture(request: HuiyinRequest, page: UUID) -> HttpResponse:
    return incoming.picture_of(incoming.seen_page(request, page).picture)


@router.post("/paper/pages/{page}/turn", response=PageOut, summary="Turn a page clockwise")
def turn_page(request: HuiyinRequest, page: UUID, data: TurnIn) -> Page:
    found = incoming.seen_page(request, page)
    found.turn = actions.turn(found, by=request.user, by_degrees=data.by_degrees)
    return found


@router.post("/paper/pages/{page}/drop", response=PageOut, summary="Take a page out, by reason")
def drop_page(request: HuiyinRequest, page: UUID, data: ReasonIn) -> Page:
    found = incoming.seen_page(request, page)
    actions.drop(found, by=request.user, reason=data.reason)
    return found


@router.post("/paper/pages/{page}/restore", response=PageOut, summary="Take it in again")
def restore_page(request: HuiyinRequest, page: UUID) -> Page:
    found = incoming.seen_page(request, page)
    actions.restore(found, by=request.user)
    return found


# --- ours -----------------------------------------------------------------------------------------


@router.get("/letters/paper", response=PostPage, summary="Letters of ours on paper")
def list_posts(request: HuiyinRequest, wanted: Query[PostsIn]) -> dict[str, Any]:
    """`state`: to_print, printed, posted, returned, all. Newest first."""
    can_post_paper.require(request.user, None)
    typed = {name: str(value) for name, value in wanted.dict().items() if value is not None}
    items, before = lists.posts(lists.read_posts(typed), request.user)
    return {"items": items, "before": before}


@router.get("/letters/paper/{post}/pdf", summary="A letter as PDF")
def post_pdf(request: HuiyinRequest, post: int) -> HttpResponse:
    found = outgoing.seen_post(request, post)
    return outgoing.as_pdf(posting.bytes_of(found), f"letter-{found.pk}.pdf")


@router.post("/letters/paper/printed", response=list[PostOut], summary="They are printed")
def mark_printed(request: HuiyinRequest, data: PostsMarked) -> list[Post]:
    """422 without `confirm` where one of them has signs that cannot be printed."""
    chosen = _chosen(request, data.posts)
    actions.marked_printed(chosen, by=request.user, confirmed=data.confirm)
    return _chosen(request, data.posts)


@router.post("/letters/paper/unprinted", response=list[PostOut], summary="They are not printed")
def unmark_printed(request: HuiyinRequest, data: PostsChosen) -> list[Post]:
    """A wrong click taken back, within seven days and before it was posted."""
    actions.unmark_printed(_chosen(request, data.posts), by=request.user)
    return _chosen(request, data.posts)


def _chosen(request: HuiyinRequest, ids: list[int]) -> list[Post]:
    rows = Post.objects.visible_to(request.user).select_related("letter__complaint__customer")
    return list(rows.filter(pk__in=ids))


@router.post("/letters/paper/{post}/posted", response=PostOut, summary="It went to the post")
def mark_posted(request: HuiyinRequest, post: int, data: PostedIn) -> Post:
    """From now on it counts as sent."""
    found = outgoing.seen_post(request, post)
    actions.marked_posted(
        found,
        by=request.user,
        posted_on=data.posted_on,
        tracking=data.tracking,
        confirmed=data.confirm,
    )
    return found


@router.post("/letters/paper/{post}/unposted", response=PostOut, summary="It was not posted")
def unmark_posted(request: HuiyinRequest, post: int) -> Post:
    """A wrong click taken back, within seven days and before it came back."""
    found = outgoing.seen_post(request, post)
    actions.unmark_posted(found, by=request.user)
    return found


@router.put("/letters/paper/{post}/tracking", response=PostOut, summary="Mend its tracking number")
def mend_tracking(request: HuiyinRequest, post: int, data: TrackingIn) -> Post:
    """The old number stays in the story of the complaint."""
    found = outgoing.seen_post(request, post)
    actions.mend_tracking(found, by=request.user, tracking=data.tracking)
    return found


@router.post("/letters/paper/{post}/returned", response=PostOut, summary="It came back")
def mark_returned(request: HuiyinRequest, post: int, data: ReasonIn) -> Post:
    found = outgoing.seen_post(request, post)
    actions.come_back(found, by=request.user, reason=data.reason)
    return found


@router.post("/letters/paper/{post}/redraw", response=PostOut, summary="Another template")
def redraw_post(request: HuiyinRequest, post: int, data: RedrawIn) -> Post:
    found = outgoing.seen_post(request, post)
    rows = Template.objects.in_use().select_related("window")
    template = get_object_or_404(rows, code=data.template)
    actions.redraw(found, by=request.user, template=template, address=data.address)
    return found


@router.post("/complaints/{number}/letter/preview", summary="How a letter would look")
def preview_letter(request: HuiyinRequest, number: str, data: TextIn) -> HttpResponse:
    complaint = seen(request, number)
    can_reply.require(request.user, complaint)
    return outgoing.as_pdf(actions.preview(complaint, data.text, by=request.user), f"{number}.pdf")
