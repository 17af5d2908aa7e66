"""Social media as a way of answering: which account, in which window, and who carries it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huiyin.ground import moment
from huiyin.ground.privacy.rules import masked_name
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.connector import connector_of
from huiyin.journey.channels.social.limits import counted
from huiyin.journey.channels.social.models import Account, Post
from huiyin.journey.channels.social.publicly import PUBLIC, answered_publicly
from huiyin.journey.channels.social.sending import (
    answered,
    carry_at_once,
    carry_in_parts,
    key_of,
    outer_id,
    still_open,
)
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import NoWayOut, Uncertain, Undelivered
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import Way
from huiyin.journey.conversation.words import LetterState


def way(complaint: Complaint) -> Way:
    """Of a conversation its own account; in public only on purpose."""
    label = str(Channel.SOCIAL.label)
    post = answered_publicly()
    if post is not None and post.complaint_id == complaint.pk:
        return _public(post, label)
    account = account_of(complaint)
    if account is None:
        return _none(complaint, label)
    connector: Any = connector_of(account.hook.connector)
    if connector is None or not hasattr(connector, "send") or not account.hook.enabled:
        return Way(
            Channel.SOCIAL,
            label,
            closed=_("接入已停用"),
            refusal=_("这位客户来自的接入已停用或只收不发，请改用其他方式回复"),
        )
    limits = connector.limits(account.hook, account, moment.now())
    if limits.left is not None:
        limits = counted(limits, _waiting(complaint, recipient_of(account)))
    return Way(
        Channel.SOCIAL,
        label,
        _told(account),
        closed=limits.closed,
        refusal=limits.refusal,
        recipient=recipient_of(account),
        most=limits.most,
        measure=limits.measure,
        until=limits.until,
        most_bytes=limits.most_bytes,
        takes=limits.takes,
        most_files=limits.most_files,
        files_told=limits.files_told,
        no_files=limits.no_files,
    )


def _waiting(complaint: Complaint, recipient: str) -> int:
    """Messages to him that are on their way: they take their places in the window too."""
    queued = complaint.letters.filter(channel=Channel.SOCIAL, state=LetterState.QUEUED)
    return sum(conversation.yet_to_leave(one) for one in queued.filter(recipient=recipient))


def _told(account: Account) -> str:
    name, hook = masked_name(account.name), account.hook.name
    if not name:
        return _("发给对方（%(hook)s）") % {"hook": hook}
    return _("发给 %(name)s（%(hook)s）") % {"name": name, "hook": hook}


def _public(post: Post, label: str) -> Way:
    connector: Any = connector_of(post.hook.connector) if post.hook and post.hook.enabled else None
    if connector is None or not hasattr(connector, "send_publicly"):
        told = _("只作记录，请另行到平台上公开回复")
        return Way(Channel.SOCIAL, label, told)
    return Way(
        Channel.SOCIAL,
        label,
        _("在 %(platform)s 公开回复，所有人可见") % {"platform": post.platform},
        recipient=f"{PUBLIC}{post.pk}",
        most=connector.MOST_PUBLIC,
    )


def _none(complaint: Complaint, label: str) -> Way:
    if complaint.posts.exists():
        return Way(
            Channel.SOCIAL,
            label,
            closed=_("只有公开帖子"),
            refusal=_("他只发了公开帖子：请在“公开帖子”里公开回复，或请他转为私下沟通"),
        )
    return Way(Channel.SOCIAL, label, _("只作记录，请另行告诉客户"))


def account_of(complaint: Complaint) -> Account | None:
    """Who spoke last in this complaint."""
    return complaint.accounts.select_related("hook").order_by("-spoke_at").first()


def recipient_of(account: Account) -> str:
    return f"{account.hook.code}:{account.outer_id}"


def lanes(letters: Sequence[Letter]) -> list[str]:
    """The account of ours by which each leaves."""
    public = {
        one.pk: int(one.recipient[len(PUBLIC) :])
        for one in letters
        if one.recipient.startswith(PUBLIC)
    }
    posts = Post.objects.filter(pk__in=public.values())
    codes = dict(posts.values_list("pk", "hook__code")) if public else {}
    return [
        codes.get(public[one.pk]) or "" if one.pk in public else one.recipient.partition(":")[0]
        for one in letters
    ]


def post(letter: Letter, body: str) -> None:
    """Carry it out of the house, under a name of its own, so that a second try is known again."""
    if letter.recipient.startswith(PUBLIC):
        outer = _post_publicly(letter, body)
    else:
        outer = _post_to(letter, body)
    if outer:
        Letter.objects.filter(pk=letter.pk).update(outer_id=outer)


def _post_publicly(letter: Letter, body: str) -> str:
    if letter.message_id is None:  # nothing that a machine says is said in public
        raise Undelivered(_("自动通知不公开发布"), final=True)
    found = Post.objects.select_related("hook").filter(pk=int(letter.recipient[len(PUBLIC) :]))
    answered = found.first()
    if answered is None or answered.hook is None or not answered.hook.enabled:
        raise NoWayOut
    connector: Any = connector_of(answered.hook.connector)
    if connector is None or not hasattr(connector, "send_publicly"):
        raise NoWayOut
    outer = connector.send_publicly(answered.hook, answered, body, key_of(letter))
    return outer_id(answered.hook.pk, outer)


def _post_to(letter: Letter, body: str) -> str:
    code, _colon, outer = letter.recipient.partition(":")
    known = Account.objects.select_related("hook").filter(hook__code=code, outer_id=outer)
    account = known.first()
    if account is None or not account.hook.enabled:
        raise NoWayOut
    connector: Any = connector_of(account.hook.connector)
    if connector is None or not hasattr(connector, "send"):
        raise NoWayOut
    if hasattr(connector, "send_file"):
        carry_in_parts(letter, body, account, connector)
        return ""
    still_open(account, connector)
    if letter.was_interrupted and (unknown := getattr(connector, "UNKNOWN", "")):
        raise Uncertain(unknown)
    sent = carry_at_once(letter, body, account, connector)
    answered(account)
    return outer_id(account.hook.pk, sent)
