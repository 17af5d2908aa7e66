"""Chinese is what is written; English is complete; nothing a person reads bypasses translation."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from huiyin.surface.operation.management.commands.messages import collected, po_file

ROOT = Path(__file__).parent.parent / "huiyin"
CHINESE = re.compile(r"[\u3400-\u9fff]")
TRANSLATED = re.compile(
    r"_\(\"[^\"]*\"\)|\{%\s*(?:trans|translate)\s.*?%\}|\{%\s*blocktrans(?:late)?\b.*?%\}.*?"
    r"\{%\s*endblocktrans(?:late)?\s*%\}|\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->",
    re.DOTALL,
)
GETTEXT = {
    *("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy"),
}
# Words that are data or for engineers: lexicons, parsers, rows to begin with, demo texts, commands,
# and the table of the life cycle, which names each move in both languages.
DATA = (
    "triage/rules",
    "conversation/rules",
    "grouping/rules",
    "cooperation/lifecycle",
    "intake/rules",
    "resolution/rules",
    "customers/rules",
    "knowledge/sources",
    "promises/rules",
    "closure/rules",
    "paper/rules",
    "mail/rules",
    "sms/rules/secrecy",
    "social/rules/posts",
    "console/forms/time",
    "operation/reference_page",
    "surface/demo",
    "surface/bench",
    "surface/exchange",
    "management/",
    "migrations/",
    "reference.py",
    "complaint/lifecycle",
    "settings.py",
)
# An operation of the API is named in English, with the field's Chinese word behind it.
OPERATION = re.compile(r"[A-Z][\w ]+ \([\u3400-\u9fff]+\)|回音 Huiyin")


def test_every_text_has_an_english_one():
    with po_file().open("rb") as file:
        english = {_named(m): m.string for m in read_po(file)}
    missing = sorted(_named(m) for m in collected() if m.id and not english.get(_named(m)))
    assert missing == []


def _named(message):
    """A word with a context is another one."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}: {text}" if message.context else text


def test_placeholders_are_the_same_in_english():
    names = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
    with po_file().open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, str) and isinstance(message.string, str) and message.string:
                here, there = (set(names.findall(t)) for t in (message.id, message.string))
                assert here == there, message.id


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.html")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_no_template_has_bare_chinese(path):
    bare = TRANSLATED.sub("", path.read_text(encoding="utf-8"))
    found = [line.strip() for line in bare.splitlines() if CHINESE.search(line)]
    assert found == []


def test_no_code_says_bare_chinese():
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if any(part in place for part in DATA):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        allowed = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT:
                allowed |= {id(child) for child in ast.walk(node)}
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                allowed.add(id(node.value))  # a docstring
        found += [
            f"{place}:{node.lineno} {node.value[:30]}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and CHINESE.search(node.value)
            and not OPERATION.fullmatch(node.value)
            and id(node) not in allowed
        ]
    assert found == []


def test_what_the_story_keeps_is_in_the_language_of_the_house_whoever_acts():
    """`frozen` of a text that is translated already keeps the language of whoever acts."""
    eager = re.compile(r"frozen\(\s*_\(")
    found = [
        str(path)
        for path in sorted(ROOT.rglob("*.py"))
        if "gettext as _" in (text := path.read_text(encoding="utf-8")) and eager.search(text)
    ]
    assert found == []


# What a person makes of something may be said in the past; what a button does may not.
BUTTON = re.compile(
    r"<button\b.*?</button>|<a\b[^>]*class=\"btn[^>]*>.*?</a>|<summary class=\"btn.*?</summary>",
    re.S,
)
WORD = re.compile(r"\{%\s*trans\s+([\"'])([^\"']+)\1\s*%\}")
PAST = re.compile(
    r"^\w+ed\b|\b(?:\w+ed|sent|made|undone|filed)$|\b\w+ed (?:for|up|from \w+)$", re.I
)
VERDICTS = {"核验通过", "有帮助"}


def test_no_button_is_called_what_has_happened():
    """Chinese says 关联 of the act and of what was done, English “Link” and “Linked”: a button that
    shares its word with an event or a state has a context of its own (`act`)."""
    labels = {
        label
        for path in ROOT.rglob("words.py")
        for label in re.findall(r"_\(\"([^\"]+)\"\)", path.read_text(encoding="utf-8"))
    }
    with po_file().open("rb") as file:
        plain = {m.id: str(m.string) for m in read_po(file) if m.id and not m.context}
    wrong = {
        (word, plain.get(word))
        for path in ROOT.rglob("*.html")
        for button in BUTTON.findall(path.read_text(encoding="utf-8"))
        for _quote, word in WORD.findall(button)
        if word in labels and word not in VERDICTS and PAST.search(plain.get(word) or "")
    }
    assert wrong == set()
