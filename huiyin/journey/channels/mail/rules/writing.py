"""What of a mail becomes the complaint's or the message's text. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.utils.translation import gettext as _

from huiyin.journey.channels.mail.reading.shape import Read
from huiyin.journey.channels.mail.rules.folding import Folded, fold
from huiyin.journey.channels.mail.rules.signs import Sign, found

LONGEST = 19_000  # characters; the rest stands in the mail
SMALL_PICTURE = 8 * 1024  # bytes: logos and lines of signatures, no evidence


def fingerprint(read: Read, sha256: str) -> str:
    """Message-ID, sender and body together; without a Message-ID the bytes themselves (a stranger
    who uses somebody's Message-ID makes nobody's mail vanish)."""
    if not read.internet_id or not read.body_hash:
        return hashlib.sha256(f"raw\n{sha256}".encode()).hexdigest()
    key = "\n".join((read.internet_id.lower(), read.sender.address, read.body_hash))
    return hashlib.sha256(key.encode()).hexdigest()


def new_words(read: Read, signs: Sequence[Sign]) -> Folded:
    """What is new in it. Of a forwarded mail the whole is what he wants to say."""
    if found(signs, "forward", {"subject": [read.subject]}):
        return Folded(read.text.strip())
    return fold(read.text, signs, (read.sender.name, read.sender.address))


def complaint_text(read: Read, words: str) -> str:
    """Subject and words, as the customer would have told it."""
    subject = "" if read.subject in words else read.subject
    text = "\n\n".join(part for part in (subject.strip(), words.strip()) if part)
    return cut(text or _("（邮件没有文字，请看附件或原邮件）"))


def message_text(read: Read, words: str) -> str:
    return cut(words.strip() or read.subject.strip() or _("（邮件没有文字，请看附件或原邮件）"))


def unread_text(read: Read) -> str:
    """Of a mail that could not be read whole."""
    lines = [
        read.subject.strip(),
        _("（这封邮件没有能完整读取，请打开原邮件核对）"),
        read.text.strip(),
    ]
    return cut("\n\n".join(line for line in lines if line))


def cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "\n" + _("……（全文见原邮件）")


def is_evidence(size: int, media_type: str, *, inline: bool) -> bool:
    """Whether a file of a mail is worth being evidence by itself."""
    return not (inline and media_type.startswith("image/") and size < SMALL_PICTURE)
