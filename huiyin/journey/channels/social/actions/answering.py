"""Answers that everybody reads: neutral, without anything of a person's own, then in private."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.social.models import Post
from huiyin.journey.channels.social.permissions import can_answer_publicly
from huiyin.journey.channels.social.publicly import PUBLIC, publicly
from huiyin.journey.channels.social.rules.exposure import exposed
from huiyin.journey.channels.social.words import PostState
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.words import LetterState

UNDO = timedelta(seconds=10)


def neutral(post: Post) -> str:
    """The one template of public answers."""
    return _("您好，我们看到了您反映的情况，很抱歉给您带来不便。我们正在核实，请留意您的私信。")


def invitation(post: Post) -> str:
    """The one template of going on in private."""
    return _(
        "您好，我们看到了您反映的情况，很抱歉给您带来不便。为保护您的信息，请私信我们，或在 "
        "%(link)s 告诉我们，并写上编号 %(number)s。"
    ) % {"link": settings.BASE_URL + reverse("portal:start"), "number": post.complaint.number}


@transaction.atomic
def answer_publicly(post: Post, *, by: User, text: str = "", key: str = "") -> Message:
    """Say it where everybody reads it; for a moment it can be undone. `key`: of the page; what is
    sent again because the answer was lost is said once."""
    message, _is_new = conversation.once(
        post.complaint,
        by=by,
        key=f"post:{post.pk}:{key}"[:200] if key else "",
        body={"text": text},
        write=lambda: _said(post, by=by, text=text or neutral(post)),
    )
    if post.state == PostState.NEW:
        _turn(post, PostState.ANSWERED)
    return message


@transaction.atomic
def move_private(post: Post, *, by: User, text: str = "") -> Message:
    """Ask the author to go on in private, once; with a link and the number, nothing of his own."""
    if Post.objects.select_for_update().get(pk=post.pk).state == PostState.MOVED:
        raise Refused(_("已经请他转为私下沟通了"))
    message = _said(post, by=by, text=text or invitation(post))
    _turn(post, PostState.MOVED)
    record(What.MOVED_PRIVATE, post.complaint, by=by, post=post.pk, name=post.platform)
    return message


def _said(post: Post, *, by: User, text: str) -> Message:
    can_answer_publicly.require(by, post)
    _nothing_of_his_own(post, text)
    with publicly(post):
        return conversation.reply(
            post.complaint,
            by=by,
            text=text,
            channel=Channel.SOCIAL,
            leaves_at=moment.now() + UNDO,
        )


def _nothing_of_his_own(post: Post, text: str) -> None:
    complaint = post.complaint
    shown = text.replace(complaint.number, " ")
    known = tuple(p.shown for p in complaint.customer.contact_points.all() if p.kind != "social")
    found = exposed(shown, order_no=complaint.order_no, known=known)
    sentences = {
        "phone": _("公开回复里不能有电话号码，请改为请对方私信"),
        "mail": _("公开回复里不能有邮箱地址，请改为请对方私信"),
        "identity": _("公开回复里不能有证件号码，请删去"),
        "order": _("公开回复里不能有订单号或其他号码，请改为请对方私信"),
        "name": _("公开回复里不能有客户的联系方式，请删去"),
    }
    if found:
        raise Invalid(sentences[found], text=sentences[found])


def turn_back(event: Event) -> None:
    """Follow a reply that was taken back: a post that it was said to is as it was before."""
    letter = Letter.objects.filter(message=event.facts["message"]).first()
    if letter is None or not letter.recipient.startswith(PUBLIC):
        return
    post = Post.objects.filter(pk=letter.recipient.removeprefix(PUBLIC)).first()
    if post is None:
        return
    unsaid = (LetterState.UNDONE, LetterState.CANCELLED)
    said = Letter.objects.filter(recipient=letter.recipient, complaint=letter.complaint)
    _turn(post, PostState.ANSWERED if said.exclude(state__in=unsaid).exists() else PostState.NEW)


def _turn(post: Post, state: str) -> None:
    Post.objects.filter(pk=post.pk).update(state=state)
    post.state = state
