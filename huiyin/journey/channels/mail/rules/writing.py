"""What of a mail becomes the complaint's or the message's text. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.reading.shape import Read
from huiyin.journey.channels.mail.rules.folding import Folded, fold
from huiyin.journey.channels.mail.rules.signs import Sign, found

LONGEST = 19_000  # characters; the rest stands in the mail
ENDINGS = {
    "message/rfc822": ("eml",),
    "message/global": ("eml",),
    "text/calendar": ("ics",),
    "application/ics": ("ics",),
    "text/vcard": ("vcf",),
    "text/x-vcard": ("vcf",),
    "application/pkcs7-signature": ("p7s",),
    "application/x-pkcs7-signature": ("p7s",),
    "application/pkcs7-mime": ("p7m", "p7s"),
    "application/x-pkcs7-mime": ("p7m", "p7s"),
    "application/pgp-signature": ("asc", "sig", "pgp"),
    "application/pgp-keys": ("asc",),
    "application/pgp-encrypted": ("asc", "pgp", "gpg"),
}
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


def evidence_name(name: str, media_type: str) -> str:
    """Its own name, with the ending that its kind has: forwarded mails and signatures often come
    without one."""
    endings = ENDINGS.get(media_type, ())
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return name if not endings or ending in endings else f"{name}.{endings[0]}"


def signature_of(signed: str, doubts: Sequence[str]) -> str:
    """What kind of signature or cipher it carries; nothing here ever verifies one (V56)."""
    return f"{signed}_cipher" if signed and "encrypted" in doubts else signed


def told_doubts(doubts: Sequence[str]) -> list[str]:
    """What was odd about a mail, in sentences for who reads its original."""
    sentences = {
        "control_headers": _("带有冒充本系统的信头，已忽略"),
        "unsure_sender": _("发件人写法有歧义，不能确定是谁发的"),
        "wrong_charset": _("标注的字符编码与内容不符，已按内容识别"),
        "bad_bytes": _("有些字符无法识别"),
        "too_large": _("邮件太大，只读取了前面的部分"),
        "too_deep": _("邮件嵌套太深，里面的没有再读"),
        "too_many_parts": _("附件太多，后面的没有列出"),
        "too_many_headers": _("信头太多，后面的没有读取"),
        "header_cut": _("有一个信头太长，只读取了前面的部分"),
        "text_cut": _("正文太长，只显示前面的部分"),
    }
    return [sentences[one] for one in doubts if one in sentences]
