"""Answers of ours by each way that is carried by another system, and what came of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.channels.house import House
from tests.social.standin import Standin

WAYS = ("texts", "gate", "wechat", "wecom", "mastodon")  # feeders whose customers get one
PICTURED = ("wechat", "wecom")  # with a picture, which is a message of its own
QUEUE = """
from django.core.files.uploadedfile import SimpleUploadedFile
from huiyin.surface.demo.files import png
from huiyin.ground.people.models import User
from huiyin.journey.channels.social.actions import answer_publicly
from huiyin.journey.channels.social.models import Post
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions
boss = User.objects.create_user("boss", "correct horse", name="经理", roles=["manager"])
told = []
for complaint in Complaint.objects.filter(channel__in=("social", "sms")):
    name = complaint.text.partition(" ")[0]
    if name not in %(ways)r:
        continue
    text = f"答复 {complaint.text.partition('：')[0]}。"
    post = Post.objects.filter(complaint=complaint).first()
    if name in %(pictured)r:
        upload = SimpleUploadedFile("图.png", png(3) + f"图 {text}".encode())
        picture = actions.add_evidence(complaint, by=boss, upload=upload)
        actions.reply(complaint, by=boss, text=text, channel="social", attached=[picture])
    elif post is None:
        actions.reply(complaint, by=boss, text=text, channel=complaint.channel)
    else:
        answer_publicly(post, by=boss, text=text)
    told.append(text)
"""
STATES = """
from huiyin.journey.conversation.models import Letter
rows = Letter.objects.filter(body__startswith="答复 ")
told = list(rows.values_list("body", "state", "error"))
"""
OPEN = "SELECT count(*) FROM conversation_letter WHERE state = 'queued' AND body LIKE '答复 %'"


def queue(house: House) -> list[str]:
    return list(house.each([QUEUE % {"ways": WAYS, "pictured": PICTURED}])[0])


def arrived(outside: Standin) -> Counter[str]:
    """How often each is with its customer."""
    texts = [_text_of(one) for one in outside.sent]
    return Counter(text[text.index("答复 ") :] for text in texts if "答复 " in text)


def pictures(outside: Standin) -> Counter[str]:
    """The same of the pictures: each names its answer after its last bytes."""
    shown = [one["image"]["media_id"] for one in outside.sent if one.get("msgtype") == "image"]
    data = [outside.given[media]["data"].rpartition("图 ".encode())[2] for media in shown]
    return Counter(one.decode() for one in data)


def _text_of(told: dict[str, Any]) -> str:
    said = told.get("text") or told.get("status") or ""
    return str(said["content"] if isinstance(said, dict) else said)


def faults(house: House, outside: Standin, queued: list[str]) -> tuple[list[str], int]:
    """What is wrong with the answers, and how many nobody knows of: WeChat has no key of ours, so
    what may have arrived is shown to a person and not sent again by a machine."""
    there, wrong, shown, known = arrived(outside), list[str](), 0, set[str]()
    seen = pictures(outside)
    for text, state, error in house.each([STATES])[0]:
        known.add(text)
        times, pictured = there[text], text.split()[1] in PICTURED
        told = max(times, seen[text]) <= 1 and "可能已经发出" in error
        if "wechat" in text and state == "failed" and told:
            shown += 1
        elif (state, times, seen[text]) != ("sent", 1, int(pictured)):
            wrong.append(f"{text} {state} {times} and {seen[text]} times: {error}")
    return wrong + [f"{text} is no letter" for text in set(queued) - known], shown
