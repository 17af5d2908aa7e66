"""Posts for programs: the list, bringing them, answering in public."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Header, Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.social import actions, lists
from huiyin.journey.channels.social.actions.posts import Posted, take_post
from huiyin.journey.channels.social.models import File, Post
from huiyin.journey.channels.social.permissions import can_bring_posts, can_see_posts
from huiyin.journey.complaint.models import Complaint

router = Router(tags=["social"])


class PostOut(Schema):
    id: int
    platform: str
    outer_id: str
    author: str
    reach: int | None
    text: str
    url: str
    at: datetime
    state: str
    is_crisis: bool
    reasons: list[str]
    complaint: str

    @staticmethod
    def resolve_complaint(post: Post) -> str:
        return post.complaint.number


class PostIn(Schema):
    platform: str = Field(min_length=1, max_length=40)
    outer_id: str = Field(min_length=1, max_length=160)
    author_id: str = Field(min_length=1, max_length=120)
    author: str = Field("", max_length=80)
    reach: int | None = Field(None, ge=0, lt=2**31)
    text: str = Field(min_length=1, max_length=20_000)
    url: str = Field("", max_length=500, pattern=r"^(https?://.*)?$")
    at: datetime | None = None


class BroughtOut(Schema):
    id: int
    new: bool
    is_crisis: bool


class TextIn(Schema):
    text: str = Field("", max_length=5000, description="empty: the template of the house")


class SaidOut(Schema):
    message: int


@router.get("/posts", response=list[PostOut], summary="Posts about us (公开帖子)")
def list_posts(
    request: HuiyinRequest, view: str = "all", q: str = "", platform: str = "", before: str = ""
) -> list[Post]:
    """Fifty, the newest first, of complaints the caller sees; go on with `before` = the last id."""
    can_see_posts.require(request.user, None)
    asked = lists.read({"view": view, "q": q, "platform": platform, "before": before})
    return lists.page(asked, request.user)[0]


@router.post("/posts", response=BroughtOut, summary="Bring a post")
def bring_post(request: HuiyinRequest, data: PostIn) -> dict[str, Any]:
    """Known by platform and id: brought twice it is one."""
    can_bring_posts.require(request.user, None)
    words: dict[str, Any] = {
        k: v.replace("\x00", "") if isinstance(v, str) else v for k, v in data.dict().items()
    }
    post, new = take_post(Posted(**words), by=request.user)
    return {"id": post.pk, "new": new, "is_crisis": post.is_crisis}


@router.post("/posts/{post}/reply", response=SaidOut, summary="Answer in public")
def answer_publicly(
    request: HuiyinRequest,
    post: int,
    data: TextIn,
    idempotency_key: str = Header("", alias="Idempotency-Key"),  # type: ignore[type-arg]
) -> dict[str, int]:
    """With an `Idempotency-Key` the same sent again is said once."""
    said = actions.answer_publicly(
        _seen(request, post), by=request.user, text=data.text, key=idempotency_key
    )
    return {"message": said.pk}


@router.post("/posts/{post}/private", response=SaidOut, summary="Ask to go on in private")
def move_private(request: HuiyinRequest, post: int, data: TextIn) -> dict[str, int]:
    said = actions.move_private(_seen(request, post), by=request.user, text=data.text)
    return {"message": said.pk}


@router.get("/complaints/{number}/posts", response=list[PostOut], summary="Posts of a complaint")
def posts_of(request: HuiyinRequest, number: str) -> list[Post]:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    return list(complaint.posts.select_related("complaint")[:100])


class MissedOut(Schema):
    id: int
    name: str
    error: str
    state: str = Field(description="failed: given up; waiting: tried again by itself")


@router.get(
    "/complaints/{number}/missed-files",
    response=list[MissedOut],
    summary="Files of his messages that could not be had",
)
def missed_files(request: HuiyinRequest, number: str) -> list[File]:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    return list(complaint.social_files.missed()[:100])


@router.post(
    "/complaints/{number}/missed-files/{file}/fetch", response=MissedOut, summary="Fetch it again"
)
def fetch_file_again(request: HuiyinRequest, number: str, file: int) -> File:
    """409 when it is being fetched or here already."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    found = get_object_or_404(complaint.social_files.select_related("complaint"), pk=file)
    actions.fetch_again(found, by=request.user)
    found.refresh_from_db()
    return found


def _seen(request: HuiyinRequest, pk: int) -> Post:
    visible = Post.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("complaint__customer", "hook"), pk=pk)
