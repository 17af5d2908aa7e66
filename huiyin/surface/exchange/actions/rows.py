"""One row becomes one complaint, once, whatever file it came in and however often."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import DataError, IntegrityError, connection

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact
from huiyin.ground.people.models import User
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.ground.sentence import joined
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.actions import Circumstances, Registration, register_once
from huiyin.journey.intake.models import Receipt
from huiyin.journey.intake.rules import cleaned
from huiyin.journey.intake.words import Via
from huiyin.journey.triage import knowledge
from huiyin.surface.exchange import vocabulary
from huiyin.surface.exchange.rules import Row, Words, folded, read_row
from huiyin.surface.exchange.rules.dates import HOME
from huiyin.surface.exchange.sources import Line
from huiyin.surface.exchange.words import Outcome

logger = logging.getLogger(__name__)

# All imports share one name space of receipts: a row is the same row whoever brings it.
CALLER = "import"


@dataclass(frozen=True)
class Result:
    outcome: Outcome
    reason: str = ""
    complaint: Complaint | None = None


@dataclass(frozen=True)
class Reading:
    """How the cells of one file are understood."""

    mapping: Mapping[str, int]
    words: Words
    now: datetime

    @classmethod
    def of(cls, mapping: Mapping[str, int]) -> Reading:
        values = vocabulary.values()
        words = Words(values["channel"], values["severity"], _categories())
        return cls(mapping, words, moment.now())

    def row(self, line: Line) -> Row:
        if line.fault:
            return Row(said={}, key="", faults=(line.fault,))
        cells = {column: line.cells[position] for column, position in self.mapping.items()}
        return read_row(cells, self.words, self.now)


def _categories() -> dict[str, str]:
    """Codes by code, name and path; headings, retired ones and names of two are left out."""
    known = knowledge.current()
    names: dict[str, set[str]] = {}
    for code, category in known.categories.items():
        if category.retired_at is None and category.level > 1:
            for name in (code, category.name, known.path(code)):
                names.setdefault(folded(name), set()).add(code)
    return {name: codes.pop() for name, codes in names.items() if len(codes) == 1}


@contextmanager
def many_commits() -> Iterator[None]:
    """Commits inside do not each wait for the disk; at the end all of them are safe.

    If the machine loses power meanwhile, the last rows are gone as if they had never come, and the
    import adds them when it goes on: that is what the receipts are for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO DEFAULT")
            cursor.execute("SELECT pg_current_xact_id()")  # whose commit waits for all before it


@dataclass(frozen=True)
class Known:
    """What a key stands for already; without a number it stood further up in the same file."""

    text: str
    number: str = ""


def known(keys: Iterable[str]) -> dict[str, Known]:
    """Those of the keys whose rows are complaints already: one query for many rows."""
    wanted = [key for key in keys if key]
    found = Receipt.objects.filter(caller=CALLER, key__in=wanted, intake__isnull=False)
    told = found.values_list("key", "intake__complaint__text", "intake__complaint__number")
    return {key: Known(text, number) for key, text, number in told}


def check(row: Row, there: Mapping[str, Known]) -> Result:
    """What would become of the row when those are `there`. Writes nothing."""
    if row.faults:
        return Result(Outcome.BAD, joined(row.faults))
    text, remarks = cleaned(row["text"]), joined(row.remarks)
    before = there.get(row.key)
    if before is None:
        return Result(Outcome.ADDED, remarks)
    if before.text != text:
        return Result(Outcome.BAD, _other_content(row, before.number))
    return Result(Outcome.KNOWN, remarks)


def take(row: Row, *, by: User, there: Mapping[str, Known]) -> Result:
    """Register what the row says. A row that cannot be taken is told, never raised."""
    first = check(row, there)
    # A row with a number of its own may say something else by now, so the register compares.
    if first.outcome is Outcome.BAD or (
        first.outcome is Outcome.KNOWN and not row.key.startswith("id:")
    ):
        return first
    try:
        registered = _register(row, by=by)
    except NotPermitted:
        raise
    except Refused as refused:
        return _refusal(row, refused)
    except (DataError, IntegrityError):
        logger.exception("A row could not be stored")
        return Result(Outcome.BAD, _("这一行无法保存，请检查有没有异常的字符或数字"))
    if registered.was_there:
        return Result(Outcome.KNOWN, first.reason, registered.complaint)
    return Result(Outcome.ADDED, first.reason, registered.complaint)


def _register(row: Row, *, by: User) -> Registration:
    return register_once(
        by=by,
        via=Via.IMPORT,
        caller=CALLER,
        idempotency_key=row.key,
        channel=row.channel,
        contact=Contact(name=row["name"], phone=row["phone"], email=row["email"]),
        text=row["text"],
        wanted=row["wanted"],
        order_no=row["order_no"],
        happened_on=row.happened_at.astimezone(HOME).date() if row.happened_at else None,
        category=row.category,
        severity=row.severity,
        received_at=row.received_at,
        around=Circumstances(
            concerning=row["concerning"], place=row["place"], amount_fen=row.amount_fen
        ),
    )


def _refusal(row: Row, refused: Refused) -> Result:
    if "Idempotency-Key" not in refused.fields:
        return Result(Outcome.BAD, refused.sentence)
    if not row.key.startswith("id:"):
        return Result(Outcome.KNOWN)  # the same words; only our categories have changed since
    receipt = Receipt.objects.select_related("intake__complaint").get(caller=CALLER, key=row.key)
    return Result(Outcome.BAD, _other_content(row, receipt.intake.complaint.number))


def _other_content(row: Row, number: str) -> str:
    own = {"id": row["external_id"][:40], "number": number}
    if not number:
        return _("外部编号“%(id)s”在文件里不止一次，内容不同；只取第一次的") % own
    return _("外部编号“%(id)s”此前已导入为 %(number)s，这次内容不同，没有改动") % own
