"""Where a signature begins: the card of a sender at the end of what he wrote. Pure.

Cut is what a program marks (`-- `, 网易邮箱大师, a line across) and what looks like a card: a few
short lines with a name and ways to reach him, and not one that asks or tells something. In doubt it
is no signature: a phone number or an address that he gives in his text stays in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huiyin.journey.channels.mail.rules.signs import Sign, is_line

MOST = 8  # lines of a card
SHORT = 60  # characters of one
BETWEEN = 3  # lines between two bars of a card that 网易邮箱大师 draws
LONGEST = 20  # lines under a `-- `; what is longer is no signature
LOOKED_AT = 40  # lines from the end, empty ones too
PHONE = re.compile(
    r"(?<![\d.])(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"
    r"|(?<![\d.])[(（]?0\d{2,3}[)）]?[\s-]?\d{7,8}(?!\d)"
    r"|(?<![\d.])\+\d{1,3}[\s()/-]{0,2}\d[\d\s()/-]{5,14}\d(?!\d)"
)
TITLE = "先生|女士|小姐|经理|主任|主管|总监|工程师|老师|律师|会计|专员|助理|董事长?|总裁|总"
NAME = re.compile(
    rf"[\u4e00-\u9fff·]{{2,4}}(?:\s*(?:{TITLE})|\s*[|｜/／,，\s]\s*[^\d:：]{{1,20}})?"
    r"|[A-Z][\w.'’-]{0,20}(?: [A-Z][\w.'’-]{0,20}){0,3}(?:\s*[|,/]\s*[^\d:：]{1,40})?"
)
ALONE = re.compile(
    rf"\s{{0,9}}[|｜/／,，]|(?<=[\u4e00-\u9fff])\s|(?<=[\u4e00-\u9fff]{{2}})\s{{0,9}}(?:{TITLE})$"
)
SENTENCE = re.compile(r"[。！？!?；;…]")
LONG_NUMBER = re.compile(r"[A-Z]{0,6}\d{9,}", re.IGNORECASE)
DIVIDED = re.compile(r"\s*[|｜]\s*|\s{2,}|\t|(?<=[\u4e00-\u9fff])\s+(?=[+(（\d])")
CLOSED = " ,，.。!！~～"  # behind a closing formula


def unsigned(
    lines: Sequence[str], signs: Sequence[Sign], own: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """(what he says, how it is signed). `own`: his name and address as the mail gives them; they
    tell his card from data about others. What is nothing but a card is what he says."""
    kept, folded = _plainly(list(lines), signs)
    begins = _Card(kept, signs, tuple(one.strip().lower() for one in own if one.strip())).begins()
    if begins is not None:
        kept, folded = kept[:begins], [*kept[begins:], *folded]
    while kept and not kept[-1].strip():
        folded.insert(0, kept.pop())
    return (kept, folded) if any(line.strip() for line in kept) else (list(lines), [])


def _plainly(kept: list[str], signs: Sequence[Sign]) -> tuple[list[str], list[str]]:
    """What programs mark: a line that begins a signature, and lines of their own at the end."""
    folded: list[str] = []
    for place, line in enumerate(kept):
        if not (said := line.strip()) or not is_line(signs, "signature", said):
            continue
        if sum(map(bool, map(str.strip, kept[place:]))) <= LONGEST:
            kept, folded = kept[:place], kept[place:]
            break
    while kept and (not kept[-1].strip() or is_line(signs, "client_line", kept[-1].strip())):
        folded.insert(0, kept.pop())
    return kept, folded


def signed_by(signature: str, signs: Sequence[Sign]) -> tuple[str, str]:
    """(name, phone) of a card, each "" where it has none."""
    lines = [line.strip(" |>") for line in signature.splitlines()]
    phone = next((found[0] for line in lines if (found := PHONE.search(line))), "")
    names = (line for line in lines if not is_line(signs, "closing", line.strip(CLOSED)))
    named = next((line for line in names if NAME.fullmatch(line)), "")
    return ALONE.split(named)[0].strip(), phone


@dataclass(frozen=True)
class _Card:
    lines: list[str]
    signs: Sequence[Sign]
    own: tuple[str, ...]

    def begins(self) -> int | None:
        """The line where the card begins; None where there is none to be sure of."""
        for find in (self._by_maker, self._by_rule, self._by_closing, self._by_paragraph):
            place = find()
            if place is not None:
                return place
        return None

    # -- how it begins --------------------------------------------------------------------------

    def _by_maker(self) -> int | None:
        """The program's own last line (签名由网易邮箱大师定制), and the bars that it draws."""
        last = self._last(len(self.lines))
        if last is None:
            return None
        made = is_line(self.signs, "signature_end", self.lines[last].strip())
        if not made and not _is_bar(self.lines[last]):
            return None
        top = self._bars(last)
        if top < last and (made or self._evidence(top) > 0):
            return top
        if not made:
            return None
        above = _Card(self.lines[:last], self.signs, self.own)
        begins = above._by_closing()
        if begins is None:
            begins = above._by_paragraph(least=1)
        return last if begins is None else begins

    def _bars(self, last: int) -> int:
        """The topmost bar of those that stand close together."""
        top, between = last, 0
        for place in range(last - 1, max(-1, last - LOOKED_AT), -1):
            line = self.lines[place].strip()
            if line.startswith("|") or line.endswith("|"):
                top, between = place, 0
            elif line:
                between += 1
                if between > BETWEEN or not self._is_plain(line):
                    break
        return top

    def _by_rule(self) -> int | None:
        """A line across, and under it a card to the end."""
        for place in self._upwards():
            line = self.lines[place].strip()
            if is_line(self.signs, "rule", line) and not any(map(str.isalnum, line)):
                return place if self._evidence(place + 1) > 0 else None
            if not self._is_plain(line):
                return None
        return None

    def _by_closing(self) -> int | None:
        """此致敬礼, Kind regards; then who he is and how he is reached."""
        plain = self._plain_from()
        for place in range(plain, len(self.lines)):
            if not self._closes(self.lines[place]):
                continue
            after = [n for n in range(place + 1, len(self.lines)) if self.lines[n].strip()]
            after = [n for n in after if not self._closes(self.lines[n])]
            named = bool(after) and self._begins_named(self.lines[after[0]].strip())
            return place if named and self._evidence(after[0]) > 0 else None
        return None

    def _by_paragraph(self, least: int = 2) -> int | None:
        """Behind an empty line a name, then ways to reach him: two where it is his own name or
        address, else three, for shops and couriers have names and numbers too."""
        plain = self._plain_from()
        begins = self._own_name(plain)
        if begins is None:
            begins = self._name_above(plain)
        if begins is None or (begins > 0 and self.lines[begins - 1].strip()):
            return None
        least += not self._is_his(begins)
        return begins if self._evidence(begins) >= least else None

    def _own_name(self, plain: int) -> int | None:
        rest = range(plain, len(self.lines))
        return next((n for n in rest if self._is_own(self.lines[n].strip())), None)

    def _name_above(self, plain: int) -> int | None:
        """The line that begins the paragraph of the first way to reach him, or the one above it
        where each line is a paragraph (HTML)."""
        rest = range(plain, len(self.lines))
        first = next((n for n in rest if self._reaches(self.lines[n].strip())), None)
        if first is None:
            return None
        begins = first
        while begins > plain and self.lines[begins - 1].strip():
            begins -= 1
        if self._names(self.lines[begins].strip()):
            return begins
        above = self._last(begins)
        if above is not None and above >= plain and self._names(self.lines[above].strip()):
            return above
        return None

    # -- what a line is -------------------------------------------------------------------------

    def _upwards(self) -> Iterator[int]:
        """Lines with something in them, the last first; one more than a card has."""
        count = 0
        for place in range(len(self.lines) - 1, max(-1, len(self.lines) - LOOKED_AT), -1):
            if self.lines[place].strip():
                count += 1
                yield place
                if count > MOST:
                    return

    def _plain_from(self) -> int:
        """Where the last lines begin that can be of a card, as many as one has."""
        begins = len(self.lines)
        for count, place in enumerate(self._upwards()):
            line = self.lines[place].strip()
            if not (self._closes(line) or (count < MOST and self._is_plain(line))):
                break
            begins = place
        return begins

    def _last(self, before: int) -> int | None:
        return next((n for n in range(before - 1, -1, -1) if self.lines[n].strip()), None)

    def _is_plain(self, line: str) -> bool:
        """Short, and nothing that a person tells or asks."""
        if len(line) > SHORT or is_line(self.signs, "told", line):
            return False
        if self._reaches(line):
            return True
        return not SENTENCE.search(line) and not LONG_NUMBER.search(PHONE.sub("", line))

    def _closes(self, line: str) -> bool:
        said = line.strip().strip(CLOSED)
        return bool(said) and is_line(self.signs, "closing", said)

    def _reaches(self, line: str) -> int:
        """How many ways to reach somebody stand in this line."""
        parts = [part for part in DIVIDED.split(line[: 2 * SHORT]) if part]
        return sum(
            bool(PHONE.fullmatch(part)) or is_line(self.signs, "contact", part) for part in parts
        )

    def _begins_named(self, line: str) -> bool:
        """Whether it says who before it says how to reach him."""
        first = DIVIDED.split(line[: 2 * SHORT])[0]
        alone = not is_line(self.signs, "contact", line)
        return not self._reaches(line) or (alone and NAME.fullmatch(first) is not None)

    def _is_own(self, line: str) -> bool:
        low = line.lower()
        near = [one for one in self.own if one in low and len(low) < len(one) + 12]
        return any(low == one or "@" in one or NAME.fullmatch(line) for one in near)

    def _names(self, line: str) -> bool:
        """A name, with a title or without; or a house beside his own name or address: people write
        down the house they complain of, too."""
        house = self._reaches(line) and not re.search(r"[\d@:：]", line)
        return bool(NAME.fullmatch(line) or (house and self._is_his(0)))

    def _evidence(self, begins: int) -> int:
        """How surely the lines from here are a card: ways to reach him, his name, his address."""
        some = [line.strip() for line in self.lines[begins:] if line.strip()]
        return sum(map(self._reaches, some)) + sum(map(self._is_own, some))

    def _is_his(self, begins: int) -> bool:
        """Whether his own name or address stands in it."""
        return any(self._is_own(line.strip()) for line in self.lines[begins:])


def _is_bar(line: str) -> bool:
    return "|" in line and not line.strip(" |")
