"""`manage migrate` takes a short way where there is no table yet: what comes out must be the same
as by Django's own way, that is, what the models say (`makemigrations --check` holds these to the
migrations)."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from huiyin.surface.operation.management.commands import migrate

pytestmark = pytest.mark.django_db

Facts = dict[str, Any]


def _said(model: type[models.Model]) -> Facts:
    meta = model._meta
    fields = {field.column: field for field in meta.local_concrete_fields}
    return {
        "columns": {
            name: (_plain(field.db_type(connection) or ""), field.null)
            for name, field in fields.items()
        },
        "named": {one.name for one in (*meta.indexes, *meta.constraints)},
        "pointing": {
            name
            for name, field in fields.items()
            if isinstance(field, models.ForeignKey) and field.db_constraint
        },
        "unique": {name for name, field in fields.items() if field.unique},
    }


def _plain(kind: str) -> str:
    """As PostgreSQL says it again."""
    kind = kind.replace("varchar", "character varying").replace(", ", ",")
    return "time without time zone" if kind == "time" else kind


def _found(model: type[models.Model], said: Facts) -> Facts:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, table)
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [f'"{table}"'],
        )
        columns = {name: (kind, null) for name, kind, null in cursor.fetchall()}
    alone = {tuple(one["columns"]) for one in there.values() if one["unique"]}
    return {
        "columns": columns,
        "named": said["named"] & set(there),
        "pointing": {one["columns"][0] for one in there.values() if one["foreign_key"]},
        "unique": {name for name in said["unique"] if (name,) in alone},
    }


def test_the_database_has_what_the_models_say():
    """Every column with its type, every index and constraint by its name, every foreign key."""
    ours = [model for model in apps.get_models() if model._meta.managed]
    said = {model._meta.label: _said(model) for model in ours}
    assert len(said) > 100
    assert {model._meta.label: _found(model, said[model._meta.label]) for model in ours} == said


def test_a_migration_that_reads_rows_is_given_whole_tables():
    """The short way leaves classes out of date; whoever asks for them all has them built anew."""
    state = MigrationExecutor(connection).loader.project_state()
    assert state.apps.get_model("complaint", "Event")
    with migrate._only_what_changes():
        state.add_field(
            "complaint", "complaint", "invented", models.BooleanField(default=False), True
        )
        assert not _event_knows_it(state)
        state.clear_delayed_apps_cache()  # what RunPython does first
        assert _event_knows_it(state)
    assert ProjectState._find_reload_model.__module__ == "django.db.migrations.state"


def _event_knows_it(state: ProjectState) -> bool:
    event = state.apps.get_model("complaint", "Event")
    return hasattr(event.complaint.field.related_model, "invented")


def test_a_database_that_has_tables_goes_djangos_own_way(monkeypatch):
    """Rows could be there, which a migration might read."""
    monkeypatch.setattr(migrate, "_only_what_changes", lambda: pytest.fail("the short way"))
    call_command("migrate", verbosity=0)
