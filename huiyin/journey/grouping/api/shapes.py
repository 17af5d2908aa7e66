"""What programs read and write of bonds and incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from huiyin.journey.grouping import actions, rules
from huiyin.journey.grouping.actions import Tie
from huiyin.journey.grouping.models import Entry, Incident, Membership
from huiyin.journey.grouping.words import BondKind, EntryKind, LinkNature, SplitReason


class TieOut(Schema):
    """A bond as one end sees it. Whose other end the caller may not see is left out."""

    id: int
    kind: BondKind
    nature: str = Field(description="of a link: duplicate, related, same_customer or cause")
    side: str = Field(description="which side the asked complaint is on: member, master, …")
    other: str = Field(description="number of the other end")
    other_status: str
    reason: str
    by: str
    at: datetime
    can_be_undone: bool

    @staticmethod
    def resolve_id(tie: Tie) -> int:
        return tie.bond.pk

    @staticmethod
    def resolve_kind(tie: Tie) -> str:
        return tie.bond.kind

    @staticmethod
    def resolve_nature(tie: Tie) -> str:
        return tie.bond.nature

    @staticmethod
    def resolve_side(tie: Tie) -> str:
        return actions.side_of(tie.bond, tie.complaint.pk)

    @staticmethod
    def resolve_other(tie: Tie) -> str:
        return tie.complaint.number

    @staticmethod
    def resolve_other_status(tie: Tie) -> str:
        return tie.complaint.status

    @staticmethod
    def resolve_reason(tie: Tie) -> str:
        return tie.bond.reason

    @staticmethod
    def resolve_by(tie: Tie) -> str:
        return tie.bond.by.username

    @staticmethod
    def resolve_at(tie: Tie) -> datetime:
        return tie.bond.at

    @staticmethod
    def resolve_can_be_undone(tie: Tie) -> bool:
        return tie.is_undoable


class GroupOut(Schema):
    ties: list[TieOut]
    incident: int | None = Field(description="id of the mass incident it is part of")
    split_reasons: list[SplitReason] = Field(description="why it should be split, if it should")


class LinkIn(Schema):
    other: str = Field(description="number of the other complaint")
    nature: LinkNature = Field(description="cause: the other is what this one came from")
    reason: str = ""


class MergeIn(Schema):
    into: str = Field(description="number of the master")
    reason: str


class WhyIn(Schema):
    reason: str = ""


class ItemIn(Schema):
    text: str
    wanted: str = ""
    category: str = Field("", description="code; empty lets triage decide")
    severity: int | None = Field(None, ge=1, le=4)
    concerning: str = ""
    evidence: list[UUID] = Field([], description="files of the original that belong to it")


class SplitIn(Schema):
    items: list[ItemIn] = Field(description="two to six")
    reason: str


class TextIn(Schema):
    text: str = Field(description="{name}, {number}, {organisation} become each customer's own")


class IncidentOut(Schema):
    id: int
    title: str
    state: str
    category: str
    concerning: str
    region: str
    owner: str
    members: int
    unsettled: int
    finding: str
    at: datetime
    last_activity_at: datetime
    ended_at: datetime | None

    @staticmethod
    def resolve_owner(one: Incident) -> str:
        return one.owner.username


class IncidentIn(Schema):
    title: str
    category: str = ""
    concerning: str = ""
    region: str = ""
    owner: str | None = Field(None, description="sign-in name; without it the caller")


class JoinIn(Schema):
    numbers: list[str] = Field(max_length=rules.MOST_JOINED_AT_ONCE)


class JoinedOut(Schema):
    number: str
    refusal: str = Field(description="why it did not join; empty when it did")


class MembershipOut(Schema):
    id: int
    complaint: str
    status: str
    at: datetime

    @staticmethod
    def resolve_complaint(one: Membership) -> str:
        return one.complaint.number

    @staticmethod
    def resolve_status(one: Membership) -> str:
        return one.complaint.status


class EntryIn(Schema):
    kind: EntryKind = Field(description="note, progress (read by customers) or finding")
    text: str


class EntryOut(Schema):
    id: int
    kind: str
    text: str
    by: str
    at: datetime

    @staticmethod
    def resolve_by(entry: Entry) -> str:
        return entry.by.username


class NoticeIn(TextIn):
    text_en: str = ""
    key: UUID = Field(description="made up by the caller; the same again sends nothing twice")


class PreviewOut(Schema):
    total: int
    by_mail: int
    written: int
    at_portal: int
    left_out: int
    sample: str


class NoticeOut(Schema):
    id: int
    text: str
    by: str
    at: datetime
    total: int
    told: int
    waiting: int
    refused: int

    @staticmethod
    def resolve_by(told: dict[str, Any]) -> str:
        return str(told["notice"].by.username)
