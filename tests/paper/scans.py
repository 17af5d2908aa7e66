"""Files as a scanner makes them, and as nobody should."""

from __future__ import annotations

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def sheet(size=(620, 877), shade=255, mark=0) -> Image.Image:
    """A page with a black bar at its top and a box that tells it from others."""
    image = Image.new("RGB", size, (shade, shade, shade))
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, size[0] - 60, 90), fill="black")
    draw.rectangle((60 + 40 * mark, 200, 90 + 40 * mark, 230), fill="blue")
    return image


def picture(kind="JPEG", **fields) -> bytes:
    out = io.BytesIO()
    sheet(**fields).save(out, kind)
    return out.getvalue()


def pdf(leaves=1, *, password="", script=False) -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password) if password else None)
    if script:
        canvas._doc.Catalog.__dict__.setdefault("OpenAction", None)
    for leaf in range(leaves):
        canvas.drawString(80, 760, f"Page {leaf + 1}")
        canvas.rect(80, 600, 200, 40, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def active_pdf() -> bytes:
    """One that would run a script, open a file and fetch an address when it is opened."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\);"
        b"this.exportDataObject\\(0\\)) >> /AA << /WC << /S /URI /URI (http://evil.example/) >> >>"
        b" /Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (while\\(1\\);) >>] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /AA << /O << /S /Launch /F (/bin/sh)"
        b" >> >> >>",
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(out)


def tiff(leaves=3) -> bytes:
    out = io.BytesIO()
    pages = [sheet(mark=at).convert("1" if at % 2 else "RGB") for at in range(leaves)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def png_bomb(side=30_000) -> bytes:
    """A picture of 900 million pixels in some hundred kilobytes."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    row = b"\x00" + b"\x00" * (side // 8 + (side % 8 > 0))
    body = zlib.compress(row * side, 9)
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in chunks
    )


def wide_pdf() -> bytes:
    """A page as large as a field."""
    return active_pdf().replace(b"[0 0 595 842]", b"[0 0 9e6 9e6]")


LETTER = """云朵家电商城客户关系部：

我于2026年10月12日在贵商城购买了一台电饭煲，订单号：YD20261012008817，实付 459.00 元。
使用不到一周内胆涂层脱落，多次联系门店均被推脱。
要求：退货退款，并赔偿往返运费 36 元。

此致
敬礼
陈桂芳
联系电话：138 1234 5678
地址：浙江省杭州市西湖区文三路 98 号 3 幢 502 室
2026年11月3日
"""
