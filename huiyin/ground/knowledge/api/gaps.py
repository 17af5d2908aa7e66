"""What was searched for in vain."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.knowledge import actions
from huiyin.ground.web.http import HuiyinRequest

router = Router()


class SettleIn(Schema):
    words: str
    note: str


@router.post(
    "/knowledge/gaps/settling", response={204: None}, summary="A search in vain is dealt with"
)
def settle(request: HuiyinRequest, said: SettleIn) -> Any:
    actions.settle(said.words, by=request.user, note=said.note)
    return Answer(204, None)
