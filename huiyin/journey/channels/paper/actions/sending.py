"""A letter of ours on its way: printed, posted, come back, and each step taken back or mended.

Of what is taken back a line stays in the story, with what was said before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.printing.rules import told_lacking
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.paper.actions.posting import chosen_of, held
from huiyin.journey.channels.paper.models import Post
from huiyin.journey.channels.paper.permissions import can_post_paper
from huiyin.journey.channels.paper.rules import words
from huiyin.journey.channels.paper.words import PostState
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState, Reach

MOST_TOLD = 50
UNSENT = (PostState.TO_PRINT, PostState.PRINTED)


@transaction.atomic
def marked_printed(posts: Sequence[Post], *, by: User, confirmed: bool = False) -> int:
    """They lie on the desk, to be signed and put into envelopes. `confirmed`: what could not be
    printed was seen."""
    chosen = chosen_of(posts, by=by)
    _seen_to(chosen, confirmed)
    waits = Post.objects.filter(pk__in=[post.pk for post in chosen], state=PostState.TO_PRINT)
    done = waits.update(state=PostState.PRINTED, printed_by=by, printed_at=moment.now())
    if not done:
        raise Refused(_("这些信函已经打印过了，请刷新查看"))
    return done


@transaction.atomic
def marked_posted(
    post: Post,
    *,
    by: User,
    posted_on: date | None = None,
    tracking: str = "",
    confirmed: bool = False,
) -> None:
    """It went to the post: from now on it counts as sent."""
    can_post_paper.require(by, post)
    kept = held(post, UNSENT, _("这封信函已经登记寄出了，请刷新查看"))
    _seen_to([kept], confirmed)
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
    _tell(kept, by, note, tracking)
    conversation.handed_out(kept.letter, kept.letter.attached.all())
    post.refresh_from_db()


def unconfirmed(posts: Sequence[Post]) -> list[Post]:
    """Those that are not printed yet, and have signs that nobody will be able to read."""
    return [post for post in posts if post.state == PostState.TO_PRINT and post.unprintable]


def _seen_to(posts: Sequence[Post], confirmed: bool) -> None:
    """A name with a hole in it is not sent by a click: somebody says that he saw it."""
    lacking = unconfirmed(posts)
    if lacking and not confirmed:
        complaint = lacking[0].letter.complaint
        told = {
            "number": complaint.number if complaint else "",
            "told": told_lacking(lacking[0].unprintable),
        }
        sentence = _("信函 %(number)s 有%(told)s；核对后请确认，或改用打印得出的字") % told
        raise Invalid(sentence, confirm=sentence)


def outer_id(post: Post) -> str:
    return f"paper-{post.pk}"


@transaction.atomic
def come_back(post: Post, *, by: User, reason: str) -> None:
    """The post could not deliver it."""
    can_post_paper.require(by, post)
    kept = held(post, (PostState.POSTED,), _("只有已寄出的信函可以登记退回"))
    missing = _("请写明退回原因，例如“查无此人”")
    kept.returned_why = said(reason, name="reason", most=200, missing=missing)
    kept.state, kept.returned_by, kept.returned_at = PostState.RETURNED, by, moment.now()
    kept.save(update_fields=["state", "returned_by", "returned_at", "returned_why"])
    conversation.reached(Channel.LETTER, outer_id(kept), Reach.MISSED, kept.returned_why)
    post.refresh_from_db()


@transaction.atomic
def unmark_printed(posts: Sequence[Post], *, by: User) -> int:
    """It was a wrong click: they wait to be printed again, and can be changed again."""
    chosen = chosen_of(posts, by=by)
    done = 0
    for post in chosen:
        kept = held(post, PostState.values, "")
        if kept.state != PostState.PRINTED or not _is_fresh(kept):
            continue
        _tell(kept, by, frozen(gettext_lazy("撤销了“已打印”")))
        kept.state, kept.printed_by, kept.printed_at = PostState.TO_PRINT, None, None
        kept.save(update_fields=["state", "printed_by", "printed_at"])
        done += 1
    if not done:
        raise Refused(_UNDONE_NO_MORE % {"days": words.UNDONE_FOR})
    return done


@transaction.atomic
def unmark_posted(post: Post, *, by: User) -> None:
    """It did not go to the post after all: it counts as not sent, and lies where it lay before."""
    can_post_paper.require(by, post)
    kept = held(post, (PostState.POSTED,), _("只有已登记寄出、没有退回的信函可以撤销"))
    if not _is_fresh(kept):
        raise Refused(_UNDONE_NO_MORE % {"days": words.UNDONE_FOR})
    assert kept.posted_on is not None
    note = frozen(gettext_lazy("撤销了 %(day)s 寄出")) % {"day": kept.posted_on.isoformat()}
    _tell(kept, by, note, kept.tracking)
    kept.state = PostState.PRINTED
    if kept.printed_at == kept.posted_at:  # nobody had said that it was printed
        kept.state, kept.printed_by, kept.printed_at = PostState.TO_PRINT, None, None
    kept.posted_by = kept.posted_at = kept.posted_on = None
    kept.tracking = ""
    kept.save()
    Letter.objects.filter(pk=kept.letter_id).update(
        state=LetterState.HELD, sent_at=None, outer_id=""
    )
    post.refresh_from_db()


_UNDONE_NO_MORE = gettext_lazy("不能撤销了：只能在 %(days)s 天内、下一步之前撤销，请刷新查看")


def may_be_undone(post: Post) -> bool:
    """Whether the last step can still be taken back."""
    return post.state in (PostState.PRINTED, PostState.POSTED) and _is_fresh(post)


def told_of(post: Post) -> list[Event]:
    """What the story says of this letter, the newest first."""
    complaint = post.letter.complaint
    assert complaint is not None
    told = complaint.events.filter(what=What.PAPER_SENT, facts__post=post.pk)
    return list(told.select_related("by").order_by("-pk")[:MOST_TOLD])


def _is_fresh(post: Post) -> bool:
    at = post.posted_at if post.state == PostState.POSTED else post.printed_at
    return at is not None and words.may_be_undone(at, moment.now())


@transaction.atomic
def mend_tracking(post: Post, *, by: User, tracking: str) -> None:
    """The number of the post was mistyped or came later; the old one stays on record."""
    can_post_paper.require(by, post)
    kept = held(post, (PostState.POSTED, PostState.RETURNED), _("登记寄出以后才有单号可改"))
    tracking = said(tracking, name="tracking", most=40)
    if tracking == kept.tracking:
        sentence = _("单号没有变")
        raise Invalid(sentence, tracking=sentence)
    old = kept.tracking or frozen(gettext_lazy("（空）"))
    new = tracking or frozen(gettext_lazy("（空）"))
    _tell(kept, by, frozen(gettext_lazy("单号由 %(old)s 改为 %(new)s")) % {"old": old, "new": new})
    kept.tracking = tracking
    kept.save(update_fields=["tracking"])
    post.refresh_from_db()


def _tell(post: Post, by: User, note: str, tracking: str = "") -> None:
    """One line in the story of the complaint: what happened to this letter."""
    assert post.letter.complaint is not None
    facts = {"post": post.pk, "note": note}
    if tracking:
        facts["words"] = tracking
    record(What.PAPER_SENT, post.letter.complaint, by=by, **facts)
