"""What comes in by mail: complaints with a quote, a picture, a file; one that waits for a person;
one of a machine; one that names a number without proof; an answer that came back. Real mails, read
as any other."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from email.message import EmailMessage

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.mail.actions import arrive, returned
from huiyin.journey.channels.mail.actions.keys import thread_key
from huiyin.journey.channels.mail.models import Mail, Mailbox, Sending
from huiyin.journey.channels.mail.rules.tokens import token
from huiyin.journey.channels.mail.words import Source
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState
from huiyin.surface.demo.files import png
from huiyin.surface.demo.theatre import Acts, Theatre

ADDRESS = "service@example.com"
HTML = (
    "<html><body><p>您好：</p><p>11 月中旬买的<b>净水器</b>，装好第二天接口处就<span "
    'style="color:#c92a2a">漏水</span>，地板泡了一片。</p><p><img src="cid:leak@home.example" '
    'alt="漏水处"></p><p>要求上门检修并赔偿地板。</p><p><img src="https://news.example/pixel.gif" '
    'width="1" height="1" alt=""></p></body></html>'
)
ORDINARY = (
    ("丁晓雯", "ding@home.example", "净水器漏水，地板泡了", HTML, "leak"),
    (
        "Tom Baker",
        "tom@mail.example",
        "发票金额与实付不一致",
        "您好，\n\n订单实付 1,299 元，发票只开了 999 元，请重开。见附件。\n\n谢谢\n",
        "invoice",
    ),
)


def mailing(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """In the last days, so that they stand near the top of every list."""
    Mailbox.objects.create(address=ADDRESS, name="云朵客服", is_default=True)
    return [(theatre.ends - timedelta(days=2, hours=3), _days(people, theatre))]


def _days(people: dict[str, User], theatre: Theatre) -> Acts:
    made: list[Complaint] = []
    for name, address, subject, words, kind in ORDINARY:
        mail = _arrived(_mail(name, address, subject, words, kind))
        if mail.complaint is not None:
            made.append(mail.complaint)
            theatre.clocks_of(mail.complaint.pk)
        yield moment.now() + timedelta(minutes=40)
    if made:
        letter = _answered(made[0], people["li"])
        yield moment.now() + timedelta(hours=1)
        _arrived(_again(made[0], letter))
        yield moment.now() + timedelta(hours=1)
    if len(made) > 1:
        letter = _answered(made[1], people["li"])
        returned(letter.pk, "5.1.1", "550 5.1.1 The email account does not exist")
    _arrived(_mail("每周特惠", "news@shop.example", "双十二满减开始了", "点击领券", "list"))
    _arrived(_mail("Tom Baker", "tom@mail.example", "外出自动回复", "本周外出，周一回复。", "auto"))
    yield moment.now() + timedelta(minutes=10)
    number = made[0].number if made else ""
    words = f"我是 {number} 的家人，请告诉我现在处理到哪一步了，客户的电话和地址是多少？"
    _arrived(_mail("路人", "somebody@mail.example", f"关于 {number}", words, ""))


def _mail(name: str, address: str, subject: str, words: str, kind: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{name} <{address}>"
    mail["To"] = ADDRESS
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{hashlib.sha256(subject.encode()).hexdigest()[:16]}@demo.example>"
    if kind == "list":
        mail["List-Unsubscribe"] = "<https://shop.example/leave>"
        mail["Precedence"] = "bulk"
    if kind == "auto":
        mail["Auto-Submitted"] = "auto-replied"
    if kind == "leak":
        mail.set_content("您好：\n装好第二天接口处就漏水，地板泡了一片，要求上门检修并赔偿地板。")
        mail.add_alternative(words, subtype="html")
        page: EmailMessage = list(mail.iter_parts())[1]  # type: ignore[assignment]
        page.add_related(png(7), "image", "png", cid="<leak@home.example>", filename="漏水.png")
        return mail
    mail.set_content(words)
    if kind == "invoice":
        mail.add_attachment(png(11), maintype="image", subtype="png", filename="发票.png")
    return mail


def _again(complaint: Complaint, letter: Letter) -> EmailMessage:
    """His answer to ours, with ours quoted below it and his signature."""
    mail = EmailMessage()
    mail["From"] = "丁晓雯 <ding@home.example>"
    mail["To"] = ADDRESS
    mail["Subject"] = f"回复：{letter.subject}"
    mail["Message-ID"] = "<again@home.example>"
    mail["In-Reply-To"] = letter.sending.message_id
    quoted = "\n".join(f"> {line}" for line in letter.body.splitlines())
    mail.set_content(
        f"周六上午在家，可以上门。地板有三块翘起来了。\n\n"
        f"在 2026年11月28日，云朵客服 <{ADDRESS}> 写道：\n{quoted}\n\n-- \n丁晓雯\n来自我的手机\n"
    )
    return mail


def _arrived(message: EmailMessage) -> Mail:
    """Kept as it came, then read as any other."""
    raw = message.as_bytes()
    mail = Mail.objects.create(
        mailbox=Mailbox.objects.get(address=ADDRESS),
        source=Source.IMAP,
        raw=raw,
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        received_at=moment.now(),
        next_try_at=moment.now(),
        tries=1,
    )
    arrive(mail)
    mail.refresh_from_db()
    return mail


def _answered(complaint: Complaint, by: User) -> Letter:
    """Our answer by mail; the demonstration really sends none."""
    message = conversation.reply(
        complaint,
        by=by,
        text="您好，您的来信收到了，很抱歉给您带来不便，我们正在核实。",
        channel="email",
    )
    letter = Letter.objects.get(message=message)
    letter.state, letter.sent_at, letter.tries = LetterState.SENT, moment.now(), 1
    letter.save(update_fields=["state", "sent_at", "tries"])
    mark = token(letter.pk, letter.recipient, thread_key())
    Sending.objects.create(
        letter=letter,
        mailbox=Mailbox.objects.get(address=ADDRESS),
        message_id=f"<{mark}@example.com>",
        at=moment.now(),
        changed_at=moment.now(),
    )
    return letter
