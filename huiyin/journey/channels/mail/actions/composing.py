"""A letter as a mail: headers that thread it and cannot be forged, plain text beside clean HTML."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from huiyin.ground import moment
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions.keys import thread_key
from huiyin.journey.channels.mail.models import Mail, Mailbox, Sending
from huiyin.journey.channels.mail.rules import headers
from huiyin.journey.channels.mail.rules.tokens import token
from huiyin.journey.conversation.actions import (
    Undelivered,
    bytes_of,
    files_of,
    handed_out,
    told_withheld,
    withheld,
)
from huiyin.journey.conversation.answers import asker_of
from huiyin.journey.conversation.models import Letter

LARGEST = 20 * 1024 * 1024  # of all files of a letter together; more is refused by many servers
LINK = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)
STYLE = Path(__file__).parent.parent / "templates" / "mail" / "letter.css"


def composed(letter: Letter, body: str, mailbox: Mailbox | None) -> EmailMultiAlternatives:
    """The mail of this letter, from this mailbox or from the house's general sender."""
    recipient = headers.address(letter.recipient)
    if not recipient:
        raise Undelivered(_("收件地址不完整，请更正后重发"), final=True)
    sender = mailbox.address if mailbox else settings.DEFAULT_FROM_EMAIL
    with translation.override(_language(letter)):
        _title(letter, recipient, mailbox)
        text, html = _plain(letter, body, mailbox), _html(letter, body, mailbox)
    mail = EmailMultiAlternatives(
        headers.line(letter.subject),
        text,
        _from(mailbox),
        [recipient],
        headers=_headers(letter, recipient, sender, mailbox),
    )
    mail.attach_alternative(html, "text/html")
    for name, data, media_type in _files(letter):
        mail.attach(name, data, media_type)
    return mail


def _title(letter: Letter, recipient: str, mailbox: Mailbox | None) -> None:
    """An answer of ours is called as his own mail was, so that his program keeps the talk in one
    thread; the number then stands at its foot. Kept, so that an automatic answer to it is known."""
    if letter.purpose != "reply" or letter.is_automatic or not _foot(letter, mailbox):
        return
    own = Mail.objects.filter(complaint=letter.complaint_id, sender__iexact=recipient)
    subject = headers.untitled(own.order_by("-pk").values_list("subject", flat=True).first() or "")
    if subject:
        letter.subject = (_("回复：%(subject)s") % {"subject": subject})[:200]
        Letter.objects.filter(pk=letter.pk).update(subject=letter.subject)


def _from(mailbox: Mailbox | None) -> str:
    if mailbox is None:
        return settings.DEFAULT_FROM_EMAIL
    name = headers.line(mailbox.name or settings.ORGANISATION, 80).replace('"', "")
    return f'"{name}" <{mailbox.address}>' if name else mailbox.address


def _headers(
    letter: Letter, recipient: str, sender: str, mailbox: Mailbox | None
) -> dict[str, str]:
    mark = token(letter.pk, recipient, thread_key())
    made = {"Message-ID": f"<{mark}@{headers.domain_of(_bare(sender))}>"}
    if mailbox is not None:
        made["Reply-To"] = _answers_to(mailbox, mark)
    if letter.is_automatic:
        # So that no robot answers a robot (RFC 3834). What a person writes is no automatic mail.
        made |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    made |= _thread(letter, recipient)
    return made


def _bare(sender: str) -> str:
    return sender.rpartition("<")[2].rstrip("> ") if "<" in sender else sender


def _answers_to(mailbox: Mailbox, mark: str) -> str:
    longer = headers.plus(mailbox.address, mark) if mailbox.plus_addressing else ""
    return longer or mailbox.address


