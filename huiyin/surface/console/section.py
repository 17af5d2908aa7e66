"""What a section of the console is: one entry describes a list, a form, its rights, its history.

`sections/` holds the entries; views and templates know only this shape. Adding a thing that
people can set means adding one entry there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Permission
from huiyin.ground.web.http import HuiyinRequest
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.console.words import Did, Group

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
Choice: TypeAlias = "tuple[str, Words]"

PAGE = 50


@dataclass(frozen=True)
class State:
    """A choice with the value behind its label, so that it can be coloured."""

    value: str
    label: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Column:
    """One column of a list. `path` is an attribute, several joined by dots, or a function.

    `kind` chooses the drawing in console/cell.html: text, strong, code, number, yuan, moment, day,
    yes, tags, state, severity, changes.
    """

    path: str | Callable[[Any], Any]
    title: Words
    kind: str = "text"

    def of(self, row: models.Model) -> Any:
        """The value for people: choices by their label, callables called, gaps as ""."""
        if not isinstance(self.path, str):
            return self.path(row)
        if self.kind == "state":
            said = str(getattr(row, f"get_{self.path}_display")())
            return State(str(getattr(row, self.path)), said)
        if self.kind == "severity":
            return getattr(row, self.path)  # the number: its badge says the rest
        value: Any = row
        for step in self.path.split("."):
            display = getattr(value, f"get_{step}_display", None)
            value = display if display else getattr(value, step, None)
            if callable(value) and not hasattr(value, "all"):
                value = value()
            if value is None:
                return ""
        return list(value.all()) if hasattr(value, "all") else value


@dataclass(frozen=True)
class Act:
    """A button on a row's page beyond saving it. `run` may return a secret, shown once."""

    name: str
    label: Words
    run: Callable[[Any, User], str | None]
    did: Did
    may: Permission[Any]
    icon: str = "refresh-cw"
    ask: Words = ""  # what is asked before it is done; "" asks nothing
    danger: bool = False
    shown: Callable[[Any], bool] = lambda _row: True


@dataclass(frozen=True)
class Filter:
    """A choice above the list: the words and the rows each choice keeps."""

    name: str
    title: Words
    choices: Callable[[], Sequence[Choice]]
    keep: Callable[[str], Q]
    default: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    name: str
    group: Group
    icon: str
    title: Words
    one: Words  # a single row, as in 新增…
    about: Words
    model_name: str
    columns: tuple[Column, ...]
    may_see: Permission[Any]
    may_change: Permission[Any] | None = None
    fields: tuple[str, ...] = ()
    form: type[SettingForm] | None = None
    search: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    order: tuple[str, ...] = ("pk",)
    rows: Callable[[QuerySet[Any], User], QuerySet[Any]] = lambda rows, _user: rows
    select: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()
    retires: str = ""  # a moment or a yes/no field: how a row is put out of use
    guard: Callable[[Any, Did], Words] = lambda _row, _did: ""  # why that cannot be done now
    removes: bool = False  # a row nothing points at may go for good
    may_add: bool = True
    fixed: bool = False  # a row once made is never edited
    parent: str = ""  # the foreign key to the row on whose page this list stands
    children: tuple[str, ...] = ()  # names of sections listed below a row's form
    acts: tuple[Act, ...] = ()
    depth: Callable[[Any], int] | None = None  # how far a row stands in, where rows are a tree
    per_page: int = PAGE
    log: bool = False  # grows for ever: newest first, keyset pages, no total
    aside: str = ""  # a template beside the form
    below: str = ""  # a template under it
    facts: Callable[[Any, HuiyinRequest], Mapping[str, Any]] = lambda _row, _request: {}
    list_template: str = "console/list.html"
    list_facts: Callable[[User], Mapping[str, Any]] = lambda _user: {}
    banner: Callable[[Any], Words] = lambda _row: ""
    empty: Words = ""
    save: Callable[[SettingForm, User], tuple[models.Model, str]] | None = None
    initial: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.model_name)

    def everything(self, user: User) -> QuerySet[Any]:
        """The rows this person may see here."""
        rows = self.rows(self.model._default_manager.all(), user)
        return rows.select_related(*self.select) if self.select else rows

    def key_of(self, typed: str) -> Any:
        """The primary key that an address names; None when it cannot be one."""
        try:
            return self.model._meta.pk.to_python(typed)  # type: ignore[union-attr]
        except ValidationError:
            return None

    def sort(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by(*(("-pk",) if self.log else self.order))

    def find(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        """Rows in which every typed word occurs in one of the searched fields."""
        for word in typed.split()[:5]:
            rows = rows.filter(
                Q(*(Q(**{f"{name}__icontains": word}) for name in self.search), _connector=Q.OR)
            )
        return rows

    def is_retired(self, row: models.Model) -> bool:
        if not self.retires:
            return False
        value = getattr(row, self.retires)
        return not value if isinstance(value, bool) else value is not None

    def form_class(self) -> type[SettingForm]:
        if self.form is not None:
            return self.form
        return SettingForm.of(self.model, self.fields)

    def can_change(self, user: User, row: models.Model | None = None) -> bool:
        return self.may_change is not None and self.may_change(user, row)

    def can_add(self, user: User) -> bool:
        return self.may_add and self.can_change(user)
