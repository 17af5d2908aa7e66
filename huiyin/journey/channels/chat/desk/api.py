"""The desk for programs: the seat, chats, what is said and whispered, handing on, the end."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile
from ninja.responses import Status as Answer

from huiyin.ground.customers.actions import Contact
from huiyin.ground.people.models import Team, User
from huiyin.ground.privacy.rules import masked_email, masked_name, masked_phone
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.chat import actions, lists
from huiyin.journey.channels.chat.actions import checking, seating, summing
from huiyin.journey.channels.chat.desk import shown
from huiyin.journey.channels.chat.models import Chat, Line, Seat
from huiyin.journey.channels.chat.permissions import can_end, can_hand_over, can_sit
from huiyin.journey.channels.chat.telling import for_us
from huiyin.journey.channels.chat.words import By
from huiyin.journey.complaint.api import seen as complaint_of

router = Router(tags=["chats"])


class SeatIn(Schema):
    ready: bool | None = Field(None, description="None: as it is")
    most: int | None = Field(None, description="chats at once, 1 to 30")


class SeatOut(Schema):
    ready: bool
    most: int


class StepOut(Schema):
    url: str
    title: str
    at: datetime


class DeviceOut(Schema):
    kind: str = Field(description="phone, tablet, computer")
    app: str = Field(description="in whose browser he reads: wechat, alipay, …; or empty")
    browser: str
    system: str


class ChatOut(Schema):
    id: int
    site: str
    state: str
    name: str = Field(description="masked")
    phone: str = Field(description="masked")
    email: str = Field(description="masked")
    agent: str | None
    team: str | None
    complaint: str | None = Field(description="its number, where the caller sees it")
    asked_at: datetime
    first_due_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    unread: int
    owed_since: datetime | None = Field(description="he waits for our answer since; in lists")
    verified: bool = Field(description="the site has signed who he is")
    proven: list[str] = Field(description="of name, phone, email: for which the site vouches")
    member_level: str = Field(description="at the site, as it has signed it")
    in_danger: bool = Field(description="his words weigh S1 as triage reads them: served first")
    danger_words: str = Field(description="for which words")
    outcome: str
    summary: str
    rating: int | None
    page_url: str = Field(description="where it began")
    trail: list[StepOut] = Field(description="where he went since then, the newest last")
    device: DeviceOut | None = Field(description="as his browser calls itself: a hint, no proof")
    visitor_seen: int = Field(description="the last line that the visitor has read")
    last_line: int

    @staticmethod
    def resolve_site(chat: Chat) -> str:
        return chat.site.code

    @staticmethod
    def resolve_name(chat: Chat) -> str:
        return masked_name(chat.name)

    @staticmethod
    def resolve_phone(chat: Chat) -> str:
        return masked_phone(chat.phone) if chat.phone else ""

    @staticmethod
    def resolve_email(chat: Chat) -> str:
        return masked_email(chat.email) if chat.email else ""

    @staticmethod
    def resolve_device(chat: Chat) -> DeviceOut | None:
        return DeviceOut(**chat.device) if chat.device else None

    @staticmethod
    def resolve_verified(chat: Chat) -> bool:
        return bool(chat.identity)

    @staticmethod
    def resolve_proven(chat: Chat) -> list[str]:
        return sorted(chat.proven)

    @staticmethod
    def resolve_member_level(chat: Chat) -> str:
        return str(chat.identity.get("level", ""))

    @staticmethod
    def resolve_agent(chat: Chat) -> str | None:
        return chat.agent.username if chat.agent else None

    @staticmethod
    def resolve_team(chat: Chat) -> str | None:
        return chat.team.code if chat.team else None

    @staticmethod
    def resolve_complaint(chat: Chat) -> str | None:
        return getattr(chat, "number_seen", None)

    @staticmethod
    def resolve_unread(chat: Chat) -> int:
        return getattr(chat, "unread", 0)

    @staticmethod
    def resolve_owed_since(chat: Chat) -> datetime | None:
        return getattr(chat, "owed_since", None)


class ChatPage(Schema):
    items: list[ChatOut]
    before: int | None = Field(description="go on with this")


class ChatsIn(Schema):
    view: Literal["all", "own", "waiting", "team", "unsummed"] = "all"
    q: str = ""
    site: int | None = None
    agent: int | None = None
    state: str = ""
    outcome: str = ""
    rating: int | None = None
    since: str = Field("", description="day, 2026-11-29")
    until: str = ""
    before: int | None = None


class LineOut(Schema):
    id: int
    kind: str = Field(description="visitor, agent, whisper, system")
    text: str = Field(description="of the system: as the reader is told, not as the visitor is")
    by: str | None
    at: datetime
    file: str | None = Field(description="its name; the bytes at /chats/files/<uuid>/")
    file_uuid: uuid.UUID | None

    @staticmethod
    def resolve_text(line: Line) -> str:
        return for_us(line.text) if line.kind == By.SYSTEM else line.text

    @staticmethod
    def resolve_by(line: Line) -> str | None:
        return line.by.username if line.by else None

    @staticmethod
    def resolve_file(line: Line) -> str | None:
        return line.file.name if line.file else None

    @staticmethod
    def resolve_file_uuid(line: Line) -> uuid.UUID | None:
        return line.file.uuid if line.file else None


class FiguresOut(Schema):
    chats: int
    median: float | None = Field(description="seconds to the first reply")
    missed: int
    rating: float | None
    rated: int


class SayIn(Schema):
    text: str = Field(max_length=20_000)
    client: uuid.UUID | None = Field(None, description="the same again is the same line")
    waived: list[str] = Field([], description="sentences that are no promise")


class WhisperIn(Schema):
    text: str = Field(max_length=20_000)
    client: uuid.UUID | None = None


class LineIn(Schema):
    line: int


class TransferIn(Schema):
    person: str = Field("", description="a username; or")
    team: str = Field("", description="the code of a team")
    note: str = Field(max_length=2000)


class EndIn(Schema):
    outcome: Literal["complaint", "existing", "none"]
    summary: str = Field(max_length=4000)
    number: str = Field("", description="of the complaint it goes into")
    category: str = ""
    severity: int | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    order_no: str = ""
    call_at: datetime | None = Field(None, description="when the visitor asked to be called")


class EndedOut(Schema):
    outcome: str
    complaint: str | None = Field(description="number of the complaint it became or went into")


class ProposalOut(Schema):
    category: str
    severity: int | None
    complaints: list[str] = Field(description="open ones that may be the same story")


class NumberIn(Schema):
    number: str = Field(max_length=20)


class ReasonIn(Schema):
    reason: str = Field(description="why; it is put on record")


class ContactOut(Schema):
    name: str
    phone: str
    email: str


def _seen(request: HuiyinRequest, pk: int) -> Chat:
    can_sit.require(request.user, None)
    return get_object_or_404(Chat.objects.visible_to(request.user).with_all(), pk=pk)


def _out(request: HuiyinRequest, pk: int) -> Chat:
    """As it is now; without it where the caller may no longer look at it."""
    found = _seen(request, pk)
    return _numbered(request.user, [found])[0]


def _numbered(user: User, chats: list[Chat]) -> list[Chat]:
    """With the number of its complaint, where the caller sees that."""
    numbers = lists.numbers_seen(user, chats)
    for chat in chats:
        chat.number_seen = numbers.get(chat.complaint_id or 0)  # type: ignore[attr-defined]
    return chats


@router.get("/chats", response=ChatPage, summary="Chats")
def list_chats(request: HuiyinRequest, wanted: Query[ChatsIn]) -> dict[str, Any]:
    """Own ones, waiting ones, the team's, those without a summary; or all, by filter."""
    can_sit.require(request.user, None)
    if wanted.view != "all":
        found = lists.desk(request.user)
        view = {"team": found.others, "own": found.own, "waiting": found.waiting}
        rows = view.get(wanted.view, found.unsummed)
        return {"items": _numbered(request.user, rows), "before": None}
    typed = {name: str(value) for name, value in wanted.dict().items() if value is not None}
    items, before = lists.page(lists.read(typed), request.user)
    return {"items": _numbered(request.user, items), "before": before}


