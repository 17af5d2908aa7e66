"""Inside of the child: pages of a PDF by pdfium, of pictures by Pillow, as small JPEGs of our own.

Of a PDF only pages are painted: forms are not begun, so no script of it ever runs, and attachments
and links are not asked for. Of pictures the size is looked at before a single pixel is made.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
from PIL import Image, ImageFile, ImageOps

from huiyin.journey.channels.paper.reading.shape import Limits

Image.MAX_IMAGE_PIXELS = None  # our own limit, told in words
ImageFile.LOAD_TRUNCATED_IMAGES = False
FORMATS = {
    "image/jpeg": ["JPEG", "MPO"],
    "image/png": ["PNG"],
    "image/webp": ["WEBP"],
    "image/tiff": ["TIFF"],
}
QUALITY = 82


class Fault(Exception):  # noqa: N818
    """Why it cannot be drawn, in a word."""


@dataclass(frozen=True)
class Leaf:
    place: int
    width: int
    height: int
    picture: bytes
    thumb: bytes


def count(path: str, media: str, limits: Limits) -> int:
    """How many pages; Fault where there are none or too many, or it is not what it says."""
    if media == "application/pdf":
        pdf = _pdf(path)
        leaves = len(pdf)
        pdf.close()
    else:
        with _image(path, media) as image:
            _bearable(image, limits)
            leaves = _frames(image, limits)
    if leaves > limits.leaves:
        raise Fault("leaves")
    if leaves < 1:
        raise Fault("broken")
    return leaves


def draw(path: str, media: str, begin: int, end: int, limits: Limits) -> Iterator[Leaf]:
    if media == "application/pdf":
        pdf = _pdf(path)
        for place in range(begin, min(end, len(pdf))):
            yield _leaf(place, _painted(pdf, place, limits.side), limits)
        return
    with _image(path, media) as image:
        for place in range(begin, end):
            yield _leaf(place, _frame(image, place, limits), limits)


def whole(path: str, media: str, place: int, limits: Limits, side: int) -> Any:
    """One page as large as `side`, for whoever reads it."""
    if media == "application/pdf":
        return _painted(_pdf(path), place, side)
    with _image(path, media) as image:
        return _frame(image, place, limits, side)


def _leaf(place: int, image: Any, limits: Limits) -> Leaf:
    image.thumbnail((limits.side, limits.side), Image.Resampling.LANCZOS)
    width, height = image.size
    picture = _jpeg(image)
    image.thumbnail((limits.thumb, limits.thumb), Image.Resampling.BILINEAR)
    return Leaf(place, width, height, picture, _jpeg(image))


def _jpeg(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


# --- PDF ------------------------------------------------------------------------------------------


def _pdf(path: str) -> Any:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Fault("password" if "password" in str(error).lower() else "broken") from error


def _painted(pdf: Any, place: int, side: int) -> Any:
    """The page with its longer side so many pixels long, however large it says it is."""
    try:
        page = pdf[place]
        width, height = page.get_size()
        if not (width > 0 and height > 0) or max(width, height) / min(width, height) > 100:
            raise Fault("pixels")
        scale = min(side / max(width, height), 8.0)
        made = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise Fault("broken") from error
    page.close()
    return made


# --- pictures -------------------------------------------------------------------------------------


def _image(path: str, media: str) -> Any:
    try:
        return Image.open(path, formats=FORMATS[media])
    except (OSError, ValueError, SyntaxError, KeyError, TypeError) as error:
        raise Fault("broken") from error


def _bearable(image: Any, limits: Limits) -> None:
    width, height = image.size
    if width * height > limits.pixels or max(width, height) > 65_000:
        raise Fault("pixels")


def _frames(image: Any, limits: Limits) -> int:
    """Of a TIFF its pages, one by one: a list that leads back into itself ends at the limit."""
    if image.format != "TIFF":
        return 1
    found = 0
    try:
        while found <= limits.leaves:
            image.seek(found)
            found += 1
    except EOFError:
        pass
    except (OSError, ValueError, SyntaxError, KeyError, TypeError) as error:
        raise Fault("broken") from error
    return found


def _frame(image: Any, place: int, limits: Limits, side: int = 0) -> Any:
    try:
        if place or image.format == "TIFF":
            image.seek(place)
        _bearable(image, limits)
        if image.format in ("JPEG", "MPO"):
            wanted = side or limits.side
            image.draft("RGB", (wanted, wanted))  # a smaller one at once: less memory
        return _plain(image, side or limits.side)
    except MemoryError as error:
        raise Fault("memory") from error
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, EOFError) as error:
        raise Fault("broken") from error


def _plain(image: Any, side: int) -> Any:
    """Small, upright, in plain colours, nothing of what lies behind it shining through."""
    small = image
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        small = image.point(lambda value: value / 256).convert("L")
    elif image.mode == "1":
        small = image.convert("L")
    elif image.mode in ("P", "PA", "LA"):
        small = image.convert("RGBA")
    elif image.mode not in ("L", "RGB", "RGBA"):
        small = image.convert("RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    small = ImageOps.exif_transpose(small)
    if small.mode == "RGBA":
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small.getchannel("A"))
        return paper
    return small.convert("RGB")
