"""HTML in words, for reading and searching: one pass, whatever the tags. Standard library only.

Nothing of it is shown as HTML: that is cleaned elsewhere, by nh3.
"""

from __future__ import annotations

import html
import re

SILENT = ("script", "style", "head", "title", "template", "noscript", "svg", "object", "xml")
BLOCK_TAGS = (
    "address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul"
)
BLOCK = frozenset(BLOCK_TAGS.split())
TAG = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:]{0,30}")
ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]{1,200})\"|'([^']{1,200})')", re.IGNORECASE)
BLANKS = re.compile(r"[^\S\n\u3000]+")


def words_of(source: str) -> str:
    """What a reader would see; quoted blocks begin their lines with `> `."""
    out = _Lines()
    place = 0
    while place < len(source):
        opens = source.find("<", place)
        out.say(source[place : opens if opens >= 0 else len(source)])
        if opens < 0:
            break
        if source.startswith("<!--", opens):
            end = source.find("-->", opens + 4)
            place = end + 3 if end >= 0 else len(source)
            continue
        closes = source.find(">", opens)
        name = TAG.match(source, opens + 1)
        if closes < 0:
            break
        if name is None:
            if source[opens + 1 : opens + 2] not in ("!", "?", "/"):
                out.say("<")  # a sign in a text: 1 < 2
                place = opens + 1
            else:
                place = closes + 1
            continue
        tag, place = name[0].lower(), closes + 1
        if tag in SILENT:
            place = _after(source, tag, place)
        else:
            out.tag(tag, source[opens : min(closes, opens + 2000)])
    return out.whole()


def _after(source: str, tag: str, place: int) -> int:
    """Behind the closing tag; a head that never closes ends where the body begins."""
    close = re.compile(
        rf"</{tag}\b[^>]{{0,100}}>" + (r"|(?=<body\b)" if tag == "head" else ""), re.I
    )
    found = close.search(source, place)
    return found.end() if found else (place if tag == "head" else len(source))


class _Lines:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.now: list[str] = []
        self.quoted = 0

    def say(self, text: str) -> None:
        if text:
            self.now.append(re.sub(r"[\r\n]+", " ", html.unescape(text)))

    def tag(self, tag: str, whole: str) -> None:
        if tag == "br":
            self.end(keep=True)
        elif tag in ("td", "th"):
            self.now.append(" ")
        elif tag == "img":
            if found := ALT.search(whole):
                self.now.append(f"[{html.unescape(found[1] or found[2])}]")
        elif tag.lstrip("/") in BLOCK:
            self.end()
            if tag == "hr":
                self.now.append("________________________________")
                self.end()
            if tag == "li":
                self.now.append("· ")
            if tag == "blockquote":
                self.quoted += 1
            elif tag == "/blockquote":
                self.quoted = max(0, self.quoted - 1)
            elif tag in ("/p", "/table", "/ul", "/ol", "/h1", "/h2", "/h3") and self.lines:
                self.end(keep=True)

    def end(self, *, keep: bool = False) -> None:
        line = BLANKS.sub(" ", "".join(self.now).replace("\xa0", " ")).strip(" ")
        self.now = []
        if line or keep:
            self.lines.append(("> " * min(self.quoted, 5) + line).rstrip() if line else "")

    def whole(self) -> str:
        self.end()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip()
