"""`manage migrate`, which makes the tables of a new installation in a sixth of the time.

Django keeps a class for each table of the past and, with every step of every migration, builds
anew those of all tables that have to do with the one that changes: here nearly all, as nearly
all point at complaints and people. It knows a shorter way, which it takes when no foreign key is
concerned: to note that classes are out of date, and to build them all when a migration asks for
them. Where there is no table yet, and so no row that a migration could read wrongly, we take it
one step further: only the class that changes is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if MigrationRecorder(connections[options["database"]]).applied_migrations():
            super().handle(*args, **options)
            return
        with _only_what_changes():
            super().handle(*args, **options)


@contextmanager
def _only_what_changes() -> Iterator[None]:
    django: Any = ProjectState  # the method is not one that Django promises to keep
    before = django._find_reload_model

    def itself(state: Any, app_label: str, model_name: str, delay: bool = False) -> Any:
        new = model_name not in state.apps.all_models[app_label]
        if delay or new:
            state.is_delayed = True  # RunPython, and the end, have everything built
            return {(app_label, model_name)}
        return before(state, app_label, model_name, delay)

    django._find_reload_model = itself
    try:
        yield
    finally:
        django._find_reload_model = before
