"""Whether text on pages can be read here, and by whom: the extra `ocr`, else nobody.

`settings.PAPER_READER` names a function `read(path, media, place) -> list of lines`; tests put a
stand-in there. Empty: reading is not installed, and pages say so.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

OURS = "huiyin.journey.channels.paper.reading.recognising.read"


def is_there() -> bool:
    if settings.PAPER_READER != OURS:
        return bool(settings.PAPER_READER)
    return bool(find_spec("rapidocr")) and bool(find_spec("onnxruntime"))


def reader() -> Any:
    return import_string(settings.PAPER_READER)


def within(seconds: float) -> Any:
    """The same while somebody waits: ours is ended after so long; a stand-in ends by itself."""
    if settings.PAPER_READER != OURS:
        return reader()
    from huiyin.journey.channels.paper.reading.recognising import ROOMY

    return partial(reader(), limits=replace(ROOMY, wall=seconds))
