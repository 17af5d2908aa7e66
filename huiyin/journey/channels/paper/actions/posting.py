"""Answers by letter: put together, printed, posted, come back. Each step by whom and when."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.channels.paper.actions.printing import Content, Drawn, Frame, draw
from huiyin.journey.channels.paper.models import Post, Template, Window
from huiyin.journey.channels.paper.permissions import can_post_paper
from huiyin.journey.channels.paper.rules import words
from huiyin.journey.channels.paper.words import PostState
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.actions.evidence import store_bytes
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState, Reach

MOST_AT_ONCE = 100
UNSENT = (PostState.TO_PRINT, PostState.PRINTED)


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
) -> Drawn:
    """The letter as it will be printed."""
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
        return laid(template, values, text=text, address=lines, enclosures=enclosures)


def laid(
    template: Template,
    values: Mapping[str, str],
    *,
    text: str,
    address: Sequence[str],
    enclosures: Sequence[str] = (),
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
    return draw(content, frame_of(template.window))


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
    return put_together(complaint, text, template=template, to=to, writer=by.name).data


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
    kept = _held(post, (PostState.TO_PRINT,), _("已经打印过，不能再改；请撤下重写"))
    missing = _("请填写收件地址")
    address = said(address, name="address", most=200, missing=missing, least=5)
    assert kept.letter.complaint is not None
    to = replace(addressee_of(kept.letter.complaint), address=address)
    drawn = _drawn(kept.letter, kept.letter.body, template, to)
    path, digest = store_bytes(SimpleUploadedFile("letter.pdf", drawn.data))
    kept.template, kept.address, kept.path, kept.sha256 = template, address, path, digest
    kept.leaves = drawn.leaves
    kept.save(update_fields=["template", "address", "path", "sha256", "leaves"])
    post.refresh_from_db()


@transaction.atomic
def marked_printed(posts: Sequence[Post], *, by: User) -> int:
    """They lie on the desk, to be signed and put into envelopes."""
    chosen = _chosen(posts, by=by)
    waits = Post.objects.filter(pk__in=[post.pk for post in chosen], state=PostState.TO_PRINT)
    done = waits.update(state=PostState.PRINTED, printed_by=by, printed_at=moment.now())
    if not done:
        raise Refused(_("这些信函已经打印过了，请刷新查看"))
    return done


@transaction.atomic
def marked_posted(
    post: Post, *, by: User, posted_on: date | None = None, tracking: str = ""
) -> None:
    """It went to the post: from now on it counts as sent."""
    can_post_paper.require(by, post)
    kept = _held(post, UNSENT, _("这封信函已经登记寄出了，请刷新查看"))
    today = timezone.localdate(moment.now())
    posted_on = posted_on or today
    if not timezone.localdate(kept.at) <= posted_on <= today:
        sentence = _("寄出日期要在写信之后、今天或以前")
        raise Invalid(sentence, posted_on=sentence)
    tracking = said(tracking, name="tracking", most=40)
    now = moment.now()
    if kept.printed_at is None:
        kept.printed_by, kept.printed_at = by, now
    kept.state, kept.posted_by, kept.posted_at = PostState.POSTED, by, now
    kept.posted_on, kept.tracking = posted_on, tracking
    kept.save()
    Letter.objects.filter(pk=kept.letter_id).update(
        state=LetterState.SENT, sent_at=now, outer_id=outer_id(kept), error=""
    )
    note = frozen(gettext_lazy("%(day)s 寄出")) % {"day": posted_on.isoformat()}
    facts = {"post": kept.pk, "note": note}
    if tracking:
        facts["words"] = tracking
    assert kept.letter.complaint is not None
    record(What.PAPER_SENT, kept.letter.complaint, by=by, **facts)
    conversation.handed_out(kept.letter, kept.letter.attached.all())
    post.refresh_from_db()


def outer_id(post: Post) -> str:
    return f"paper-{post.pk}"


@transaction.atomic
def come_back(post: Post, *, by: User, reason: str) -> None:
    """The post could not deliver it."""
    can_post_paper.require(by, post)
    kept = _held(post, (PostState.POSTED,), _("只有已寄出的信函可以登记退回"))
    missing = _("请写明退回原因，例如“查无此人”")
    kept.returned_why = said(reason, name="reason", most=200, missing=missing)
    kept.state, kept.returned_by, kept.returned_at = PostState.RETURNED, by, moment.now()
    kept.save(update_fields=["state", "returned_by", "returned_at", "returned_why"])
    conversation.reached(Channel.LETTER, outer_id(kept), Reach.MISSED, kept.returned_why)
    post.refresh_from_db()


def batch(posts: Sequence[Post], *, by: User) -> bytes:
    """Several letters as one PDF, one after the other; each begins on a sheet of its own."""
    import pypdfium2

    chosen = _chosen(posts, by=by)
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


def _chosen(posts: Sequence[Post], *, by: User) -> list[Post]:
    can_post_paper.require(by, None)
    if not posts:
        raise Invalid(_("请先勾选信函"), post=_("请先勾选信函"))
    return list(posts)[:MOST_AT_ONCE]


def _held(post: Post, states: Sequence[str], sentence: str) -> Post:
    rows = Post.objects.select_for_update(of=("self",)).select_related(
        "letter__complaint__customer", "letter__message__by", "template__window"
    )
    kept = rows.get(pk=post.pk)
    if kept.letter.state == LetterState.CANCELLED:
        raise Refused(_("这封信函已经取消，不再寄出"))
    if kept.state not in states:
        raise Refused(sentence)
    return kept
