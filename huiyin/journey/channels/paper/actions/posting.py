"""Answers by letter: put together, laid out for an envelope, previewed, many as one PDF."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.printing import setting
from huiyin.ground.printing.rules import told_lacking
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.paper.actions.printing import Content, Drawn, Frame, draw
from huiyin.journey.channels.paper.models import Post, Template, Window
from huiyin.journey.channels.paper.permissions import can_post_paper
from huiyin.journey.channels.paper.rules import words
from huiyin.journey.channels.paper.words import PostState
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.actions.evidence import store_bytes
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState

MOST_AT_ONCE = 100


def template_for(complaint: Complaint) -> Template | None:
    """That of the customer's language, else any that is in use."""
    language = complaint.customer.language or settings.LANGUAGE_CODE
    rows = Template.objects.in_use().select_related("window").order_by("-is_default", "pk")
    return rows.filter(language=language).first() or rows.first()


@dataclass(frozen=True)
class Addressee:
    name: str
    address: str


def addressee_of(complaint: Complaint) -> Addressee:
    """To whom and where answers go: as the latest letter about it was signed, for this complaint
    alone; else the customer, by what we know of him."""
    customer = complaint.customer
    letters = complaint.pieces.exclude(address="").order_by("-pk")
    found = letters.values_list("sender", "address").first()
    if found is None:
        return Addressee(customer.name, customer.contact("postal"))
    return Addressee(found[0] or customer.name, found[1])


def put_together(
    complaint: Complaint,
    text: str,
    *,
    template: Template,
    to: Addressee,
    writer: str = "",
    enclosures: Sequence[str] = (),
    warned: bool = False,
) -> Drawn:
    """The letter as it will be printed; `warned`: a preview tells what cannot be."""
    language = template.language
    with translation.override(language):
        today = words.spoken_day(timezone.localdate(moment.now()), language)
        piece = complaint.pieces.exclude(number="").order_by("pk").first()
        values = {
            "name": to.name or _("客户"),
            "number": complaint.number,
            "organisation": settings.ORGANISATION,
            "date": today,
            "writer": writer,
            "incoming": piece.number if piece else "",
        }

        lines = words.address_lines(to.address)
        if to.name and to.name not in to.address:
            lines = [to.name, *lines]
        return laid(
            template, values, text=text, address=lines, enclosures=enclosures, warned=warned
        )


def laid(
    template: Template,
    values: Mapping[str, str],
    *,
    text: str,
    address: Sequence[str],
    enclosures: Sequence[str] = (),
    warned: bool = False,
) -> Drawn:
    """The template with these values put in, in the language that is spoken just now."""

    def fill(part: str) -> str:
        return words.filled(part, values)

    parts = (fill(template.opening), text, fill(template.closing))
    listed = "\n".join(f"{at}. {name}" for at, name in enumerate(enclosures, start=1))
    content = Content(
        sender=fill(template.sender),
        address=address,
        facts=(
            (_("日期"), values["date"]),
            (_("我方编号"), values["number"]),
            (_("来信登记号"), values["incoming"]),
            (_("经办人"), values["writer"]),
        ),
        subject=fill(template.subject),
        body="\n\n".join(part for part in parts if part.strip()),
        signature=fill(template.signature),
        signed_by=values["writer"] or settings.ORGANISATION,
        enclosures=f"{_('附件：')}\n{listed}" if listed else "",
        page=_("第 {page} 页，共 {pages} 页"),
    )
    warning = told_lacking(setting.unprintable(content.words)) if warned else ""
    return draw(content, frame_of(template.window), warning)


def frame_of(window: Window) -> Frame:
    return Frame(
        left=window.left,
        top=window.top,
        width=window.width,
        height=window.height,
        sender_top=window.sender_top,
        body_top=window.body_top,
        folds=words.folds(window.folds),
    )


