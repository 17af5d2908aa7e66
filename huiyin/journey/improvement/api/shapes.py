"""What programs send and read of improvements and bulletins."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Schema

from huiyin.ground.people.models import Department, User
from huiyin.ground.worktime.words import Unit
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Bulletin, Improvement, Line, PlanStep, Reading, Report


class KindOut(Schema):
    code: str
    name_zh: str
    name_en: str
    department_code: str
    causes: list[str] = Field(description="findings with these causes begin with this kind")
    amount: Decimal
    unit: str
    effect_days: int
    target_percent: int


class DraftOut(Schema):
    kind: str | None = Field(description="code of the kind that the cause calls for")
    department: str | None = Field(description="code of who would own it")
    title: str
    text: str

    @staticmethod
    def resolve_kind(one: actions.Draft) -> str | None:
        return one.kind.code if one.kind else None

    @staticmethod
    def resolve_department(one: actions.Draft) -> str | None:
        return one.department.code if one.department else None


class ImprovementOut(Schema):
    id: int
    number: str
    title: str
    text: str
    kind: str = Field(description="code of the kind")
    trigger: str
    stage: str
    department: str | None
    person: str | None
    amount: Decimal
    unit: str
    category: str
    object_field: str
    object_value: str
    by: str
    at: datetime
    opened_at: datetime | None
    due_at: datetime | None
    first_due_at: datetime | None
    late: bool
    done_at: datetime | None
    verified_at: datetime | None
    effect_due_at: datetime | None
    ended_at: datetime | None
    words: str
    again_of: int | None

    @staticmethod
    def resolve_kind(one: Improvement) -> str:
        return one.kind.code

    @staticmethod
    def resolve_department(one: Improvement) -> str | None:
        return one.department.code if one.department else None

    @staticmethod
    def resolve_person(one: Improvement) -> str | None:
        return one.person.username if one.person else None

    @staticmethod
    def resolve_by(one: Improvement) -> str:
        return one.by.username

    @staticmethod
    def resolve_again_of(one: Improvement) -> int | None:
        return one.again_of_id


class ImprovementPage(Schema):
    items: list[ImprovementOut]
    next_after: int | None = Field(description="give it as ?after= for the next page")


class FiguresOut(Schema):
    days: int
    due: int
    kept: int
    kept_percent: int | None
    checked: int
    helped: int
    helped_percent: int | None


class StepOut(Schema):
    id: int
    text: str
    done_at: datetime | None
    done_by: str | None

    @staticmethod
    def resolve_done_by(one: PlanStep) -> str | None:
        return one.done_by.username if one.done_by else None


class ReportOut(Schema):
    id: int
    text: str
    files: list[str]
    late: bool
    by: str
    at: datetime
    verdict: str
    note: str
    verified_by: str | None
    verified_at: datetime | None

    @staticmethod
    def resolve_files(one: Report) -> list[str]:
        return [str(file.uuid) for file in one.files.all()]

    @staticmethod
    def resolve_by(one: Report) -> str:
        return one.by.username

    @staticmethod
    def resolve_verified_by(one: Report) -> str | None:
        return one.verified_by.username if one.verified_by else None


class LineOut(Schema):
    act: str
    text: str
    by: str
    at: datetime

    @staticmethod
    def resolve_by(one: Line) -> str:
        return one.by.username


class CheckOut(Schema):
    before: int
    before_of: int
    before_rate: float = Field(description="of a thousand complaints")
    after: int
    after_of: int
    after_rate: float
    before_from: datetime
    before_to: datetime
    after_from: datetime
    after_to: datetime
    suggests: bool = Field(description="the numbers say that it helped")


class OwnerIn(Schema):
    department: str = Field("", description="code of the department")
    person: str = Field("", description="login of the owner")
    amount: Decimal | None = Field(None, description="empty: what the kind gives")
    unit: Unit | None = None

    @property
    def owner(self) -> dict[str, Any]:
        department = person = None
        if self.department:
            department = get_object_or_404(Department.objects.in_use(), code=self.department)
        if self.person:
            person = get_object_or_404(User.objects.active(), username=self.person)
        return {
            "department": department,
            "person": person,
            "amount": self.amount,
            "unit": self.unit or "",
        }


class PlanIn(OwnerIn):
    kind: str
    title: str
    text: str = ""
    object_field: str = Field("", description="key of the custom field the effect is measured by")
    object_value: str = ""

    @property
    def plan(self) -> actions.Plan:
        return actions.Plan(
            kind=self.kind,
            title=self.title,
            text=self.text,
            object_field=self.object_field,
            object_value=self.object_value,
            **self.owner,
        )


class ChangeIn(OwnerIn):
    reason: str


class WordsIn(Schema):
    words: str


class SourcesIn(Schema):
    numbers: list[str]


class StepIn(Schema):
    text: str


class TickIn(Schema):
    done: bool


class VerificationIn(Schema):
    report: int
    passed: bool
    note: str = ""
    amount: Decimal | None = None
    unit: Unit | None = None


class JudgementIn(Schema):
    effective: bool
    words: str = ""


class CountedOut(Schema):
    counted: int
    items: list[str] = Field(description="numbers of those that you see")
    next_after: int | None


class BulletinOut(Schema):
    id: int
    title: str
    text: str
    by: str
    at: datetime
    due_at: datetime
    to_all: bool
    reminders: int = Field(description="by itself, once it was overdue")
    reminded_at: datetime | None
    hand_reminders: int
    heads_told_at: datetime | None
    withdrawn_at: datetime | None
    improvement: int | None

    @staticmethod
    def resolve_by(one: Bulletin) -> str:
        return one.by.username

    @staticmethod
    def resolve_improvement(one: Bulletin) -> int | None:
        return one.improvement_id


class BulletinIn(Schema):
    title: str
    text: str
    due_at: datetime
    to_all: bool = False
    teams: list[str] = []
    departments: list[str] = []
    improvement: int | None = None


class ReadingOut(Schema):
    user: str
    read_at: datetime | None

    @staticmethod
    def resolve_user(one: Reading) -> str:
        return one.user.username