def _thread(letter: Letter, recipient: str) -> dict[str, str]:
    """What this one answers: his own last mail, so that his client keeps it in one thread; else
    what we wrote last to him."""
    if letter.complaint_id is None:
        return {}
    own = Mail.objects.filter(complaint=letter.complaint_id, sender__iexact=recipient)
    last = own.order_by("-pk").values_list("internet_id", "facts").first()
    if last is not None:
        answered, earlier = _bracketed(last[0]), str((last[1] or {}).get("references", ""))
    else:
        ours = Sending.objects.filter(letter__complaint=letter.complaint_id)
        sent = ours.filter(letter__recipient__iexact=recipient).exclude(letter=letter.pk)
        answered = _bracketed(sent.values_list("message_id", flat=True).first() or "")
        earlier = ""
    if not headers.ids(answered):
        return {}
    return {"In-Reply-To": answered, "References": headers.references(earlier, answered)}


def _bracketed(internet_id: str) -> str:
    bare = internet_id.strip().strip("<>")
    return f"<{bare}>" if bare else ""


# --- words ----------------------------------------------------------------------------------------


def _language(letter: Letter) -> str:
    asker = asker_of(letter)
    if letter.complaint is not None:
        spoken = letter.complaint.customer.language
    else:
        spoken = asker.language_of(letter) if asker is not None else ""
    return "en" if spoken.startswith("en") else settings.LANGUAGE_CODE


def _foot(letter: Letter, mailbox: Mailbox | None) -> str:
    """What to do with it, where an answer is really taken in."""
    if mailbox is None or not mailbox.imap_host:
        return ""
    if letter.complaint is None:
        about = asker_of(letter) is not None
        return _("直接回复这封邮件即可，您的话会接着这次会话。") if about else ""
    number = headers.line(letter.complaint.number or "")
    return _("直接回复这封邮件即可，您的话会进入投诉 %(number)s 的记录。") % {"number": number}


def _plain(letter: Letter, body: str, mailbox: Mailbox | None) -> str:
    foot = _foot(letter, mailbox)
    return f"{body}\n\n-- \n{settings.ORGANISATION}\n{foot}\n" if foot else body


def _html(letter: Letter, body: str, mailbox: Mailbox | None) -> str:
    return render_to_string(
        "mail/letter.html",
        {
            "style": _style(),
            "subject": headers.line(letter.subject),
            "paragraphs": [_pieces(one) for one in re.split(r"\n\s*\n", body.strip())],
            "organisation": settings.ORGANISATION,
            "foot": _foot(letter, mailbox),
        },
    )


@cache
def _style() -> SafeString:
    """Within the mail, since nothing may be fetched; it has none of the characters of markup."""
    return format_html("<style>{}</style>", STYLE.read_text())


def _pieces(text: str) -> list[tuple[str, str]]:
    """(words, address or "") in their order: an address becomes a link to exactly itself."""
    found, at = [], 0
    for link in LINK.finditer(text):
        found += [(text[at : link.start()], ""), (link[0], link[0])]
        at = link.end()
    return [*found, (text[at:], "")]


# --- files ----------------------------------------------------------------------------------------


def _files(letter: Letter) -> list[tuple[str, bytes, str]]:
    if (kept := withheld(letter)) is not None:
        sentence = _("%(why)s，所以这条回复没有发出，请不带它再写一条")
        raise Undelivered(sentence % {"why": told_withheld(kept)}, final=True)
    files = files_of(letter)
    if sum(one.size for one in files) > LARGEST:
        raise Undelivered(_("附件合计超过 20 MB，邮件装不下，请减少附件后重新回复"), final=True)
    return [
        (
            headers.line(one.name, 120).replace('"', ""),
            bytes_of(one),
            one.media_type.partition(";")[0],
        )
        for one in files
    ]


def stamped(letter: Letter, mailbox: Mailbox | None, message_id: str, said: str = "") -> None:
    """Remember that a server has taken it, and who has its files now."""
    now = moment.now()
    taken = {"mailbox": mailbox, "message_id": message_id[:255], "said": said[:300]}
    Sending.objects.update_or_create(
        letter=letter,
        defaults={**taken, "state": "accepted", "at": now, "changed_at": now},
    )
    handed_out(letter, files_of(letter))
