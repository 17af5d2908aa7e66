"""Cases for the composer, and what its form sends."""

from __future__ import annotations

import itertools
from datetime import timedelta

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.journey.complaint.words import What
from huiyin.journey.resolution.fitting import Case
from huiyin.surface.composer import actions, precedents, proposing
from tests.roads import close, feed_back, solved

NUMBERS = itertools.count(10_000_000)


ANSWERS = {"card": "money", "paid": 300000, "face": 400000, "used": 100000, "fault": "trader"}


def address(complaint, rest="") -> str:
    return f"/complaints/{complaint.number}/options/{rest}"


def option(place=1, remedy="RMD.04", **said) -> dict[str, str]:
    """One option as the form sends it."""
    typed = {
        "remedy": remedy,
        "amount": "30",
        "order": "600",
        "basis": "《消费者权益保护法》第二十四条",
        "wording": "退您 30 元，商品您留用。",
        "due_on": (moment.today() + timedelta(days=3)).isoformat(),
        **said,
    }
    if remedy == "RMD.04":
        typed = {"f-defect": "锅盖划痕", "f-keeps": "keep"} | typed
    return {f"o{place}-{name}": value for name, value in typed.items()}


def proposed(user, complaint):
    found = precedents.find(user, complaint)
    return proposing.propose(user, Case(complaint), found)


def somebody_else():
    """Another customer each time, so that sums do not count together."""
    number = f"139{next(NUMBERS):08d}"
    return find_or_create(Contact(name="李雷", phone=number))


def ended(make_complaint, team, li, *, category, fen=500, satisfaction="satisfied", **fields):
    """A complaint that went all the way, is closed, and is remembered."""
    fields.setdefault("customer", somebody_else())
    fields.setdefault("order_no", "D20261125001")
    it = solved(make_complaint, team, li, fen=fen, category=category, **fields)
    feed_back(it, li)
    close(it, li, satisfaction=satisfaction)
    for event in it.events.filter(what__in=(What.CLOSED, What.REOPENED)):
        actions.remember(event)
    return it
