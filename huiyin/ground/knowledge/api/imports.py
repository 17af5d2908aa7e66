"""Files that become drafts."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile

from huiyin.ground.knowledge import actions
from huiyin.ground.web.http import HuiyinRequest

router = Router()


class ImportedOut(Schema):
    file: str
    title: str
    code: str = Field(description='"" where it was not taken')
    number: int | None
    fault: str


@router.post(
    "/knowledge/import", response=list[ImportedOut], summary="Markdown and Word become drafts"
)
def take_in(
    request: HuiyinRequest,
    files: File[list[UploadedFile]],
    kind: Form[Literal["", "policy", "law", "script", "article"]] = "",
) -> Any:
    return [
        {
            "file": row.file,
            "title": row.title,
            "code": row.version.article.code if row.version else "",
            "number": row.version.number if row.version else None,
            "fault": row.fault,
        }
        for row in actions.take_in(files, by=request.user, kind=kind)
    ]
