"""manage messages: collect what users read, and compile the translations."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def found_in(root: Path) -> Iterator[tuple[Any, ...]]:
    """(file, line, msgid, context) of every text under `root`, Python and templates alike."""
    for path in sorted(root.rglob("*")):
        if path.suffix not in {".py", ".html"} or "migrations" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What is left of a template is Python to the word, but not in its indentation.
            left = templatize(source, origin=str(path)).splitlines()
            source = "\n".join(line.lstrip() for line in left)
        for line, message, _comments, context in extract(
            "python", io.BytesIO(source.encode()), KEYWORDS, (), {"encoding": "utf-8"}
        ):
            yield path.relative_to(root.parent), line, message, context


def collected() -> Catalog:
    """Every text of the product, without translations."""
    catalog = Catalog(project="Huiyin", locale="en", fuzzy=False)
    for path, _line, message, context in found_in(settings.ROOT / "huiyin"):
        ids = message if isinstance(message, tuple) else (message,)
        if all(ids):
            catalog.add(message, context=context, locations=[(str(path), 0)])
    return catalog


def po_file() -> Path:
    return Path(settings.ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po")


class Command(BaseCommand):
    help = (
        "Collect all texts into locale/en/LC_MESSAGES/django.po, keep the translations there, and "
        "compile them. --compile only compiles; --missing prints what has no English yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only write the .mo file")
        parser.add_argument("--missing", action="store_true", help="print texts without English")

    def handle(self, *args: Any, **options: Any) -> None:
        path = po_file()
        if path.exists():
            with path.open("rb") as file:
                catalog = read_po(file, locale="en")
        else:
            catalog = Catalog(locale="en", project="Huiyin")
        if not options["compile"]:
            fresh = collected()
            catalog.update(fresh, no_fuzzy_matching=True, update_creation_date=False)
            catalog.obsolete.clear()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, catalog, sort_output=True, width=100, include_lineno=False)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        if options["missing"]:
            for message in catalog:
                if message.id and not message.string:
                    self.stdout.write(str(message.id))
