"""Loading the demonstration into an empty database: whole, or not at all."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Mod

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState
from huiyin.journey.intake.actions import save_draft
from huiyin.surface.demo import cast, plan
from huiyin.surface.demo.story import lived
from huiyin.surface.demo.story.asking import asking
from huiyin.surface.demo.story.calling import calling
from huiyin.surface.demo.story.chatting import chatting
from huiyin.surface.demo.story.duty import absent, duty, set_up
from huiyin.surface.demo.story.improving import improving
from huiyin.surface.demo.story.knowing import know
from huiyin.surface.demo.story.mailing import mailing
from huiyin.surface.demo.story.negotiating import negotiating
from huiyin.surface.demo.story.networking import networking
from huiyin.surface.demo.story.papering import papering
from huiyin.surface.demo.story.recording import recording
from huiyin.surface.demo.story.rhythm import pausing
from huiyin.surface.demo.story.surveying import surveying
from huiyin.surface.demo.story.together import together
from huiyin.surface.demo.story.watch import watch
from huiyin.surface.demo.theatre import Theatre
from huiyin.surface.notices.models import Notice

DAYS = 60
DRAFTS = (
    ("li", "客户说昨天送到的餐桌有一条腿短了一截，放不平，照片稍后发来，要求"),
    ("li", "电话中断，客户姓高，门铃装上以后一直自己响，回拨两次未接"),
    ("cao_y", "到店来访：购物卡余额与小票不一致，差 63 元，正在等收银主管核对"),
    ("zhou", "市民热线转来，地面停车位被广告牌占用，等现场照片"),
)


def is_empty() -> bool:
    return not (User.objects.people().exists() or Complaint.objects.exists())


# What happens beside the ordinary road, each told in the file of its name.
BESIDE_THE_ROAD = (
    asking,
    pausing,
    watch,
    negotiating,
    together,
    duty,
    surveying,
    improving,
    chatting,
    mailing,
    recording,
    calling,
    papering,
    networking,
)


@transaction.atomic
def load(*, progress: Callable[[int], None] | None = None) -> int:
    """Live through the last sixty days; returns how many complaints there are now."""
    now = moment.now()
    theatre = Theatre(now - timedelta(days=DAYS), now, progress)
    people = cast.enter()
    set_up(people, now)
    _plan_as_written()
    with theatre.queue(), _all_or_nothing():
        for story in plan.stories(people, theatre):
            theatre.enter(story.received_at, lived(story))
        for told in BESIDE_THE_ROAD:
            for when, acts in told(people, theatre):
                theatre.enter(when, acts)
        theatre.play()
        know(people, now)
        _deliver_letters()
        _read_notices(now)
    _begin_drafts(people)
    User.objects.filter(username="wu_x").update(presence=Presence.BREAK)
    User.objects.filter(username="feng_l").update(presence=Presence.AWAY)
    absent(people)
    return Complaint.objects.count()


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """No savepoint around each act: one that fails ends the whole load, and a tenth of it is won.

    Nothing here catches a refusal and goes on, so there is nothing to roll back to. The garbage
    collector rests too: it would look through the lexicons again and again, and finds nothing.
    """
    before, collected = connection.features.uses_savepoints, gc.isenabled()
    connection.features.uses_savepoints = False
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()
        connection.features.uses_savepoints = before


def _plan_as_written() -> None:
    """All tables are small yet: looking for the best order of joins costs more than any order."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL join_collapse_limit = 1")


def _deliver_letters() -> None:
    """Letters of past days have gone out; none of them is ever really sent to anybody."""
    letters = list(Letter.objects.filter(state=LetterState.QUEUED).order_by("pk"))
    for turn, letter in enumerate(letters, 1):
        letter.state = LetterState.SENT
        letter.tries, letter.sent_at = 1, letter.created_at + timedelta(seconds=8)
        if turn % 37 == 0 and letter.channel == Channel.EMAIL:
            letter.state, letter.sent_at, letter.tries = LetterState.FAILED, None, 5
            letter.error = _("对方不接收这个地址：%(said)s") % {"said": "550 mailbox unavailable"}
    Letter.objects.bulk_update(letters, ["state", "tries", "sent_at", "error"], batch_size=200)


def _read_notices(now: datetime) -> None:
    """People have read what is older than yesterday, and some of the rest."""
    fresh = Notice.objects.annotate(turn=Mod("pk", 40)).filter(read_at=None)
    seen = Q(at__lt=now - timedelta(hours=20), turn__gt=0) | Q(turn__lt=10)
    fresh.filter(seen, at__lt=now - timedelta(minutes=20)).update(
        read_at=F("at") + timedelta(minutes=17)
    )


def _begin_drafts(people: dict[str, User]) -> None:
    """What somebody was typing when the phone rang again."""
    for number, (who, text) in enumerate(DRAFTS):
        content = {"channel": "phone", "name": "", "phone": "", "text": text}
        save_draft(UUID(int=number + 1), by=people[who], content=content)
