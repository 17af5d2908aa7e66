"""Calls for programs: what rings, what is spoken, and every act of the bar."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.phone import actions, lists, shown
from huiyin.journey.channels.phone.actions.working import came
from huiyin.journey.channels.phone.models import Call, Extension, Limit, Recording, Rung
from huiyin.journey.channels.phone.permissions import (
    can_manage_phones,
    can_see_call_rules,
    can_see_calls,
    can_work,
)
from huiyin.journey.complaint.api import seen as seen_complaint

router = Router(tags=["phone"])


class PhoneCallOut(Schema):
    id: int
    direction: str
    caller: str = Field(description="masked")
    line: str
    state: str
    agent: str | None
    extension: str
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    clock_behind: float = Field(description="seconds that the telephone system's clock is behind")
    held_since: datetime | None
    held_seconds: int
    talked_seconds: int
    hung_up_by: str
    is_end_untold: bool = Field(description="over because nothing more was told; it may still be")
    dropped: bool
    long_hold: int = Field(description="seconds of a hold that was too long; 0")
    told_recording_at: datetime | None
    complaint: str | None = Field(description="its number, where the caller of the API sees it")
    no_complaint: bool
    recall_due_at: datetime | None
    recalled_at: datetime | None
    callback: int | None
    finished_at: datetime | None

    @staticmethod
    def resolve_caller(call: Call) -> str:
        return call.masked_caller

    @staticmethod
    def resolve_agent(call: Call) -> str | None:
        return call.agent.username if call.agent else None

    @staticmethod
    def resolve_clock_behind(call: Call) -> float:
        return call.skew.total_seconds()

    @staticmethod
    def resolve_callback(call: Call) -> int | None:
        return call.callback_id

    @staticmethod
    def resolve_complaint(call: Call) -> str | None:
        found = getattr(call, "seen", None)
        return found.number if found is not None else None


class PhoneToldOut(Schema):
    kind: str
    at: datetime
    agents: list[str]
    by: str


class PhoneDoneOut(Schema):
    did: str
    at: datetime
    by: str
    words: str

    @staticmethod
    def resolve_by(act: Any) -> str:
        return str(act.by.username)


class PhoneRecordingOut(Schema):
    id: int
    state: str
    name: str
    size: int
    error: str


class PhoneCallWhole(PhoneCallOut):
    notes: str
    events: list[PhoneToldOut]
    acts: list[PhoneDoneOut]
    recordings: list[PhoneRecordingOut]

    @staticmethod
    def resolve_events(call: Call) -> list[Any]:
        return list(call.events.order_by("at", "pk")[:200])

    @staticmethod
    def resolve_acts(call: Call) -> list[Any]:
        return list(call.acts.select_related("by"))

    @staticmethod
    def resolve_recordings(call: Call) -> list[Any]:
        return list(call.recordings.all())


class PhoneCallPage(Schema):
    items: list[PhoneCallOut]
    before: int | None = Field(description="go on with this")


class PhoneCallsIn(Schema):
    view: Literal["all", "unlinked", "recall", "live", "missed", "dropped", "long", "unfetched"] = (
        "all"
    )
    whose: Literal["mine", "team"] = "team"
    direction: Literal["", "in", "out"] = ""
    day: str = ""
    q: str = ""
    before: int | None = None


class PhoneMineOut(Schema):
    ringing: list[PhoneCallOut]
    current: PhoneCallOut | None
    later: list[PhoneCallOut]
    helps: list[int] = Field(description="calls in which somebody asks for you")


class PhoneNotesIn(Schema):
    notes: str = Field("", max_length=20_000)


class PhoneNumberIn(Schema):
    number: str = Field(max_length=20)


class PhoneWhenIn(Schema):
    at: datetime
    reason: str = Field("", max_length=300)


class PhoneStepIn(Schema):
    step: int = Field(description="a step of the ladder")


class PhoneStepOut(Schema):
    id: int
    position: int
    allows: str
    name: str
    words: str


class PhoneLimitOut(Schema):
    code: str
    seconds: int
    source: str
    version: str


class ExtensionOut(Schema):
    number: str
    user: str
    enabled: bool

    @staticmethod
    def resolve_user(one: Extension) -> str:
        return str(one.user.username)


def _call(request: HuiyinRequest, pk: int) -> Call:
    can_see_calls.require(request.user, None)
    call: Call = get_object_or_404(Call.objects.visible_to(request.user).with_all(), pk=pk)
    return call


def _again(request: HuiyinRequest, pk: int) -> Call:
    call = get_object_or_404(Call.objects.with_all(), pk=pk)
    lists.hide_unseen(request.user, [call])
    return call


@router.get("/phone/calls", response=PhoneCallPage, summary="Calls")
def list_calls(request: HuiyinRequest, wanted: Query[PhoneCallsIn]) -> dict[str, Any]:
    """One's own, and of leads and supervisors those of their teams; the newest first."""
    can_see_calls.require(request.user, None)
    typed = {name: str(value) for name, value in wanted.dict().items() if value is not None}
    items, before = lists.page(request.user, lists.Asked.read(typed))
    return {"items": items, "before": before}


@router.get("/phone/calls/mine", response=PhoneMineOut, summary="What rings, what is spoken now")
def my_calls(request: HuiyinRequest) -> dict[str, Any]:
    """As the bar of every page shows it."""
    can_see_calls.require(request.user, None)
    found = shown.mine(request.user)
    ringing = [call for call, _history in found.pops]
    current = found.bar.call if found.bar else None
    lists.hide_unseen(request.user, [*ringing, *found.later, *([current] if current else [])])
    return {
        "ringing": ringing,
        "current": current,
        "later": found.later,
        "helps": [act.call_id for act in found.helps],
    }


