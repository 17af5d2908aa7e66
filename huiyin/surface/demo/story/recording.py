"""A call that was recorded: listened to, written down, one place of it held up for the finding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.recordings import actions
from huiyin.journey.channels.recordings.rules.frames import Floats
from huiyin.journey.channels.recordings.rules.synthesis import Said, lane, tune, wav
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import Description, add_evidence
from huiyin.surface.demo.theatre import Acts, Theatre

RATE = 8000
SECONDS = 58.0
# (who, from, to, words); the voices are made to fit.
Line = tuple[str, float, float, str]
LINES: Sequence[Line] = (
    ("agent", 0.6, 4.0, "您好，云朵家客服，请问有什么可以帮您？"),
    ("customer", 4.8, 10.2, "我上周打过电话，你们说三天之内一定给我回复，到现在也没人联系我。"),
    ("agent", 11.0, 14.2, "很抱歉让您久等，我先查一下处理记录。"),
    ("customer", 13.2, 16.4, "每次都说查一下，你们到底查到什么了？"),
    ("agent", 18.9, 22.0, "请您稍等，我请示一下主管，大概半分钟。"),
    ("agent", 41.5, 46.0, "谢谢您的等待，主管同意今天下午六点前给您明确答复。"),
    ("customer", 46.6, 49.8, "那我手机号没变，还是 13800138000，别再忘了。"),
    ("agent", 50.6, 54.6, "好的，我记下了，六点前一定给您回电。"),
)
CONSENT: Sequence[Line] = (
    ("agent", 0.5, 6.2, "跟您确认一下：按刚才说的方案处理，您看可以吗？"),
    ("customer", 7.0, 8.1, "可以"),
    ("agent", 8.8, 10.4, "好的，谢谢您。"),
)
VOICES = {"customer": (215.0, 5.2, -18.0), "agent": (125.0, 4.4, -23.0)}
HOLD = (23.0, 40.5)


def recording(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    return [(theatre.ends - timedelta(hours=20), _day(people))]


def _day(people: dict[str, User]) -> Acts:
    agent = people["li"]
    taken = Complaint.objects.filter(assignee=agent, status__in=WORKING)
    complaint = taken.filter(channel="phone").order_by("-pk").first() or taken.first()
    if complaint is None:
        return
    evidence = add_evidence(
        complaint,
        by=agent,
        upload=SimpleUploadedFile("客户来电录音.wav", sound(), "audio/wav"),
        internal=True,
        described=Description(about="客户催问进度的来电", happened_at=moment.now()),
    )
    kept = actions.recording_of(evidence)
    actions.analyse(kept)
    kept.refresh_from_db()
    kept.evidence, kept.complaint = evidence, complaint
    yield moment.now() + timedelta(minutes=30)
    lines = [
        {"begin": begin, "end": end, "speaker": who, "text": words}
        for who, begin, end, words in LINES
    ]
    actions.write(kept, by=agent, lines=lines, token="0")  # noqa: S106 — it begins from none
    actions.tell_holds(kept, by=agent, spans=[HOLD])
    yield moment.now() + timedelta(minutes=10)
    actions.quote(
        kept, by=agent, begin=41.5, end=46.0, words="答应当天 18:00 前答复", into="finding"
    )


def sound() -> bytes:
    """Both sides, as an exchange records them."""
    sides = _sides(LINES, SECONDS)
    music = tune(HOLD[1] - HOLD[0], RATE, -27)
    begin = int(HOLD[0] * RATE)
    sides[1][begin : begin + len(music)] += music
    return wav(sides, RATE, law=True)


@cache
def consent() -> bytes:
    """Eleven seconds in which the agent reads out what is agreed, and the customer says yes."""
    return wav(_sides(CONSENT, 11.0), RATE, law=True)


def _sides(lines: Sequence[Line], seconds: float) -> list[Floats]:
    sides = []
    for number, who in enumerate(("customer", "agent")):
        f0, pace, level = VOICES[who]
        turns = [Said(a, b - a, f0, pace, level) for one, a, b, _words in lines if one == who]
        sides.append(lane(turns, seconds, RATE, noise=-62, seed=number + 1))
    return sides
