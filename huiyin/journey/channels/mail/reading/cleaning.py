"""The HTML of a mail, made harmless: what a child process does, within limits of its own.

Run as a file, it knows neither Django nor the house. HTML on its standard input; on its output JSON
with the cleaned HTML, the addresses of remote images and the ids of those inside the mail; in the
HTML stands only their place (`cid:huiyin.remote.0`). A real parser (nh3) keeps what is on the lists
and nothing else: 200,000 nested tags take it minutes, hence the child and its limit of seconds.
"""

from __future__ import annotations

import json
import re
import sys

CPU_SECONDS = 5
MEMORY = 512 * 1024 * 1024
LONGEST = 1_000_000  # characters
MOST_IMAGES = 40

TAGS = {
    *("a", "abbr", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col"),
    *("colgroup", "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1"),
    *("h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p"),
    *("pre", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "wbr"),
}
EMPTIED = {"script", "style", "title", "svg", "math", "template", "noscript", "iframe", "object"}
PLAIN = {"align", "valign", "dir", "lang", "title", "style"}
SIZED = {"width", "height", "bgcolor", "border", "cellpadding", "cellspacing", "colspan", "rowspan"}
ATTRIBUTES = {
    "*": PLAIN,
    "a": {"href"},
    "img": {"alt", "src", "width", "height"},
    "font": {"color", "size", "face"},
    "ol": {"start", "type"},
    "col": {"span", "width"},
    **dict.fromkeys(("table", "tr", "td", "th", "tbody", "thead", "tfoot", "hr"), SIZED),
}
STYLES = {
    *("color", "background-color", "font-weight", "font-style", "font-size", "font-family"),
    *("text-align", "text-decoration", "text-indent", "line-height", "vertical-align"),
    *("white-space", "border", "border-collapse", "border-color", "border-style"),
    *("border-width", "border-top", "border-bottom", "border-left", "border-right"),
    *("padding", "padding-top", "padding-bottom", "padding-left", "padding-right"),
    *("margin", "margin-top", "margin-bottom", "margin-left", "margin-right"),
    *("width", "max-width", "list-style-type"),
}
# Neither url( nor expression( nor an escape: words, figures, and colours by rgb().
VALUE = re.compile(r"(?:rgba?\([\d\s.,%/]{1,40}\)|[\w\s.,%#'\"!-])*", re.ASCII)
WIDE = re.compile(r"[\w\s.,%#'\"!-]*")  # names of fonts may be Chinese
LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]{1,2000}", re.IGNORECASE)
REMOTE = re.compile(r"https?://[!-~]{1,1990}", re.IGNORECASE | re.ASCII)
INSIDE = re.compile(r"cid:([!-~]{1,250})", re.IGNORECASE | re.ASCII)


def styled(text: str) -> str:
    """The declarations that only colour and space; what could fetch or cover something is gone."""
    kept = []
    for declaration in text.split(";")[:60]:
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        fits = WIDE if name == "font-family" else VALUE
        if colon and name in STYLES and 0 < len(value) < 200 and fits.fullmatch(value):
            kept.append(f"{name}: {value}")
    return "; ".join(kept)


class Pictures:
    """Each picture gets a place instead of its address: nothing in the HTML can be fetched."""

    def __init__(self) -> None:
        self.remote: list[str] = []
        self.inside: list[str] = []

    def placed(self, address: str) -> str | None:
        if cid := INSIDE.fullmatch(address):
            return self._place("cid", cid[1], self.inside)
        if REMOTE.fullmatch(address):
            return self._place("remote", address, self.remote)
        return None

    def _place(self, name: str, address: str, known: list[str]) -> str | None:
        if address not in known:
            if len(known) >= MOST_IMAGES:
                return None
            known.append(address)
        return f"cid:huiyin.{name}.{known.index(address)}"


def cleaned(html: str) -> dict[str, object]:
    import nh3

    pictures = Pictures()

    def judged(tag: str, attribute: str, value: str) -> str | None:
        """What an attribute may say; None drops it."""
        if attribute == "style":
            return styled(value) or None
        if attribute == "href":
            return value.strip() if LINK.fullmatch(value.strip()) else None
        return pictures.placed(value.strip()) if attribute == "src" else value[:300]

    made = nh3.clean(
        html[:LONGEST],
        tags=TAGS,
        clean_content_tags=EMPTIED,
        attributes=ATTRIBUTES,
        attribute_filter=judged,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return {"html": made, "remote": pictures.remote, "inside": pictures.inside}


def main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    html = sys.stdin.buffer.read().decode("utf-8", "replace")
    sys.stdout.write(json.dumps(cleaned(html)))


if __name__ == "__main__":
    main()
