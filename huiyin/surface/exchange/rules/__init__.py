"""Judgement about files, columns and rows: pure. One set for the command and for the page."""

from huiyin.surface.exchange.rules.cells import restored, safe_cell
from huiyin.surface.exchange.rules.columns import delimiter_of, folded, guess, mapping_fault
from huiyin.surface.exchange.rules.dates import moment_from
from huiyin.surface.exchange.rules.encoding import encoding_of, kind_fault
from huiyin.surface.exchange.rules.row import Row, Words, key_of, read_row

__all__ = [
    "Row",
    "Words",
    "delimiter_of",
    "encoding_of",
    "folded",
    "guess",
    "key_of",
    "kind_fault",
    "mapping_fault",
    "moment_from",
    "read_row",
    "restored",
    "safe_cell",
]
