"""What the demonstration tells of social media and text messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from huiyin.ground import moment
from huiyin.journey.channels.sms.models import Text
from huiyin.journey.channels.social.models import Account, Post
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Letter, Part
from huiyin.surface.demo.story.networking import networking
from tests.conftest import at


def test_a_conversation_two_posts_and_a_thread_of_texts(li, zhou, manager):
    theatre = SimpleNamespace(ends=at("2026-11-29 12:00"), clocks_of=lambda _pk: None)
    people = {"li": li, "zhou": zhou, "gao": manager}
    for begins, acts in networking(people, theatre):  # type: ignore[arg-type]
        now: datetime | None = begins
        while now is not None:
            with moment.at(now):
                then = next(acts, None)
            assert then is None or then > now
            now = then
    channels = sorted(Complaint.objects.values_list("channel", flat=True))
    assert channels == ["sms", "social", "social", "social"]
    assert Account.objects.get().complaint.messages.count() == 4  # type: ignore[union-attr]
    assert Part.objects.filter(state="sent", letter__complaint__channel="social").count() == 2
    thread = Complaint.objects.get(channel="sms")
    assert [one.text for one in thread.messages.order_by("pk")][-1] == "四点以后"
    assert Text.objects.filter(complaint=thread).count() == 3
    assert sorted(Post.objects.values_list("state", "is_crisis")) == [
        ("moved", True),
        ("new", False),
    ]
    assert Event.objects.filter(what=What.MOVED_PRIVATE).count() == 1
    sent = Letter.objects.filter(purpose="reply")
    assert set(sent.values_list("state", flat=True)) == {"sent"}
    assert Account.objects.get().spoke_at + timedelta(hours=48) > theatre.ends  # type: ignore[operator]
