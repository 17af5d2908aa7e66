"""Whether scans would be opened and letters be set just now: with pages of our own."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.printing import fonts
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.health import LONGEST_TEST
from huiyin.journey.channels.paper import recognition
from huiyin.journey.channels.paper.actions.posting import laid
from huiyin.journey.channels.paper.models import Template
from huiyin.journey.channels.paper.reading import USUAL, Unreadable, drawn
from huiyin.journey.channels.paper.rules import words
from huiyin.journey.channels.paper.words import Media
from huiyin.journey.channels.permissions import can_try_channels

WRITTEN = "20261130"  # on the page; whoever reads must find it
MOST_TEMPLATES = 20


def try_scanning(*, by: User) -> str:
    """A page of ours, drawn by the child that draws those of customers, and read where that is
    installed; nothing is kept."""
    can_try_channels.require(by, None)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test.pdf"
        path.write_bytes(_page())
        _draw(path, began)
        read = recognition.is_there()
        if read:
            _read(path, began)
    told = {"seconds": f"{time.monotonic() - began:.1f}"}
    if read:
        return _("测试页画出并识别了文字，用时 %(seconds)s 秒") % told
    return _("测试页画出来了，用时 %(seconds)s 秒；没有安装文字识别") % told


def try_letters(*, by: User) -> str:
    """Every template that is in use, set with sample values; each paper opened by the child."""
    can_try_channels.require(by, None)
    templates = list(Template.objects.in_use().select_related("window")[:MOST_TEMPLATES])
    if not templates:
        raise Refused(_("没有启用的信函模板，请管理员先在“管理”里添加"))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test.pdf"
        for template in templates:
            path.write_bytes(_specimen(template))
        _draw(path, began)
    return _("%(count)s 个模板都排出了版面，用时 %(seconds)s 秒") % {
        "count": len(templates),
        "seconds": f"{time.monotonic() - began:.1f}",
    }


def _page() -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    fonts.registered()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont(fonts.NAME, 40)
    canvas.drawString(80, 600, WRITTEN)
    canvas.save()
    return out.getvalue()


def _specimen(template: Template) -> bytes:
    """Of nobody's complaint: an address of three lines, a sentence, our own name."""
    with translation.override(template.language):
        day = words.spoken_day(timezone.localdate(moment.now()), template.language)
        values: Mapping[str, str] = {
            "name": _("测试客户"),
            "number": "TS0000-000000",
            "organisation": settings.ORGANISATION,
            "date": day,
            "writer": "",
            "incoming": "",
        }
        address = [_("测试客户"), _("测试路 1 号"), "000000"]
        return laid(template, values, text=_("这是一封测试信函，不会寄出。"), address=address).data


def _draw(path: Path, began: float) -> None:
    limits = replace(USUAL, wall=_left(began))
    try:
        pages = list(drawn(path, Media.PDF, 0, 1, limits))
    except Unreadable as fault:
        raise Refused(_why(fault)) from fault
    if not pages or not pages[0].picture:
        raise Refused(_("打开页面的子进程没有完成（%(why)s）") % {"why": "empty"})


def _why(fault: Unreadable) -> str:
    if str(fault) == "cpu":
        return _("没有在 %(seconds)s 秒内完成，机器可能太忙") % {"seconds": int(LONGEST_TEST)}
    return _("打开页面的子进程没有完成（%(why)s）") % {"why": fault}


def _read(path: Path, began: float) -> None:
    try:
        lines = recognition.within(_left(began))(path, Media.PDF, 0)["lines"]
    except Unreadable as fault:
        raise Refused(_("文字识别没有完成（%(why)s）") % {"why": fault}) from fault
    if not any(WRITTEN in line["text"].replace(" ", "") for line in lines):
        raise Refused(_("文字识别没有读出测试页上的数字"))


def _left(began: float) -> float:
    """Of the seconds that somebody waits; a second at least, so that it can be tried at all."""
    return max(1.0, LONGEST_TEST - (time.monotonic() - began))
