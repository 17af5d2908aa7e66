"""docs/reference.md, written from the tables of the product itself, so that it cannot be wrong."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeGuard

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Permission
from huiyin.journey.complaint.events import flow
from huiyin.journey.complaint.lifecycle import LIFE, PUBLIC, STEP, STEPS
from huiyin.journey.complaint.words import Status

HEAD = """\
# Reference

Written by `python3 dev.py manage reference_page` from the code itself; a test compares the two.
Settings have a page of their own: [settings.md](settings.md).
"""


def page() -> str:
    """The whole page; Chinese labels with the English ones beside them."""
    parts = (
        ("Statuses", ("code", "状态", "public", "step"), statuses()),
        ("Moves", ("move", "from", "to", "who"), moves()),
        ("Events and what follows", ("event", "事件", "now", "later"), events()),
        ("What happens by itself", ("every", "does"), schedule()),
        ("Roles", ("role", "角色", "English"), roles()),
        ("Permissions", ("permission", "who is refused reads", "in English"), permissions()),
        ("Operations of the API", ("operation", "does"), operations()),
    )
    return HEAD + "".join(
        f"\n## {title}\n\n{table(columns, rows)}" for title, columns, rows in parts
    )


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    columns = list(columns)
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ") or "–"


def _both(text: Any) -> tuple[str, str]:
    with translation.override("zh-hans"):
        chinese = str(text)
    with translation.override("en"):
        return chinese, str(text)


def statuses() -> Iterator[tuple[object, ...]]:
    for status in Status:
        chinese, english = _both(status.label)
        step = STEP[status]
        where = _both(STEPS[step])[1] if step < len(STEPS) else "all behind"
        yield f"`{status}`", f"{chinese} {english}", _both(PUBLIC[status].label)[0], where


def moves() -> Iterator[tuple[object, ...]]:
    for move in LIFE:
        yield move.action, " ".join(move.sources), " ".join(move.targets), move.who


def events() -> Iterator[tuple[object, ...]]:
    for what, follow in flow().items():
        yield (
            f"`{what}`",
            _both(what.label)[0],
            _names(follow.now),
            _names(follow.later),
        )


def _names(followers: Iterable[Any]) -> str:
    return ", ".join(f"{f.__module__.split('.')[2]}.{f.__name__}" for f in followers)


def schedule() -> Iterator[tuple[object, ...]]:
    for entry in import_string(settings.SCHEDULE):
        yield entry.interval, f"{entry.do.__module__.split('.')[2]}.{entry.do.__name__}"


def roles() -> Iterator[tuple[object, ...]]:
    for role in Role:
        yield f"`{role}`", *_both(role.label)


def permissions() -> Iterator[tuple[object, ...]]:
    for app in settings.HUIYIN_APPS:
        name = f"{app}.permissions"
        if find_spec(name) is None:
            continue
        module = import_module(name)
        own = {n.name for n in ast.parse(inspect.getsource(module)).body if _is_function(n)}
        for permission, value in vars(module).items():
            if isinstance(value, Permission) and permission in own:
                yield f"`{app.split('.')[-1]}.{permission}`", *_both(value.sentence)


def _is_function(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef)


def operations() -> Iterator[tuple[object, ...]]:
    api = import_string(f"{settings.ROOT_URLCONF}.api")
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            yield f"`{method.upper()} {path}`", operation.get("summary", "")