@router.get("/chats/today", response=FiguresOut, summary="Figures of today")
def read_figures(request: HuiyinRequest) -> lists.Figures:
    can_sit.require(request.user, None)
    return lists.figures(request.user)


@router.get("/chats/seat", response=SeatOut, summary="One's seat at the desk")
def read_seat(request: HuiyinRequest) -> Seat:
    can_sit.require(request.user, None)
    return lists.seat_of(request.user)


@router.put("/chats/seat", response=SeatOut, summary="Ready or not; how many at once")
def take_seat(request: HuiyinRequest, data: SeatIn) -> Seat:
    """Whoever is ready is given visitors; a program says so again within 90 seconds."""
    return seating.sit(by=request.user, ready=data.ready, most=data.most)


@router.post("/chats/next", response=ChatOut, summary="Take whoever waits longest")
def take_next(request: HuiyinRequest) -> Chat:
    return _out(request, seating.take_next(by=request.user).pk)


@router.get("/chats/{chat}", response=ChatOut, summary="A chat")
def read_chat(request: HuiyinRequest, chat: int) -> Chat:
    return _out(request, chat)


@router.get("/chats/{chat}/lines", response=list[LineOut], summary="What was said")
def read_lines(request: HuiyinRequest, chat: int, after: int = 0) -> list[Line]:
    """Whispers too; `after`: the last line that is known."""
    return shown.lines_of(_seen(request, chat), after)


