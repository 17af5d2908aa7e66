"""Options as tests propose them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import User
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.actions import Draft
from huiyin.journey.resolution.models import Remedy


def draft(remedy: str, fen: int = 0, **told: Any) -> Draft:
    return Draft(
        remedy=Remedy.objects.get(code=remedy),
        basis=told.pop("basis", "售后条款 3.2"),
        wording=told.pop("wording", ""),
        due_on=moment.today() + timedelta(days=3),
        amount_fen=fen,
        **told,
    )


def round_of(complaint, by, *drafts):
    return actions.propose_round(complaint, by=by, drafts=drafts)


def anew(user):
    return User.objects.get(pk=user.pk)


def customer(n):
    return find_or_create(Contact(name=f"客户{n}", phone=f"1390002{n:04d}", email=""))
