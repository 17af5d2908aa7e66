"""A raw mail as a whole: its headers, its text in words, its files in order. Standard library only.

The order of files depends on the bytes alone, so a file's `place` finds it again at any time.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime

from huiyin.journey.channels.mail.reading import tnef
from huiyin.journey.channels.mail.reading.charset import text_of
from huiyin.journey.channels.mail.reading.headers import (
    addresses,
    clean,
    decoded,
    message_id,
    parameters,
)
from huiyin.journey.channels.mail.reading.hypertext import words_of
from huiyin.journey.channels.mail.reading.shape import USUAL, Address, File, Limits, Read
from huiyin.journey.channels.mail.reading.wire import Node, Wire, uuencoded

OURS = re.compile(rb"<(hy\.\d{1,18}\.[a-z2-7]{52}@[^<>\s@]{1,253})>", re.IGNORECASE)
CONTROL = "x-huiyin-"
SHOWN_HEADERS = 300
MOST_NESTED = 100  # files of mails within a mail
LONGEST_HEADER = 2000
SIGNATURES = {
    "application/pkcs7-signature": "smime",
    "application/x-pkcs7-signature": "smime",
    "application/pkcs7-mime": "smime",
    "application/x-pkcs7-mime": "smime",
    "application/pgp-signature": "pgp",
    "application/pgp-encrypted": "pgp",
}
ENDINGS = {
    "text/calendar": "ics",
    "message/rfc822": "eml",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "text/html": "html",
    "text/plain": "txt",
    "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/pgp-signature": "asc",
}
REPORTS = ("message/delivery-status", "message/global-delivery-status")
RECEIPTS = ("message/disposition-notification", "message/global-disposition-notification")


class Mail:
    """One reading of one raw mail."""

    def __init__(self, raw: bytes, limits: Limits = USUAL) -> None:
        self.limits = limits
        self.wire = Wire(raw[: limits.size], limits)
        if len(raw) > limits.size:
            self.wire.doubt("too_large")
        self.files: list[tuple[File, bytes]] = []
        self.nested: list[tuple[File, bytes]] = []  # of mails within, until all else is read
        self.report: dict[str, str] = {}
        self.signed = ""

    def read(self, *, headers_only: bool = False) -> Read:
        top = self.wire.tree(depth=self.limits.depth if headers_only else 0)
        text, source = ("", "") if headers_only else self._said(top)
        self._keep_nested()
        sender, sure = self._sender(top)
        if not sure:
            self.wire.doubt("unsure_sender")
        self._find_ours()
        return replace(
            self._envelope(top),
            sender=sender,
            text=self._cut(text),
            html=self._cut(source),
            files=tuple(file for file, _data in self.files),
            report=self.report,
            body_hash=self._body_hash(top),
            signed=self.signed,
            doubts=tuple(self.wire.doubts),
        )

    def _body_hash(self, top: Node) -> str:
        body = self.wire.raw[top.began :].replace(b"\r\n", b"\n").rstrip()
        return hashlib.sha256(body).hexdigest()

    def bytes_of(self, places: list[int]) -> dict[int, bytes]:
        self._said(self.wire.tree())
        self._keep_nested()
        return {file.place: data for file, data in self.files if file.place in places}

    # -- headers --------------------------------------------------------------------------------

    def _envelope(self, top: Node) -> Read:
        return Read(
            internet_id=message_id(top.get("message-id")),
            reply_to=self._addresses(top, "reply-to"),
            to=self._addresses(top, "to"),
            cc=self._addresses(top, "cc"),
            subject=decoded(top.get("subject"))[:500],
            date=_date(top.get("date")),
            in_reply_to=clean(text_of(top.get("in-reply-to"))[0])[:LONGEST_HEADER],
            references=clean(text_of(top.get("references"))[0])[-20_000:],
            headers=tuple(
                (clean(name)[:100], decoded(value[:LONGEST_HEADER])[:LONGEST_HEADER])
                for name, value in self._from_outside(top)[:SHOWN_HEADERS]
            ),
        )

    def _from_outside(self, top: Node) -> list[tuple[str, bytes]]:
        """Without those by which we would speak to ourselves: nobody else may (CVE-2023-41259)."""
        kept = [(n, v) for n, v in top.headers if not n.lower().startswith(CONTROL)]
        if len(kept) < len(top.headers):
            self.wire.doubt("control_headers")
        return kept

    def _addresses(self, top: Node, name: str) -> tuple[Address, ...]:
        return addresses(b", ".join(top.all(name))[: self.limits.header])[0]

    def _sender(self, top: Node) -> tuple[Address, bool]:
        """The one address it is from; none when there are several, or it can be read as two."""
        lines = top.all("from")
        found, sure = addresses(lines[0]) if lines else ((), True)
        name = next((one.name for one in found if one.name), "")
        with_address = [one for one in found if one.address]
        if len(lines) > 1 or len(with_address) > 1 or not sure:
            return Address("", name), False
        return (with_address[0], True) if with_address else (Address("", name), False)

    def _find_ours(self) -> None:
        """Which mail of ours a returned one speaks of, however it was returned."""
        if found := OURS.search(self.wire.raw, 0, 2_000_000):
            self.report.setdefault("our_id", found[1].decode("ascii", "replace"))

    # -- text -----------------------------------------------------------------------------------

    def _said(self, node: Node, depth: int = 0) -> tuple[str, str]:
        """(words, HTML) of a part and all in it; files are put by on the way."""
        self._look_for_signature(node)
        if node.media_type.startswith("multipart/"):
            return self._said_together(node, depth)
        if node.media_type in REPORTS + RECEIPTS:
            text = text_of(self.wire.body(node), "")[0]
            self._read_report(node.media_type, text)
            return text.strip(), ""
        if node.media_type == "text/rfc822-headers":
            return "", ""
        data = self.wire.body(node)
        if node.media_type in ("message/rfc822", "message/global"):
            return self._forwarded(node, data, depth), ""
        name = self._name(node)
        if self._is_winmail(node, name) and (opened := tnef.opened(data)):
            return self._unpacked(opened)
        if self._is_text(node, name):
            return self._words(node, data)
        self._put_by(node, name, data)
        if node.media_type == "text/calendar":
            return _appointment(self._decoded(node, data)), ""
        return "", ""

    def _said_together(self, node: Node, depth: int) -> tuple[str, str]:
        said = [(child, *self._said(child, depth)) for child in node.children]
        if node.media_type == "multipart/alternative":
            source = next((h for _c, _t, h in reversed(said) if h), "")
            plain = next((t for c, t, h in said if t.strip() and not h), "")
            words = next((t for _c, t, h in reversed(said) if h), "")
            if not plain or (len(plain) < 200 and len(words) > 10 * len(plain)):
                plain = words or plain
            return plain, source
        texts = [text for _c, text, _h in said if text.strip()]
        sources = [source for _c, _t, source in said if source]
        if not sources:
            return "\n\n".join(texts), ""
        shown = [
            source or (f"<pre>{html.escape(text)}</pre>" if text.strip() else "")
            for _c, text, source in said
        ]
        return "\n\n".join(texts), "\n".join(part for part in shown if part)

    def _words(self, node: Node, data: bytes) -> tuple[str, str]:
        text = self._decoded(node, data)[: 4 * self.limits.text]
        if node.media_type == "text/html":
            return words_of(text[: self.limits.text]), text
        if "begin " in text[:1_000_000]:
            text = self._without_uuencoded(node, data, text)
        if "-----BEGIN PGP" in text[:10_000]:
            self.signed = self.signed or "pgp"
        return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"), ""

    def _decoded(self, node: Node, data: bytes) -> str:
        text, doubt = text_of(data, node.params.get("charset", ""))
        if doubt:
            self.wire.doubt(doubt)
        return text.replace("\x00", "")

    def _without_uuencoded(self, node: Node, data: bytes, text: str) -> str:
        kept, place = b"", 0
        for name, file, (began, ended) in uuencoded(data):
            if file:
                self._keep(name, "application/octet-stream", file)
                kept += data[place:began]
                place = ended
        return self._decoded(node, kept + data[place:]) if place else text

    def _forwarded(self, node: Node, data: bytes, depth: int) -> str:
        """A mail in a mail: a file, and its text for reading. Of a returned one the headers only
        say what was returned."""
        inner = Mail(data, replace(self.limits, depth=max(0, self.limits.depth - 10)))
        inner.wire.parts = self.wire.parts
        top = inner.wire.tree()
        self.wire.parts = inner.wire.parts
        subject = decoded(top.get("subject"))[:200]
        self._keep(self._name(node) or f"{subject[:80] or 'message'}.eml", "message/rfc822", data)
        if self.report or depth >= 4:
            return ""
        text, _source = inner._said(top, depth + 1)
        name = self.files[-1][0].name if self.files else ""
        self.nested += [(replace(file, inside=name), data) for file, data in inner.files]
        self.nested += inner.nested
        sender = next(iter(addresses(top.get("from")[:2000])[0]), Address(""))
        head = [f"----- {subject} -----", f"{sender.name} {sender.address}".strip()]
        return "\n".join([*(line for line in head if line.strip()), "", text]).strip()

    def _unpacked(self, opened: tnef.Opened) -> tuple[str, str]:
        for file in opened.files:
            self._keep(
                file.name,
                file.media_type or "application/octet-stream",
                file.data,
                content_id=file.content_id,
            )
        if opened.html:
            return opened.text or words_of(opened.html[: self.limits.text]), opened.html
        return opened.text.replace("\r\n", "\n").strip(), ""

    # -- files ----------------------------------------------------------------------------------

    def _name(self, node: Node) -> str:
        _how, params = parameters(node.get("content-disposition"))
        return (params.get("filename") or node.params.get("name") or "").strip()

    def _is_text(self, node: Node, name: str) -> bool:
        how = parameters(node.get("content-disposition"))[0]
        if node.media_type not in ("text/plain", "text/html", "text/enriched", "text/markdown"):
            return False
        return how != "attachment" and not name

    def _is_winmail(self, node: Node, name: str) -> bool:
        return "ms-tnef" in node.media_type or name.lower() == "winmail.dat"

    def _put_by(self, node: Node, name: str, data: bytes) -> None:
        how = parameters(node.get("content-disposition"))[0]
        content_id = clean(text_of(node.get("content-id"))[0]).strip("<>")[:255]
        self._keep(
            name,
            node.media_type,
            data,
            content_id=content_id,
            inline=how == "inline" or (bool(content_id) and how != "attachment"),
        )

    def _keep(
        self, name: str, media_type: str, data: bytes, *, content_id: str = "", inline: bool = False
    ) -> None:
        place = len(self.files)
        if place >= self.limits.parts:
            self.wire.doubt("too_many_parts")
            return
        name = re.split(r"[/\\]", clean(name))[-1].strip(" .")[:140]
        if not name:
            name = f"{place + 1}.{ENDINGS.get(media_type, 'bin')}"
        media_type, content_id = clean(media_type)[:100], clean(content_id)[:255]
        file = File(place, name, media_type, len(data), content_id, inline)
        self.files.append((file, data))

    def _keep_nested(self) -> None:
        """Files of mails within this one, behind all of its own: whatever is found in there, the
        places of the others stay. Their pictures are those of another document."""
        for file, data in self.nested[:MOST_NESTED]:
            place = len(self.files)
            if place >= self.limits.parts:
                break
            self.files.append((replace(file, place=place, content_id=""), data))
        if len(self.nested) > MOST_NESTED:
            self.wire.doubt("too_many_parts")
        self.nested = []

    def _look_for_signature(self, node: Node) -> None:
        kind = node.params.get("protocol", "").lower() or node.media_type
        if found := SIGNATURES.get(kind):
            self.signed = self.signed or found
            opaque = node.media_type == "multipart/encrypted" or node.media_type.endswith("-mime")
            if opaque and node.params.get("smime-type", "") != "signed-data":
                self.wire.doubt("encrypted")

    # -- reports --------------------------------------------------------------------------------

    def _read_report(self, media_type: str, text: str) -> None:
        fields: dict[str, str] = {}
        for found in re.finditer(r"^([A-Za-z-]{1,60}):[ \t]*(.{0,500})$", text[:50_000], re.M):
            fields.setdefault(found[1].lower(), clean(found[2]))
        known = {
            "status": "status",
            "action": "action",
            "final-recipient": "recipient",
            "diagnostic-code": "diagnostic",
            "disposition": "disposition",
            "original-message-id": "original_id",
        }
        self.report["type"] = "mdn" if media_type in RECEIPTS else "dsn"
        for name, ours in known.items():
            if value := fields.get(name):
                value = value.partition(";")[2].strip() if name == "final-recipient" else value
                self.report.setdefault(ours, value[:300])

    def _cut(self, text: str) -> str:
        text = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        if len(text) <= self.limits.text:
            return text
        self.wire.doubt("text_cut")
        return text[: self.limits.text]


def _date(value: bytes) -> str:
    try:
        found = parsedate_to_datetime(clean(text_of(value[:100])[0]))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _appointment(text: str) -> str:
    """The lines of an invitation that say what it is."""
    text = re.sub(r"\r?\n[ \t]", "", text[:200_000])
    found = re.findall(
        r"^(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION)[^:\n]{0,100}:(.{0,500})$", text, re.M
    )
    lines = [
        f"{name}: {value.strip()}".replace("\\n", " ").replace("\\,", ",")
        for name, value in found[:10]
    ]
    return "\n".join(lines)
