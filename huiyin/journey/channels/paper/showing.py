"""What is proposed for a letter, and where on its pages it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.customers.rules import same_name
from huiyin.ground.privacy.rules import masked_name
from huiyin.journey.channels.paper.models import Page, Piece
from huiyin.journey.channels.paper.rules import finding
from huiyin.journey.channels.paper.words import Found


@dataclass(frozen=True)
class Mark:
    """Where something found stands on a page, in pixels of the unturned picture."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Shown:
    """A page as it is drawn on screen: turned, with marks."""

    page: Page
    number: int
    marks: tuple[Mark, ...] = ()

    @property
    def lies(self) -> bool:
        return self.page.turn in (90, 270)

    @property
    def view_box(self) -> str:
        page = self.page
        size = (page.height, page.width) if self.lies else (page.width, page.height)
        return f"0 0 {size[0]} {size[1]}"

    @property
    def transform(self) -> str:
        page = self.page
        return {
            90: f"translate({page.height} 0) rotate(90)",
            180: f"translate({page.width} {page.height}) rotate(180)",
            270: f"translate(0 {page.width}) rotate(270)",
        }.get(page.turn, "")


def shown(pages: Sequence[Page], fields: Sequence[finding.Field]) -> list[Shown]:
    return [
        Shown(page, at + 1, tuple(_marks(page, [one for one in fields if one.page == at])))
        for at, page in enumerate(pages)
    ]


def _marks(page: Page, fields: Sequence[finding.Field]) -> Iterator[Mark]:
    for field in fields:
        for at in field.lines:
            box = page.lines[at].get("box") if at < len(page.lines) else None
            if box:
                x, y, width, height = box
                yield Mark(
                    field.kind,
                    round(x * page.width - 6, 1),
                    round(y * page.height - 4, 1),
                    round(width * page.width + 12, 1),
                    round(height * page.height + 8, 1),
                )


def lines_of(piece: Piece, pages: Sequence[Page]) -> list[finding.Line]:
    """What was read on its pages; of a letter that nobody read, what was typed."""
    read = [
        finding.Line(str(line["text"]), at, place)
        for at, page in enumerate(pages)
        for place, line in enumerate(page.lines)
    ]
    return read or finding.lines_of(piece.text)


def proposed(piece: Piece, pages: Sequence[Page]) -> list[finding.Field]:
    today = timezone.localdate(moment.now())
    return finding.found(lines_of(piece, pages), today)


def text_of(piece: Piece, pages: Sequence[Page]) -> str:
    """What a person begins with: what was typed, else what was read."""
    return piece.text or "\n\n".join(page.text for page in pages if page.lines)


def stranger(fields: Sequence[finding.Field]) -> str:
    """Under whose name a telephone or address of the letter is known, masked, if he is another
    than whoever signed it; "" when nothing speaks against it."""
    found = {one.kind: one.value for one in fields}
    for kind in (Found.PHONE, Found.EMAIL):
        owner = Customer.objects.reached_by(str(kind), found.get(kind, "")).first()
        if owner and owner.name and not same_name(owner.name, found.get(Found.NAME, "")):
            return masked_name(owner.name)
    return ""
