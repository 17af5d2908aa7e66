"""What is in force, found by its words."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Field, Router, Schema

from huiyin.ground.knowledge import actions
from huiyin.ground.knowledge.words import Kind, Place
from huiyin.ground.web.http import HuiyinRequest

router = Router()


class FoundOut(Schema):
    """A passage in force that can be quoted."""

    version_id: int = Field(description="quote this")
    code: str
    kind: str = Field(description="policy, law, script or article")
    title: str
    basis: str = Field(description="the line for a field of the legal basis")
    body: str = Field(description="without marks, as it goes into a letter")
    excerpt: str
    audience: str
    checked: str
    ends_on: date | None = Field(description="where it ends within 30 days")
    used: int
    helped: int


@router.get("/knowledge", response=list[FoundOut], summary="Find what is in force")
def found(
    request: HuiyinRequest,
    q: Annotated[str, Field(max_length=200, description="words of any length, one too")] = "",
    kind: str = "",
    category: str = "",
    remedy: str = "",
    step: str = "",
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> Any:
    rows = actions.find(
        request.user,
        q,
        kinds=(kind,) if kind in Kind.values else (),
        category=category[:20],
        remedy=remedy[:20],
        step=step[:10],
        limit=limit,
    )
    if q.strip() and not rows and not (kind or category or remedy or step):
        actions.missed(q, place=Place.API, user=request.user)
    return rows
