"""Small files that stand for photos, receipts and reports, made here and now."""

from __future__ import annotations

import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import add_evidence
from huiyin.surface.demo.scenes import Scene
from huiyin.surface.demo.turns import turn

SIDE = 48


def photo(code: str, seed: int) -> SimpleUploadedFile:
    """A picture of nothing in particular, another one for each seed."""
    return SimpleUploadedFile(f"照片_{code}_{seed % 97:02d}.png", png(seed), "image/png")


def png(seed: int) -> bytes:
    """Two colours that run into each other: the smallest picture that looks like one."""
    first = [(seed * step) % 200 + 30 for step in (37, 59, 83)]
    last = [(seed * step) % 200 + 30 for step in (97, 41, 29)]
    rows = bytearray()
    for y in range(SIDE):
        rows.append(0)  # each row says how it is filtered: not at all
        for x in range(SIDE):
            share = (x + y) / (2 * SIDE)
            rows += bytes(int(a + (b - a) * share) for a, b in zip(first, last, strict=True))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def pdf(lines: list[str]) -> bytes:
    """One page of plain text; a viewer's own font, so Latin letters only."""
    text = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 14 Tf 18 TL 60 760 Td {text} ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def attach(complaint: Complaint, *, scene: Scene, by: User) -> None:
    """What the customer brought: a photo, and sometimes the receipt."""
    nth = turn(complaint)
    add_evidence(complaint, by=by, upload=photo(scene.code, nth))
    if nth % 3 == 0:
        page = pdf(["RECEIPT", f"Order {complaint.order_no or '-'}", f"Ref {complaint.number}"])
        add_evidence(
            complaint, by=by, upload=SimpleUploadedFile("小票.pdf", page, "application/pdf")
        )


def report(complaint: Complaint, *, by: User, facts: str) -> None:
    """What we found, for our own eyes."""
    text = f"{complaint.number} 核查记录\n\n{facts}\n".encode()
    upload = SimpleUploadedFile("核查记录.txt", text, "text/plain")
    add_evidence(complaint, by=by, upload=upload, internal=True)
