"""Rows collected by table and written by COPY: twenty times the speed of single inserts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models
from psycopg.types.json import Jsonb

from huiyin.ground import moment

Row = TypeVar("Row", bound=models.Model)


class Trays:
    """Unsaved rows of many tables. Our foreign keys are checked at commit, so any order will do."""

    def __init__(self) -> None:
        self.rows: defaultdict[type[models.Model], list[models.Model]] = defaultdict(list)

    def add(self, row: Row) -> Row:
        self.rows[type(row)].append(row)
        return row

    def write(self) -> None:
        """Call inside a transaction."""
        for model, rows in self.rows.items():
            _copy(model, rows)
        self.rows.clear()


def _copy(model: type[models.Model], rows: list[models.Model]) -> None:
    # Either all rows of a table bring their id, or the table gives it in the order of the rows.
    keyed = rows[0].pk is not None
    fields = [f for f in model._meta.concrete_fields if keyed or not f.primary_key]
    names = ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = [_value_of(field) for field in fields]
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([value(row) for value in values])


def _value_of(field: models.Field[Any, Any]) -> Callable[[models.Model], Any]:
    """Reads a column off a row. Django's own way costs as much again as all the rest."""
    read = attrgetter(field.attname)
    if getattr(field, "auto_now_add", False):
        now = moment.now()
        return lambda row: now
    if isinstance(field, models.JSONField):
        return lambda row: Jsonb(read(row))
    if isinstance(field, models.CharField | models.TextField):
        return lambda row: str(read(row))  # members of our enums become their values
    return read


class Ids:
    """Ids for rows that others point at, fetched a thousand at a time."""

    def __init__(self) -> None:
        self.kept: defaultdict[type[models.Model], list[int]] = defaultdict(list)

    def next(self, model: type[models.Model]) -> int:
        if not self.kept[model]:
            self.kept[model] = reserve(model, 1000)[::-1]
        return self.kept[model].pop()


def reserve(model: type[models.Model], count: int) -> list[int]:
    """Ids of rows that other rows will point at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]
