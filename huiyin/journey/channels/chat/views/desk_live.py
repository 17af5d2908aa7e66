"""The stream of the desk: that something happened, and where."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.channels.chat import rules
from huiyin.journey.channels.chat.hub import Ear
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.permissions import can_sit
from huiyin.journey.channels.chat.streaming import desk_events


@login_required
@require_GET
def desk_live(request: HttpRequest) -> StreamingHttpResponse:
    """GET /chats/live/?chat=<uid>: `changed` for one's own chats, for the queue of one's teams, and
    for the one chat that is looked at."""
    user = request.user
    assert isinstance(user, User)
    can_sit.require(user, None)
    ear = Ear(
        chat=_watched(user, request.GET.get("chat", "")),
        user=user.pk,
        teams=frozenset(user.team_ids),
        every=user.has_role(Role.MANAGER),
    )
    answer = StreamingHttpResponse(desk_events(ear), content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _watched(user: User, uid: str) -> int:
    if (wanted := rules.read_uid(uid)) is None:
        return 0
    seen = Chat.objects.visible_to(user).filter(uid=wanted)
    return seen.values_list("pk", flat=True).first() or 0