def preview(complaint: Complaint, text: str, *, by: User) -> bytes:
    """The letter that these words would become; nothing is kept."""
    conversation.checked_text(text)
    template, to = template_for(complaint), addressee_of(complaint)
    if template is None:
        raise Refused(_("没有启用的信函模板，请管理员先在“管理”里添加"))
    if not to.address:
        raise Refused(_("这位客户没有通信地址，请先在客户资料里补充"))
    return put_together(complaint, text, template=template, to=to, writer=by.name, warned=True).data


@transaction.atomic
def lay_out(letter: Letter, body: str) -> Post:
    """A letter on its way out becomes a paper to print; asked again it is the same one."""
    there = Post.objects.filter(letter=letter).first()
    if there is not None:
        return there
    complaint = letter.complaint
    assert complaint is not None, "an answer by letter belongs to a complaint"
    template = template_for(complaint)
    if template is None:
        raise conversation.Undelivered(
            _("没有启用的信函模板，请管理员先在“管理”里添加"), final=True
        )
    to = addressee_of(complaint)
    to = replace(to, address=to.address or letter.recipient)
    drawn = _drawn(letter, body, template, to)
    path, digest = store_bytes(SimpleUploadedFile("letter.pdf", drawn.data))
    return Post.objects.create(
        letter=letter,
        template=template,
        address=to.address,
        path=path,
        sha256=digest,
        leaves=drawn.leaves,
        unprintable=[*drawn.unprintable],
        at=moment.now(),
    )


def _drawn(letter: Letter, body: str, template: Template, to: Addressee) -> Drawn:
    assert letter.complaint is not None
    by = letter.message.by if letter.message else None
    return put_together(
        letter.complaint,
        body,
        template=template,
        to=to,
        writer=by.shown_name if by and not by.is_system else "",
        enclosures=list(letter.attached.values_list("name", flat=True)),
    )


@transaction.atomic
def redraw(post: Post, *, by: User, template: Template, address: str) -> None:
    """Another template or address, as long as it is not printed."""
    can_post_paper.require(by, post)
    kept = held(post, (PostState.TO_PRINT,), _("已经打印过，不能再改；请撤下重写"))
    missing = _("请填写收件地址")
    address = said(address, name="address", most=200, missing=missing, least=5)
    assert kept.letter.complaint is not None
    to = replace(addressee_of(kept.letter.complaint), address=address)
    drawn = _drawn(kept.letter, kept.letter.body, template, to)
    path, digest = store_bytes(SimpleUploadedFile("letter.pdf", drawn.data))
    kept.template, kept.address, kept.path, kept.sha256 = template, address, path, digest
    kept.leaves, kept.unprintable = drawn.leaves, [*drawn.unprintable]
    kept.save(update_fields=["template", "address", "path", "sha256", "leaves", "unprintable"])
    post.refresh_from_db()


def batch(posts: Sequence[Post], *, by: User) -> bytes:
    """Several letters as one PDF, one after the other; each begins on a sheet of its own."""
    import pypdfium2

    chosen = chosen_of(posts, by=by)
    whole = pypdfium2.PdfDocument.new()
    for post in chosen:
        one = pypdfium2.PdfDocument(bytes_of(post))  # of our own making
        whole.import_pages(one)
        if len(one) % 2 and post is not chosen[-1]:  # printed on both sides, none on another's back
            whole.new_page(*one[0].get_size())
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def bytes_of(post: Post) -> bytes:
    return (Path(settings.EVIDENCE_DIR) / post.path).read_bytes()


def chosen_of(posts: Sequence[Post], *, by: User) -> list[Post]:
    can_post_paper.require(by, None)
    if not posts:
        raise Invalid(_("请先勾选信函"), post=_("请先勾选信函"))
    return list(posts)[:MOST_AT_ONCE]


def held(post: Post, states: Sequence[str], sentence: str) -> Post:
    rows = Post.objects.select_for_update(of=("self",)).select_related(
        "letter__complaint__customer", "letter__message__by", "template__window"
    )
    kept = rows.get(pk=post.pk)
    if kept.letter.state == LetterState.CANCELLED:
        raise Refused(_("这封信函已经取消，不再寄出"))
    if kept.state not in states:
        raise Refused(sentence)
    return kept
