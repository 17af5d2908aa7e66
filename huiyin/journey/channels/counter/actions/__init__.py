"""A visit at the counter: begun, kept while typing, read over, signed, registered, dropped."""

from huiyin.journey.channels.counter.actions.papers import form_pdf, qr, receipt_pdf
from huiyin.journey.channels.counter.actions.serving import (
    MOST_BEGUN,
    back,
    begin,
    drop,
    may_see_code,
    save,
    show,
    sign,
)

__all__ = [
    "MOST_BEGUN",
    "back",
    "begin",
    "drop",
    "form_pdf",
    "may_see_code",
    "qr",
    "receipt_pdf",
    "save",
    "show",
    "sign",
]
