"""Sealing the archive: a digest over everything that stands there, counted again at any time."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef

from huiyin.ground import moment
from huiyin.ground.sentence import Sentence, keep
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure.models import Seal
from huiyin.journey.complaint.models import Complaint, ComplaintAccess, Event
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.models import Custody, Letter

logger = logging.getLogger(__name__)

# The stages whose records make up a complaint. What goes on after the archive (surveys, what is
# improved) is not part of it.
SEALED = frozenset(
    {
        *("complaint", "conversation", "intake", "triage", "routing", "clocks", "cooperation"),
        *("supervision", "callbacks", "investigation", "guidance", "resolution", "consent"),
        *("execution", "promises", "closure"),
    }
)
# Who may look at it and who did, whether a letter got through, and the seal itself are no part.
LEFT_OUT = (ComplaintAccess, Custody, Letter, Seal)
MOVING = {
    "complaint_complaint": {
        *("search", "restricted", "last_activity_at", "next_due_at", "next_due_kind"),
        *("waits_for", "tracking_code"),
    },
    "conversation_evidence": {"held", "privacy", "about", "kind", "happened_at", "place", "source"},
    # A case is judged on its own, later too.
    "closure_case": {
        *("title", "story", "handling", "lesson", "state", "note", "judged_by_id", "judged_at")
    },
}
BATCH = 500
NOBODY = -1  # no complaint has this id


def seal(event: Any) -> None:
    """Follow the archiving, in its transaction: no archive without a seal."""
    _seal(event.complaint)


def _seal(complaint: Complaint) -> Seal:
    tables = {table: _digest(rows, fields) for table, rows, fields in _everything(complaint.pk)}
    found: Seal = Seal.objects.create(
        complaint=complaint, digest=_over(tables), tables=tables, at=moment.now()
    )
    return found


def seal_unsealed() -> int:
    """What was archived before there were seals gets one now. Safe to run twice."""
    sealed = Exists(Seal.objects.filter(complaint=OuterRef("pk")))
    left = Complaint.objects.filter(~sealed, status=Status.ARC).order_by("pk")[:BATCH]
    for complaint in left:
        with transaction.atomic():
            Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
            if not complaint.seals.exists():
                _seal(complaint)
    return len(left)


@dataclass(frozen=True)
class Broken:
    """A table of a complaint that is not what it was; "" when there is no seal at all."""

    number: str
    table: str
    was: int
    now: int


def broken(complaint: Complaint) -> list[Broken]:
    """Every table that is not as it was sealed. Events may be added: they say themselves when."""
    found = complaint.seals.first()
    if found is None:
        return [Broken(complaint.number, "", 0, 0)]
    wrong = [] if _over(found.tables) == found.digest else [Broken(complaint.number, "seal", 0, 0)]
    models_ = {model._meta.db_table: (model, path) for model, path in _tables()}
    there = {table for table, rows, _fields in _everything(complaint.pk)}
    for table in sorted(there | set(found.tables)):
        was = found.tables.get(table)
        if table not in models_:  # the stage is gone: nothing to compare with
            continue
        model, path = models_[table]
        rows = _rows(model, path, complaint.pk)
        if was is None:
            if model is not Event and rows.exists():
                wrong.append(Broken(complaint.number, table, 0, rows.count()))
            continue
        if model is Event:
            rows = rows.filter(pk__lte=was["last"])
        now = _digest(list(rows), was["fields"])
        if now["sha256"] != was["sha256"]:
            wrong.append(Broken(complaint.number, table, was["rows"], now["rows"]))
    return wrong


def check_all(after: int = 0) -> Iterator[tuple[int, list[Broken]]]:
    """Every archived complaint in turn, with what is wrong."""
    while True:
        page = Complaint.objects.filter(status=Status.ARC, pk__gt=after).order_by("pk")[:BATCH]
        for complaint in page:
            yield complaint.pk, broken(complaint)
        if len(page) < BATCH:
            return
        after = page[len(page) - 1].pk


# --- what belongs to a complaint -----------------------------------------------------------------


@cache
def _tables() -> list[tuple[type[models.Model], str]]:
    """Each model with the way from its row to the complaint: its own, or its parent's."""
    found: dict[type[models.Model], str] = {Complaint: "pk"}
    for relation in Complaint._meta.related_objects:
        model = relation.related_model
        if _counts(model) and relation.field.name == "complaint":
            found[model] = "complaint"
    for parent in [model for model in found if model is not Complaint]:
        for relation in parent._meta.related_objects:
            model = relation.related_model
            forward = relation.field
            if _counts(model) and model not in found and isinstance(forward, models.ForeignKey):
                found[model] = f"{forward.name}__complaint"
    return sorted(found.items(), key=lambda pair: pair[0]._meta.db_table)


def _counts(model: Any) -> bool:
    return model._meta.app_label in SEALED and model not in LEFT_OUT


def _rows(model: Any, path: str, pk: int) -> Any:
    """Those of one complaint, without the clocks of improvements, which run on."""
    found = model._default_manager.filter(**{path: pk}).order_by("pk")
    if model is Clock:
        return found.exclude(kind=ClockKind.IMPROVEMENT)
    if path == "clock__complaint":
        return found.exclude(clock__kind=ClockKind.IMPROVEMENT)
    return found


def _everything(pk: int) -> Iterator[tuple[str, list[models.Model], list[str]]]:
    """Table, rows and fields of whatever there is; tables without a row are left out."""
    for model, path in _filled(pk):
        rows = list(_rows(model, path, pk))
        table = model._meta.db_table
        moving = MOVING.get(table, set())
        names = [f.attname for f in model._meta.concrete_fields if f.attname not in moving]
        yield table, rows, sorted(names)


def _filled(pk: int) -> list[tuple[type[models.Model], str]]:
    """The tables in which something stands of this complaint, by one question for all of them."""
    sql, values = _which()
    with connection.cursor() as cursor:
        cursor.execute(sql, [pk if value == NOBODY else value for value in values])
        there = cursor.fetchone()
    return [table for table, found in zip(_tables(), there, strict=True) if found]


@cache
def _which() -> tuple[str, list[Any]]:
    """The question, and its values with NOBODY in place of the complaint."""
    asked = [_rows(model, path, NOBODY).order_by().values("pk") for model, path in _tables()]
    parts = [rows.query.sql_with_params() for rows in asked]
    told = ", ".join(f"EXISTS ({sql})" for sql, _values in parts)
    return f"SELECT {told}", [value for _sql, values in parts for value in values]


def _digest(rows: list[models.Model], fields: list[str]) -> dict[str, Any]:
    said = [[_plain(getattr(row, name, None)) for name in fields] for row in rows]
    return {
        "fields": fields,
        "rows": len(rows),
        "last": rows[-1].pk if rows else 0,
        "sha256": _sha(said),
    }


def _over(tables: dict[str, Any]) -> str:
    return _sha({table: one["sha256"] for table, one in tables.items()})


def _sha(value: Any) -> str:
    """Of canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    """As JSON knows it, the same in every process and time zone."""
    if isinstance(value, Sentence):
        return keep(value)  # as it stands there, not as this reader would read it
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
