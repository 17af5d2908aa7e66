"""A post about us: kept once, a complaint of its author, weighed by the house's signals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact
from huiyin.ground.people.models import User
from huiyin.ground.sentence import joined, sentence
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.social.actions.hearing import want_files
from huiyin.journey.channels.social.models import Post, signals
from huiyin.journey.channels.social.rules import crisis
from huiyin.journey.channels.social.rules.naming import once
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Message
from huiyin.journey.intake import actions as intake
from huiyin.journey.intake.words import Via
from huiyin.journey.triage import actions as triage

GOES_ON = timedelta(hours=72)  # the same author's next post about his open complaint
HOUR = timedelta(hours=1)
LOOKED_AT = 300  # posts of the last hour
LOCK = 20_421  # of the advisory locks: posts of one author one after the other


@dataclass(frozen=True)
class Posted:
    """One post, as a connector or a file tells it."""

    platform: str
    outer_id: str
    author_id: str
    text: str
    author: str = ""
    url: str = ""
    at: datetime | None = None
    reach: int | None = None
    files: tuple[dict[str, Any], ...] = ()  # where each lies; fetched by the worker


@transaction.atomic
def take_post(
    posted: Posted, *, hook: Hook | None = None, by: User | None = None
) -> tuple[Post, bool]:
    """The post, and whether it is new. Known by platform and id, whichever way it comes."""
    by = by or User.objects.system()
    _one_by_one(posted)
    known = Post.objects.filter(platform=posted.platform, outer_id=posted.outer_id)
    there = known.select_related("complaint").first()
    if there is not None:
        return there, False
    now = moment.now()
    complaint, message = _complaint_of(posted, hook)
    if hook is not None:
        want_files(hook, complaint, message, posted.files)
    found = crisis.found(
        signals(), text=posted.text, reach=posted.reach, others=_of_the_last_hour(posted)
    )
    post = Post.objects.create(
        hook=hook,
        platform=posted.platform[:40],
        outer_id=posted.outer_id[:160],
        author_id=posted.author_id[:120],
        author=posted.author[:80],
        reach=posted.reach,
        text=posted.text,
        url=posted.url[:500],
        at=min(posted.at or now, now),
        complaint=complaint,
        is_crisis=bool(found),
        reasons=[_reason(one) for one in found],
        by=by,
    )
    record(
        What.POSTED_PUBLICLY,
        complaint,
        by=by,
        post=post.pk,
        name=post.platform,
        reason=post.why,
        crisis=post.is_crisis,
    )
    if found:
        _weigh(complaint, found, by)
    return post, True


def _one_by_one(posted: Posted) -> None:
    """Two copies of a post, and two posts of one author, at the same moment: one waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
            [LOCK, f"{posted.platform}:{posted.author_id}"],
        )


def _complaint_of(posted: Posted, hook: Hook | None) -> tuple[Complaint, Message | None]:
    """What he posted before on this platform goes on, while it is open; else a new complaint, of
    the same customer. With it his words there."""
    his = Post.objects.filter(platform=posted.platform, author_id=posted.author_id)
    last = his.select_related("complaint__customer").order_by("-pk").first()
    if last is not None and last.complaint.is_open and moment.now() - last.at <= GOES_ON:
        message = conversation.customer_wrote(
            last.complaint, by=User.objects.system(), text=posted.text, channel=Channel.SOCIAL
        )
        return last.complaint, message
    done = intake.register_once(
        by=User.objects.system(),
        channel=Channel.SOCIAL,
        contact=Contact(name=posted.author[:80]),
        customer=last.complaint.customer if last is not None else None,
        text=posted.text,
        idempotency_key=once(f"{posted.platform}:{posted.outer_id}"),
        caller="post",
        via=Via.SOCIAL,
    )
    if hook is not None and hook.team_id and done.complaint.team_id is None:
        done.complaint.carry(team=hook.team)
    return done.complaint, done.complaint.messages.order_by("pk").first()


def _of_the_last_hour(posted: Posted) -> list[str]:
    now = moment.now()
    at = min(posted.at or now, now)
    lately = Post.objects.filter(at__gt=at - HOUR, at__lte=at).order_by("-at")
    others = lately.exclude(platform=posted.platform, author_id=posted.author_id)
    return list(others.values_list("text", flat=True)[:LOOKED_AT])


def _reason(one: crisis.Found) -> str:
    words = {
        "reach": gettext_noop("作者有 %(what)s 个粉丝"),
        "word": gettext_noop("提到“%(what)s”"),
        "similar": gettext_noop("一小时内有 %(what)s 条相似的帖子"),
    }
    return sentence(words[one.signal.kind]) % {"what": one.what}


def _weigh(complaint: Complaint, found: list[crisis.Found], by: User) -> None:
    """As heavy as its heaviest signal says; never lighter than it was."""
    wanted = min(one.signal.severity for one in found)
    complaint.refresh_from_db(fields=["severity"])
    weighed = complaint.is_open and complaint.triages.exists()  # type: ignore[attr-defined]
    if weighed and complaint.severity is not None and wanted < complaint.severity:
        reason = joined(_reason(one) for one in found)
        system = User.objects.system()
        triage.raise_severity(complaint, by=system, severity=wanted, reason=reason)
