"""What articles and their versions look like to programs."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from huiyin.ground.knowledge.actions import Text
from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.words import Audience, Checked


class VersionOut(Schema):
    id: int
    code: str
    kind: str
    number: int
    state: str = Field(description="draft, review, published, expired")
    in_force: bool
    title: str
    body: str = Field(description="Markdown")
    title_en: str
    body_en: str
    basis: str
    source: str
    clause: str
    edition: str
    dated: date | None
    url: str
    checked: str
    audience: str
    roles: list[str]
    categories: list[str]
    remedies: list[str]
    steps: list[str]
    keywords: list[str]
    valid_from: date | None
    valid_to: date | None
    change: str
    author: str
    revision: int = Field(description="send it back when you change the draft")
    created_at: datetime
    submitted_at: datetime | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    review_note: str
    published_at: datetime | None

    @staticmethod
    def resolve_code(one: Version) -> str:
        return one.article.code

    @staticmethod
    def resolve_kind(one: Version) -> str:
        return one.article.kind

    @staticmethod
    def resolve_author(one: Version) -> str:
        return one.author.username

    @staticmethod
    def resolve_reviewed_by(one: Version) -> str | None:
        return one.reviewed_by.username if one.reviewed_by else None


class TextIn(Schema):
    title: str
    body: str = Field(description="Markdown, at most 20,000 characters")
    title_en: str = ""
    body_en: str = ""
    source: str = ""
    clause: str = ""
    edition: str = ""
    dated: date | None = None
    url: str = ""
    checked: str = Checked.HOUSE.value
    audience: str = Audience.AGENT.value
    roles: list[str] = []
    categories: list[str] = []
    remedies: list[str] = []
    steps: list[str] = []
    keywords: list[str] = []
    valid_from: date | None = None
    valid_to: date | None = None
    change: str = ""

    def text(self) -> Text:
        names = Text.__dataclass_fields__
        return Text(**{name: value for name, value in self.dict().items() if name in names})


class NoteIn(Schema):
    note: str = ""
