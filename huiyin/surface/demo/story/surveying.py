"""What customers say at the end: surveys that go out after closing, answered by every second, one
reminder, calls after a low score. The same in every run: chance is the number of the complaint."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.survey import actions
from huiyin.journey.survey.models import Invitation, SendRule, Survey
from huiyin.journey.survey.words import After
from huiyin.surface.demo.story.story import waking
from huiyin.surface.demo.theatre import Acts, Theatre

TURN = timedelta(hours=12)
ANSWERING = 62  # of a hundred who are asked
CALLED_AFTER = timedelta(hours=20)
HAPPY = (
    "处理得很快，第二天就解决了，谢谢客服小哥。",
    "",
    "态度很好，每一步都打电话告诉我。",
    "退款准时到账，满意。",
    "",
    "师傅上门很准时，换的新件没有问题。",
    "没想到周末也有人处理。",
)
FAIR = (
    "结果可以，就是等得有点久，催了两次。",
    "",
    "要是能早点说明原因就好了。",
    "同一件事跟三个人讲了三遍。",
)
UNHAPPY = (
    "拖了半个月，每次都说在处理，太失望了。",
    "钱退了，但是从头到尾没有一句道歉，很生气。",
    "电饭煲还是不加热，根本没有解决，客服态度敷衍。",
    "补偿太少，跟当初答应的不一样。",
    "快递又送错了，一直没人回电话。",
)
MISSING = ("slow", "unsolved", "unexplained", "attitude", "amount", "repeat")
WHY_NOT_MORE = ("配送再快一点。", "客服电话太难打通了。", "希望一次说清楚。", "")
CALLED = "已向客户道歉，说明了经过，客户表示理解；同样的问题已提醒经办人。"


def surveying(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """From the first day to the last, twice a day."""
    Survey.objects.update(enabled=True)
    SendRule.objects.filter(after=After.CLOSED).update(enabled=True)
    SendRule.objects.filter(after=After.VISITED).update(enabled=True, percent=45, delay_hours=1)
    return [(theatre.began + TURN, _days(theatre))]


def _days(theatre: Theatre) -> Acts:
    while True:
        actions.send_due()
        actions.remind_due()
        for invitation in _ready():
            _answer(invitation)
        _call_back(theatre)
        yield waking(moment.now() + TURN)


def _ready() -> Iterator[Invitation]:
    """Those who answer in this turn; the others have no time today, or ever."""
    now = moment.now()
    related = ("version", "survey", "complaint")
    for one in Invitation.objects.alive(now).select_related(*related).order_by("pk"):
        chance = _chance(one.complaint, "answers")
        waits = timedelta(hours=6 + 14 * (chance % 5))
        if chance % 100 < ANSWERING and one.sent_at and now - one.sent_at >= waits:
            yield one


def _chance(complaint: Complaint, what: str) -> int:
    return zlib.crc32(f"{what} {complaint.number}".encode())


def _answer(invitation: Invitation) -> None:
    complaint = invitation.complaint
    turn = _chance(complaint, "says")
    raw = _of_nps(turn) if invitation.survey.code == "recommend" else _of_handling(turn)
    actions.answer(invitation, raw, consent=turn % 5 < 2)


def _of_handling(turn: int) -> dict[str, object]:
    score = (5, 4, 5, 4, 5, 3, 4, 5, 2, 4, 5, 1, 4, 5, 3)[turn % 15]
    words = HAPPY if score > 3 else FAIR if score == 3 else UNHAPPY
    said: dict[str, object] = {
        "q1": str(score),
        "q2": "yes" if score > 2 or turn % 3 == 0 else "no",
        "q4": str(max(1, min(7, score + 2 - turn % 3))),
        "q5": words[turn // 15 % len(words)],
    }
    if score <= 3:
        said["q3"] = [MISSING[turn % 6], MISSING[turn // 7 % 6]]
    return said


def _of_nps(turn: int) -> dict[str, object]:
    score = (9, 10, 8, 10, 6, 9, 7, 10, 4, 9, 8, 10)[turn % 12]
    if score >= 9:
        return {"q1": str(score), "q3": HAPPY[turn // 12 % len(HAPPY)]}
    return {"q1": str(score), "q2": WHY_NOT_MORE[turn // 12 % len(WHY_NOT_MORE)]}


def _call_back(theatre: Theatre) -> None:
    """The supervisor has called those who were not content; the last ones still wait."""
    due = Callback.objects.open().filter(
        kind=CallbackKind.LOW_SCORE, at__lte=moment.now() - CALLED_AFTER
    )
    for one in due.select_related("complaint__team__duty_supervisor"):
        team = one.complaint.team
        by = team.duty_supervisor if team else None
        if by is not None:
            callbacks.answer(one, by=by, result="talked", words=CALLED)
            theatre.clocks_of(one.complaint_id)