@router.post("/chats/{chat}/acceptance", response=ChatOut, summary="Take it from the queue")
def accept(request: HuiyinRequest, chat: int) -> Chat:
    actions.accept(_seen(request, chat), by=request.user)
    return _out(request, chat)


@router.post("/chats/{chat}/takeover", response=ChatOut, summary="Take it from a colleague")
def take_over(request: HuiyinRequest, chat: int) -> Chat:
    seating.take_over(_seen(request, chat), by=request.user)
    return _out(request, chat)


@router.post("/chats/{chat}/lines", response={201: LineOut}, summary="Say something")
def say(request: HuiyinRequest, chat: int, data: SayIn) -> Answer[Line]:
    """A promise without a date, or beyond one's authority, is stopped, unless it is waived."""
    found = _seen(request, chat)
    checking.check(found, by=request.user, text=data.text, waived=data.waived)
    client = data.client or uuid.uuid4()
    return Answer(201, actions.answer(found, by=request.user, text=data.text, client=client))


@router.post("/chats/{chat}/files", response={201: LineOut}, summary="Send a file")
def send_file(
    request: HuiyinRequest,
    chat: int,
    file: File[UploadedFile],
    client: Form[uuid.UUID | None] = None,
) -> Answer[Line]:
    found, key = _seen(request, chat), client or uuid.uuid4()
    kept = actions.put_file(found, upload=file, client=key, by=request.user)
    return Answer(201, actions.answer(found, by=request.user, client=key, file=kept))


@router.post("/chats/{chat}/whispers", response={201: LineOut}, summary="Among ourselves")
def whisper(request: HuiyinRequest, chat: int, data: WhisperIn) -> Answer[Line]:
    """The visitor never gets it."""
    client = data.client or uuid.uuid4()
    found = _seen(request, chat)
    return Answer(201, actions.whisper(found, by=request.user, text=data.text, client=client))


@router.post("/chats/{chat}/typing", response={204: None}, summary="One is writing")
def typing(request: HuiyinRequest, chat: int) -> Answer[None]:
    actions.typing(_seen(request, chat), by=request.user)
    return Answer(204, None)


@router.post("/chats/{chat}/reading", response={204: None}, summary="Read up to a line")
def reading(request: HuiyinRequest, chat: int, data: LineIn) -> Answer[None]:
    actions.seen(_seen(request, chat), line=data.line, by=request.user)
    return Answer(204, None)


@router.post("/chats/{chat}/transfer", response={204: None}, summary="Hand it on")
def transfer(request: HuiyinRequest, chat: int, data: TransferIn) -> Answer[None]:
    """To a colleague, who has it at once, or to the queue of a team, with a note."""
    found = _seen(request, chat)
    can_hand_over.require(request.user, found)
    person = User.objects.active().filter(username=data.person).first() if data.person else None
    team = Team.objects.filter(code=data.team).first() if data.team else None
    seating.transfer(found, by=request.user, person=person, team=team, note=data.note)
    return Answer(204, None)


@router.get("/chats/{chat}/proposal", response=ProposalOut, summary="What it may become")
def read_proposal(request: HuiyinRequest, chat: int) -> dict[str, Any]:
    """Category and severity as triage reads the visitor's words; open complaints like it."""
    found = _seen(request, chat)
    can_end.require(request.user, found)
    proposed = summing.proposal(found, request.user)
    numbers = [one.complaint.number for one in proposed.similar]
    told = {"category": proposed.category, "severity": proposed.severity}
    return told | {"complaints": numbers}


@router.post("/chats/{chat}/end", response=EndedOut, summary="End it with a summary")
def end(request: HuiyinRequest, chat: int, data: EndIn) -> dict[str, str | None]:
    """A new complaint, an existing one by its number, or none: then the summary says why."""
    contact = Contact(name=data.name, phone=data.phone, email=data.email)
    made = summing.sum_up(
        _seen(request, chat),
        by=request.user,
        outcome=data.outcome,
        summary=data.summary,
        number=data.number,
        category=data.category,
        severity=data.severity,
        contact=contact,
        order_no=data.order_no,
        call_at=data.call_at,
    )
    return {"outcome": data.outcome, "complaint": made.number if made else None}


@router.post("/chats/{chat}/complaint", response=ChatOut, summary="It is about a complaint")
def attach(request: HuiyinRequest, chat: int, data: NumberIn) -> Chat:
    """From now on answers by chat reach the visitor here; its end goes there."""
    found = _seen(request, chat)
    actions.attach_to(found, by=request.user, complaint=complaint_of(request, data.number))
    return _out(request, chat)


@router.post("/chats/{chat}/contact", response=ContactOut, summary="Look behind the mask")
def show_contact(request: HuiyinRequest, chat: int, data: ReasonIn) -> Chat:
    """With a reason, which stands in the chat among ourselves and in the log."""
    return summing.show_contact(_seen(request, chat), by=request.user, reason=data.reason)
