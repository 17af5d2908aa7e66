"""The house stands as ARCHITECTURE.md says."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from huiyin import settings

ROOT = Path(__file__).parent.parent
MODULES = [p for p in (ROOT / "huiyin").rglob("*.py") if "migrations" not in p.parts]


def test_settings_and_layers_tell_the_same_order():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = [x for x in linter["contracts"][0]["layers"] if "journey" in x]
    stages = [x for x in settings.HUIYIN_APPS if "journey" in x]
    assert stages == layers[::-1]


def test_no_signals_and_nothing_that_runs_data_as_code():
    words = ("django.db.models.signals", "import pickle", "yaml.load", "eval(", "exec(")
    offenders = [(p.name, w) for p in MODULES for w in words if w in p.read_text()]
    assert offenders == []


def test_drawers_have_the_names_of_the_house():
    forbidden = {"utils", "helpers", "common", "services", "managers", "signals"}
    assert [p for p in MODULES if p.stem in forbidden or p.parent.name in forbidden] == []


def test_every_stage_introduces_itself():
    for app in settings.HUIYIN_APPS:
        text = (ROOT / app.replace(".", "/") / "__init__.py").read_text()
        assert ast.get_docstring(ast.parse(text)), app


def test_views_decide_nothing_and_catch_nothing():
    offenders = [
        p.relative_to(ROOT)
        for p in MODULES
        if (p.name == "views.py" and p.parent.name != "web") or p.parent.name == "views"
        for node in ast.walk(ast.parse(p.read_text()))
        if isinstance(node, ast.Try)
    ]
    assert offenders == []


def test_a_status_is_written_in_one_place():
    offenders = []
    for path in MODULES:
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(("huiyin/journey/complaint/", "huiyin/surface/demo/")):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if (
                        isinstance(target, ast.Attribute)
                        and target.attr == "status"
                        and isinstance(target.value, ast.Name)
                        and target.value.id == "complaint"
                    ):
                        offenders.append(f"{place}:{node.lineno}")
    assert offenders == []


def test_rules_know_no_table_no_clock_and_no_page():
    """import-linter cannot forbid a part of Django; translation is the part that rules may use."""
    web = ("django.http", "django.shortcuts", "django.urls", "django.template")
    impure = ("django.db", "django.conf", "django.utils.timezone", "huiyin.ground.moment", *web)
    offenders = []
    for path in MODULES:
        if path.stem != "rules" and "rules" not in path.relative_to(ROOT).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            offenders += [(str(path), name) for name in names if name.startswith(impure)]
    assert offenders == []


def test_templates_mark_nothing_safe():
    offenders = [
        p.relative_to(ROOT)
        for p in (ROOT / "huiyin").rglob("*.html")
        if "|safe" in p.read_text() or "autoescape off" in p.read_text()
    ]
    assert offenders == []


def test_no_form_would_put_what_is_written_into_the_address():
    """Where no script takes it the browser sends a form by itself: never as a query."""
    import re

    form = re.compile(r"<form[^>]*>")
    offenders = [
        (str(p.relative_to(ROOT)), tag)
        for p in (ROOT / "huiyin").rglob("*.html")
        for tag in form.findall(p.read_text())
        if not re.search(r'method="(?:post|get|dialog)"|hx-get=', tag)
    ]
    assert offenders == []


def test_templates_have_no_inline_script_style_or_handler():
    import re

    inline = re.compile(
        r"<script(?![^>]*\b(?:src|type=\"application/json\"))|<style|\sstyle=\"|\son\w+=\"|javascript:",
        re.IGNORECASE,
    )
    offenders = [
        (str(p.relative_to(ROOT)), found[0])
        for p in (ROOT / "huiyin").rglob("*.html")
        if (found := inline.findall(p.read_text()))
    ]
    assert offenders == []
