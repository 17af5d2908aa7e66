"""The shape of a mail on the wire: headers, parts in parts, transfer encodings. One pass, within
limits, no exception for any bytes. Standard library only."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from huiyin.journey.channels.mail.reading.headers import base64_of, decoded, parameters
from huiyin.journey.channels.mail.reading.shape import Limits

NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n(?=[M\"-`])", re.MULTILINE)


@dataclass
class Node:
    """A part: its headers and where its body stands in the raw mail."""

    headers: list[tuple[str, bytes]]
    began: int
    ended: int
    media_type: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def get(self, name: str) -> bytes:
        """The first header of this name (lower case), b"" without."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def all(self, name: str) -> list[bytes]:
        return [value for key, value in self.headers if key.lower() == name]


class Wire:
    """One raw mail and what was odd in its build."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        if b"\n" not in raw:
            raw = raw.replace(b"\r", b"\n")  # an old Mac's line ends
        self.raw = raw
        self.limits = limits
        self.doubts: dict[str, None] = {}
        self.parts = 0

    def doubt(self, code: str) -> None:
        self.doubts[code] = None

    def tree(self, began: int = 0, ended: int | None = None, depth: int = 0) -> Node:
        """The mail that stands between two places of the raw one."""
        ended = len(self.raw) if ended is None else ended
        if self.raw.startswith((b"From ", b">From "), began):  # of a mailbox file
            began = self._line_end(began, ended)
        return self._node(began, ended, depth, "text/plain")

    def _node(self, began: int, ended: int, depth: int, default: str) -> Node:
        self.parts += 1
        headers, body = self._headers(began, ended)
        node = Node(headers, body, ended)
        node.media_type, node.params = parameters(node.get("content-type"))
        if not re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,120}", node.media_type):
            node.media_type = default if not node.media_type else _mended(node.media_type)
        if node.media_type.startswith("multipart/"):
            if depth >= self.limits.depth:
                self.doubt("too_deep")
                node.media_type = "application/octet-stream"
            else:
                self._divide(node, depth)
        return node

    def _headers(self, place: int, ended: int) -> tuple[list[tuple[str, bytes]], int]:
        found: list[tuple[str, bytearray]] = []
        seen = lines = 0
        while place < ended:
            lines += 1
            if seen > self.limits.headers or lines > 20 * self.limits.headers:
                self.doubt("too_many_headers")
                return self._kept(found), self._blank_line(place, ended)
            end = self._line_end(place, ended)
            first = self.raw[place : place + 1]
            if first in (b" ", b"\t") and found:
                line = self.raw[place : min(end, place + self.limits.header)].strip(b"\r\n")
                self._longer(found[-1][1], b" " + line.lstrip(b" \t"))
            elif first in (b"\n", b"\r"):
                return self._kept(found), end
            elif name := NAME.match(self.raw, place, min(end, place + 300)):
                seen += 1
                line = self.raw[name.end() : min(end, name.end() + self.limits.header + 1)]
                if seen <= self.limits.headers:
                    found.append((name[1].decode("ascii"), bytearray()))
                    self._longer(found[-1][1], line.strip(b" \t\r\n"))
            else:  # neither header nor blank line: the text has begun without one
                self.doubt("odd_header")
                return self._kept(found), place
            place = end
        return self._kept(found), ended

    def _blank_line(self, place: int, ended: int) -> int:
        found = [
            at + len(gap)
            for gap in (b"\n\n", b"\n\r\n")
            if (at := self.raw.find(gap, place, ended)) >= 0
        ]
        return min(found, default=ended)

    def _longer(self, value: bytearray, more: bytes) -> None:
        room = self.limits.header - len(value)
        if len(more) > room:
            self.doubt("header_cut")
        value += more[: max(0, room)]

    def _kept(self, found: list[tuple[str, bytearray]]) -> list[tuple[str, bytes]]:
        return [(name, bytes(value).strip()) for name, value in found]

    def _line_end(self, place: int, ended: int) -> int:
        found = self.raw.find(b"\n", place, ended)
        return ended if found < 0 else found + 1

    def _divide(self, node: Node, depth: int) -> None:
        """Cut a multipart at its boundary; a missing end is the end of the whole."""
        boundary = node.params.get("boundary", "").encode("utf-8", "replace")[:300].rstrip()
        if not boundary:
            self.doubt("no_boundary")
            boundary = self._guessed(node)
        digest = node.media_type == "multipart/digest"
        marks = list(self._marks(b"--" + boundary, node.began, node.ended)) if boundary else []
        for (_before, began, last), (ended, _after, _last) in pairwise(
            [*marks, (node.ended, node.ended, True)]
        ):
            if last:
                break
            if self.parts >= self.limits.parts:
                self.doubt("too_many_parts")
                break
            default = "message/rfc822" if digest else "text/plain"
            node.children.append(self._node(began, ended, depth + 1, default))
        if not node.children:
            self.doubt("no_parts")
            node.media_type = "text/plain"

    def _guessed(self, node: Node) -> bytes:
        found = re.compile(rb"^--([^\r\n]{1,100})\r?$", re.MULTILINE).search(
            self.raw, node.began, min(node.ended, node.began + 100_000)
        )
        return found[1].rstrip() if found else b""

    def _marks(self, mark: bytes, began: int, ended: int) -> Iterator[tuple[int, int, bool]]:
        """(where the part before ends, where the next begins, whether it is the last mark)."""
        place, given = began, 0
        while (found := self.raw.find(mark, place, ended)) >= 0:
            end = self._line_end(found, ended)
            rest = self.raw[found + len(mark) : min(end, found + len(mark) + 20)].strip()
            at_line = found == began or self.raw[found - 1 : found] == b"\n"
            if at_line and rest in (b"", b"--"):
                before = found - 1 - (self.raw[found - 2 : found - 1] == b"\r")
                yield max(began, before), end, rest == b"--"
                given += 1
                if rest == b"--" or given > self.limits.parts + 1:
                    return
            place = max(end, found + 1) if at_line else found + 1

    def body(self, node: Node) -> bytes:
        """A part's bytes with the transfer encoding undone."""
        data = self.raw[node.began : node.ended]
        how = node.get("content-transfer-encoding").split(b";")[0].strip(b" \"'").lower()
        if how == b"base64":
            return base64_of(data)
        if how in (b"quoted-printable", b"quoted_printable"):
            return binascii.a2b_qp(data)
        if how in (b"uuencode", b"x-uuencode", b"uue", b"x-uue"):
            found = list(uuencoded(data))
            return found[0][1] if found else data
        if how not in (b"", b"7bit", b"8bit", b"binary", b"8-bit", b"7-bit"):
            self.doubt("odd_encoding")
        return data


def uuencoded(data: bytes) -> Iterator[tuple[str, bytes, tuple[int, int]]]:
    """(name, bytes, where it stands) of each file typed into a text by uuencode."""
    place = 0
    while found := UU_BEGIN.search(data, place):
        kept, at = bytearray(), found.end()
        while at < len(data):
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            line = data[at:end].rstrip(b"\r")
            at = end + 1
            if line == b"end" or not line:
                break
            kept += _uu_line(line)
        yield decoded(found[1]), bytes(kept), (found.start(), min(at, len(data)))
        place = at


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # blanks at the end were cut, or were added
        wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:wanted].ljust(wanted))
        except binascii.Error:
            return b""


def _mended(media_type: str) -> str:
    """ "text", "plain" and the like, as old programs wrote."""
    return (
        "text/html"
        if "html" in media_type
        else (
            "text/plain" if media_type in ("text", "plain", "ascii") else "application/octet-stream"
        )
    )