@router.get("/phone/calls/{call}", response=PhoneCallWhole, summary="A call")
def read_call(request: HuiyinRequest, call: int) -> Call:
    """With everything told of it and done in it."""
    return _again(request, _call(request, call).pk)


@router.put("/phone/calls/{call}/notes", response=PhoneCallOut, summary="Keep its notes")
def keep_notes(request: HuiyinRequest, call: int, data: PhoneNotesIn) -> Call:
    actions.keep_notes(_call(request, call), by=request.user, text=data.notes)
    return _again(request, call)


@router.post(
    "/phone/calls/{call}/notice", response=PhoneCallOut, summary="The recording was told of"
)
def give_notice(request: HuiyinRequest, call: int) -> Call:
    actions.notice_given(_call(request, call), by=request.user)
    return _again(request, call)


@router.post(
    "/phone/calls/{call}/checks", response=PhoneCallOut, summary="Whoever is held was asked"
)
def check_hold(request: HuiyinRequest, call: int) -> Call:
    actions.checked(_call(request, call), by=request.user)
    return _again(request, call)


@router.post("/phone/calls/{call}/callback", response=PhoneCallOut, summary="Arrange a call-back")
def arrange_callback(request: HuiyinRequest, call: int, data: PhoneWhenIn) -> Call:
    """A task of the complaint; without one it waits with the call until there is one."""
    actions.call_back(_call(request, call), by=request.user, at=data.at, reason=data.reason)
    return _again(request, call)


@router.post("/phone/calls/{call}/called-back", response=PhoneCallOut, summary="He was called back")
def called_back(request: HuiyinRequest, call: int) -> Call:
    actions.called_back(_call(request, call), by=request.user)
    return _again(request, call)


@router.post(
    "/phone/calls/{call}/help", response=PhoneCallOut, summary="Ask for the duty supervisor"
)
def ask_help(request: HuiyinRequest, call: int) -> Call:
    actions.help_asked(_call(request, call), by=request.user)
    return _again(request, call)


@router.post("/phone/calls/{call}/coming", response=PhoneCallOut, summary="The supervisor comes")
def answer_help(request: HuiyinRequest, call: int) -> Call:
    came(_call(request, call), by=request.user)
    return _again(request, call)


@router.post(
    "/phone/calls/{call}/abuse", response=PhoneCallOut, summary="A step of the ladder was said"
)
def say_step(request: HuiyinRequest, call: int, data: PhoneStepIn) -> Call:
    """Ending only after every warning."""
    actions.say(_call(request, call), get_object_or_404(Rung, pk=data.step), by=request.user)
    return _again(request, call)


@router.post(
    "/phone/calls/{call}/close", response=PhoneCallOut, summary="It is over, though nothing told it"
)
def close_call(request: HuiyinRequest, call: int) -> Call:
    actions.close(_call(request, call), by=request.user)
    return _again(request, call)


@router.post("/phone/calls/{call}/finish", response=PhoneCallOut, summary="Through with it")
def finish_call(request: HuiyinRequest, call: int) -> Call:
    """Its notes become an internal note of the complaint."""
    actions.finish(_call(request, call), by=request.user)
    return _again(request, call)


@router.post("/phone/calls/{call}/link", response=PhoneCallOut, summary="Link to a complaint")
def link_call(request: HuiyinRequest, call: int, data: PhoneNumberIn) -> Call:
    found = _call(request, call)
    actions.link(found, seen_complaint(request, data.number), by=request.user)
    return _again(request, call)


@router.post("/phone/calls/{call}/set-aside", response=PhoneCallOut, summary="It was no complaint")
def set_aside(request: HuiyinRequest, call: int) -> Call:
    actions.set_aside(_call(request, call), by=request.user)
    return _again(request, call)


@router.post("/phone/calls/{call}/dial", response=PhoneCallOut, summary="Call the number again")
def dial(request: HuiyinRequest, call: int) -> Call:
    """The telephone system is asked to ring your extension, then the number."""
    actions.dial(_call(request, call), by=request.user)
    return _again(request, call)


@router.post(
    "/phone/calls/{call}/recordings/{recording}/fetch",
    response=PhoneRecordingOut,
    summary="Fetch a recording again",
)
def fetch_again(request: HuiyinRequest, call: int, recording: int) -> Recording:
    found = _call(request, call)
    can_work.require(request.user, found)
    one = get_object_or_404(found.recordings, pk=recording)
    actions.fetch_again(one)
    one.refresh_from_db()
    return one


@router.get(
    "/phone/call-rules/ladder", response=list[PhoneStepOut], summary="The ladder for abusive calls"
)
def read_ladder(request: HuiyinRequest) -> list[Rung]:
    can_see_calls.require(request.user, None)
    return list(Rung.objects.filter(enabled=True))


@router.get("/phone/call-rules/limits", response=list[PhoneLimitOut], summary="Limits of calls")
def read_limits(request: HuiyinRequest) -> list[Limit]:
    can_see_call_rules.require(request.user, None)
    return list(Limit.objects.all())


@router.get("/phone/extensions", response=list[ExtensionOut], summary="Extensions")
def list_extensions(request: HuiyinRequest) -> list[Extension]:
    can_manage_phones.require(request.user, None)
    return list(Extension.objects.select_related("user")[:1000])
