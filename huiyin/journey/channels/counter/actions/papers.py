"""What is printed at the counter: the signature as a picture, the signed form, the receipt."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from huiyin.ground.printing import fonts
from huiyin.ground.printing.rules import pieces
from huiyin.ground.printing.setting import clean, marked
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.counter.models import Walkin
from huiyin.journey.channels.counter.rules import strokes as signatures
from huiyin.journey.complaint.models import Complaint

WIDE, HIGH = 900, 300  # pixels of the picture of a signature
FINER = 2  # drawn larger, then made smaller: no steps in its edges
PEN = 4


def signature_png(strokes: Sequence[Sequence[Sequence[int]]]) -> bytes:
    """Dark ink on white, smoothed."""
    from PIL import Image, ImageDraw

    scale = WIDE * FINER / signatures.WIDTH
    image = Image.new("L", (WIDE * FINER, HIGH * FINER), 255)
    draw, radius = ImageDraw.Draw(image), PEN * FINER / 2
    for stroke in strokes:
        points = [(int(x), int(y)) for x, y in stroke]
        curve = [(x * scale, y * scale) for x, y in signatures.smoothed(points)]
        if len(curve) > 1:
            draw.line(curve, fill=20, width=PEN * FINER, joint="curve")
        for x, y in (curve[0], curve[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=20)
    out = io.BytesIO()
    image.resize((WIDE, HIGH), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def facts(walkin: Walkin) -> list[tuple[str, str]]:
    """What he said of himself and of the matter, as it stands on the form."""
    said = walkin.content
    told = (
        (_("称呼"), "name"),
        (_("电话"), "phone"),
        (_("邮箱"), "email"),
        (_("通信地址"), "address"),
        (_("订单号"), "order_no"),
        (_("发生日期"), "happened_on"),
        (_("涉及金额"), "amount"),
    )
    return [(str(label), said.get(name, "")) for label, name in told if said.get(name)]


def form_pdf(walkin: Walkin, complaint: Complaint) -> bytes:
    """The text that was read, the signature, and the hash that ties one to the other."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Image, Spacer

    assert walkin.signed_at is not None
    rows = facts(walkin)
    signed_at = f"{timezone.localtime(walkin.signed_at):%Y-%m-%d %H:%M:%S}"
    parts: list[Any] = [
        ("title", _("到店投诉登记表")),
        ("small", f"{settings.ORGANISATION} · {complaint.number}"),
        *(("plain", f"{label}：{value}") for label, value in rows),
        ("head", _("发生了什么")),
        ("plain", walkin.content.get("text", "")),
        ("head", _("希望怎样解决")),
        ("plain", walkin.content.get("wanted", "") or "—"),
        ("head", _("确认")),
        (
            "plain",
            _("以上内容已由本人核对，属实。本人已阅读隐私声明（版本 %(version)s）。")
            % {"version": walkin.privacy_version or "—"},
        ),
    ]
    if walkin.strokes:
        picture = io.BytesIO(signature_png(walkin.strokes))
        parts.append(Image(picture, 75 * mm, 25 * mm, hAlign="LEFT"))
    else:
        parts.append(("plain", _("键入姓名：%(name)s") % {"name": walkin.signed_name}))
    parts += [
        (
            "small",
            _("确认时间：%(at)s　经办：%(by)s") % {"at": signed_at, "by": walkin.by.shown_name},
        ),
        ("small", f"SHA-256 {walkin.digest}"),
        Spacer(1, 2),
    ]
    return _pdf(parts, f"{complaint.number}")


def receipt_pdf(walkin: Walkin, *, code: str) -> bytes:
    """What he takes home: number, code, where to look."""
    complaint = walkin.complaint
    assert complaint is not None
    parts: list[Any] = [
        ("title", _("投诉受理回执")),
        ("plain", settings.ORGANISATION),
        ("head", _("编号")),
        ("title", complaint.number),
        *((("head", _("查询码")), ("title", code)) if code else ()),
        (
            "plain",
            _("受理时间：%(at)s")
            % {"at": f"{timezone.localtime(complaint.received_at):%Y-%m-%d %H:%M}"},
        ),
        (
            "plain",
            _("在下面的网址用编号和查询码查进度、补充说明。查询码等于钥匙，请不要转给别人。"),
        ),
        ("plain", portal()),
        _qr_drawing(portal()),
    ]
    return _pdf(parts, complaint.number)


def portal() -> str:
    """Where he looks; no number and no code stands in it."""
    return f"{settings.BASE_URL}/portal/"


def qr(text: str) -> list[tuple[int, int]]:
    """Its dark modules, column and row, and last of all how many there are to a side."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    made = QRCode(None, QRErrorCorrectLevel.M)
    made.addData(text)
    made.make()
    side = made.getModuleCount()
    dark = [(x, y) for y in range(side) for x in range(side) if made.isDark(y, x)]
    return [*dark, (side, side)]


def _qr_drawing(text: str) -> Any:
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing

    widget = QrCodeWidget(text, barWidth=110, barHeight=110)
    drawing = Drawing(110, 110)
    drawing.add(widget)
    return drawing


def _pdf(parts: Sequence[Any], title: str) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    fonts.registered()
    plain = ParagraphStyle(
        "plain", fontName=fonts.NAME, fontSize=10.5, leading=17, textColor="#1a1f29", wordWrap="CJK"
    )
    styles = {
        "plain": plain,
        "title": ParagraphStyle("title", plain, fontSize=16, leading=24, spaceAfter=4),
        "head": ParagraphStyle("head", plain, fontSize=11.5, leading=18, spaceBefore=8),
        "small": ParagraphStyle("small", plain, fontSize=8.5, leading=13, textColor="#5b6472"),
    }
    flow: list[Any] = []
    for part in parts:
        if not isinstance(part, tuple):
            flow.append(part)
            continue
        style, text = part
        text = clean(text, "〔{n}〕")
        flow += [Paragraph(marked(one), styles[style]) for one in pieces(text)]
    out = io.BytesIO()
    edges = {"leftMargin": 22 * mm, "rightMargin": 22 * mm, "topMargin": 20 * mm}
    SimpleDocTemplate(out, pagesize=A4, title=title, creator="Huiyin", lang="zh-CN", **edges).build(
        flow
    )
    return out.getvalue()
