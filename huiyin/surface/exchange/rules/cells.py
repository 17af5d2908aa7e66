"""A cell that goes to a spreadsheet must never become a formula there (V71). Pure."""

from __future__ import annotations

import re

# Excel, LibreOffice and WPS take each of these, also full-width, as the beginning of a formula.
FORMULA = re.compile(r"^\s*[=+\-@\t\r\n＝＋－＠|%]")
# What begins alike and is only a number: -12.50, +86 138 0013 8000.
NUMBER = re.compile(r"-?\d+(\.\d+)?|\+\d{1,3}( [\d*]+)+")
MARK = "'"


def safe_cell(text: str) -> str:
    """The text for a CSV cell, marked as text where a spreadsheet would calculate.

    NUL and lone surrogates go, since no file can hold them.
    """
    text = text.replace("\x00", "").encode("utf-8", "replace").decode()
    if FORMULA.match(text) and not NUMBER.fullmatch(text):
        return MARK + text
    return text


def restored(text: str) -> str:
    """The text before `safe_cell`, so that a file of ours can be imported again."""
    return text[1:] if text.startswith(MARK) and FORMULA.match(text[1:]) else text
