"""Administrators, and how the console is asked."""

from typing import Any

import pytest
from django.urls import reverse

from huiyin.ground.people.words import Role
from huiyin.surface.console.sections import BY_NAME
from tests.conftest import person


@pytest.fixture
def second_admin(db):
    return person("admin2", "何宁", Role.SYSADMIN)


@pytest.fixture
def secadmin(db):
    return person("sec", "韩安", Role.SECADMIN)


@pytest.fixture
def auditor(db):
    return person("audit", "宋查", Role.AUDITOR)


@pytest.fixture
def fill():
    """`fill(client, section, row, **changes)` posts a row's form as a browser would."""

    def posted(client, name, row=None, /, *, parent="", **changes):
        if row is None:
            url = reverse("console:new", args=[name]) + (f"?parent={parent}" if parent else "")
        else:
            url = reverse("console:row", args=[name, row.pk])
        form = client.get(url).context["form"]
        data: dict[str, Any] = {}
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if value is True:
                data[bound.name] = "on"
            elif isinstance(value, list | tuple):
                data[bound.name] = [getattr(v, "pk", v) for v in value]
            else:
                widget = bound.field.widget
                shown = widget.format_value(value) if hasattr(widget, "format_value") else value
                data[bound.name] = shown[0] if isinstance(shown, list) and shown else shown or ""
        data |= changes
        return client.post(url, {k: v for k, v in data.items() if v is not None})

    return posted


@pytest.fixture
def section():
    return BY_NAME.__getitem__
