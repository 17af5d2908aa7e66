"""A letter as one PDF: its pages in their order and as they were turned, pictures of our own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.journey.channels.paper.models import Page, Piece, Scan
from huiyin.journey.channels.paper.words import Media


def picture_of(path: str) -> bytes:
    return (Path(settings.EVIDENCE_DIR) / path).read_bytes()


def bundled(pages: Sequence[Page], title: str) -> bytes:
    """A4 wide, as high as each page is; JPEGs go in as they are."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setTitle(title)
    for page in pages:
        lies = page.turn in (90, 270)
        wide, high = (page.height, page.width) if lies else (page.width, page.height)
        width = A4[1] if wide > high else A4[0]
        height = width * high / wide
        canvas.setPageSize((width, height))
        canvas.translate(width / 2, height / 2)
        canvas.rotate(-page.turn)
        w, h = (height, width) if lies else (width, height)
        image = ImageReader(io.BytesIO(picture_of(page.picture)))
        canvas.drawImage(image, -w / 2, -h / 2, w, h)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def originals(piece: Piece, pages: Sequence[Page]) -> list[Scan]:
    """Scans that belong to this letter alone, so that they may stand beside its complaint; TIFF
    is shown by no browser: its pages are in the bundle, the file stays kept here."""
    scans = {page.scan_id for page in pages}
    shared = set(
        Page.objects.filter(scan__in=scans).exclude(piece=piece).values_list("scan_id", flat=True)
    )
    own = Scan.objects.filter(pk__in=scans - shared).exclude(media_type=Media.TIFF)
    return list(own.order_by("order", "pk"))


ENDINGS = {Media.PDF: "pdf", Media.JPEG: "jpg", Media.PNG: "png", Media.WEBP: "webp"}


def as_upload(scan: Scan) -> SimpleUploadedFile:
    """The original under a name that says what it is."""
    stem = Path(scan.name).stem[:100] or "scan"
    ending = ENDINGS[Media(scan.media_type)]
    return SimpleUploadedFile(f"{stem}.{ending}", picture_of(scan.path))
