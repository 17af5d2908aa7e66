"""Mails to test with, made here: nothing of anybody's."""

from __future__ import annotations

import base64
from email.message import EmailMessage


def mail(text="电饭煲买了三天就坏了，客服不理人。", *, charset="utf-8", **headers) -> bytes:
    """A mail as a customer's program writes it; `headers` by name with _ for -."""
    message = EmailMessage()
    given = {
        "From": "赵敏 <zhao@example.net>",
        "To": "service@example.com",
        "Subject": "电饭煲坏了",
        "Message-ID": "<one@example.net>",
        "Date": "Mon, 23 Nov 2026 10:00:00 +0800",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        if value is not None:
            message[name] = value
    message.set_content(text, charset=charset)
    return message.as_bytes()


def with_file(
    name="发票.pdf", data=b"%PDF-1.4\n%%EOF\n", kind="application/pdf", **headers
) -> bytes:
    message = EmailMessage()
    message["To"] = "service@example.com"
    message["Subject"] = "发票不对"
    headers.setdefault("From", "赵敏 <zhao@example.net>")
    headers.setdefault("Message_ID", "<file@example.net>")
    for header, value in headers.items():
        message[header.replace("_", "-")] = value
    message.set_content("发票金额写错了，请看附件。")
    main, _slash, sub = kind.partition("/")
    message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def bounce(our_id: str, *, action="failed", status="5.1.1") -> bytes:
    """A returned mail as Postfix writes it."""
    return f"""From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: service@example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <bounce-{status}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--B1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; wf@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--B1
Content-Type: text/rfc822-headers

From: service@example.com
To: wf@example.com
Message-ID: <{our_id}>
--B1--
""".encode()


def raw(head: str, body: bytes) -> bytes:
    """Headers as written, and bytes as they are."""
    return head.strip().encode() + b"\n\n" + body


def word(text: str, charset: str) -> str:
    """An encoded word with this label and these bytes."""
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="
