"""Templates and envelopes as they are edited in the console."""

from __future__ import annotations

import pytest

from huiyin.journey.channels.paper.models import Template, Window
from huiyin.surface.console.forms.paper import TemplateForm, WindowForm

pytestmark = pytest.mark.django_db


def of(form, row, **changed):
    typed = {name: getattr(row, name) for name in form.Meta.fields}
    typed |= {"window": getattr(row, "window_id", None), **changed}
    return form({key: "" if value is None else value for key, value in typed.items()}, instance=row)


def test_only_what_can_be_put_in_stands_in_braces():
    row = Template.objects.get(code="reply-zh")
    assert of(TemplateForm, row).is_valid()
    form = of(TemplateForm, row, opening="您好 {password}")
    assert not form.is_valid()
    assert "{password}" in str(form.errors["opening"])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"folds": "一"}, "folds"),
        ({"folds": "10,400"}, "folds"),
        ({"left": 150, "width": 90}, "width"),
        ({"height": 5}, "height"),
        ({"body_top": 40}, "body_top"),
        ({"body_top": 290}, "body_top"),
    ],
)
def test_an_envelope_must_fit_the_sheet(changed, field):
    row = Window.objects.get(code="zl")
    assert of(WindowForm, row).is_valid()
    form = of(WindowForm, row, **changed)
    assert not form.is_valid()
    assert field in form.errors


def test_who_keeps_them(li, signed_in):
    from tests.conftest import person

    boss = person("gao1", "高远", "manager")
    for name in ("letter-templates", "letter-windows"):
        assert signed_in(boss).get(f"/console/{name}/").status_code == 200
        assert signed_in(li).get(f"/console/{name}/").status_code == 403
