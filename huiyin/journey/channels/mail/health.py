"""How mail is: each mailbox, its reading, and the outbox, as rows of the page of channels."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.channels.health import Fault, Figure, Health
from huiyin.journey.channels.mail.actions import trying
from huiyin.journey.channels.mail.models import Mail, Mailbox, Sending
from huiyin.journey.channels.mail.permissions import can_manage_mailboxes, can_review_mail
from huiyin.journey.channels.mail.words import Delivery, MailState
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState

QUIET = timedelta(hours=1)  # a mailbox that nothing was fetched from for so long is suspect
MANY = 50  # that wait to be read: more than a busy minute
MOST = 1000  # counted as far as a person cares
OUTBOX = "/console/letters/"


def rows(user: User) -> list[Health]:
    waiting = _waiting_by_mailbox()
    boxes = Mailbox.objects.select_related("team").order_by("address")
    own = [_mailbox(box, waiting.get(box.pk, (0, 0)), user) for box in boxes]
    return [*own, _outbox(user), _reading(waiting, user)]


def _waiting_by_mailbox() -> dict[int | None, tuple[int, int]]:
    """(to be read, to be looked at) of each mailbox, of rows that are open; None: brought to us."""
    # Said as two, so that each half is found by the index that is made for it.
    looked_at = Q(state__in=(MailState.HELD, MailState.FAILED))
    counted = Mail.objects.filter(Q(state=MailState.KEPT) | looked_at).order_by().values("mailbox")
    counted = counted.annotate(
        kept=Count("pk", filter=Q(state=MailState.KEPT)),
        held=Count("pk", filter=~Q(state=MailState.KEPT)),
    )
    return {one["mailbox"]: (one["kept"], one["held"]) for one in counted}


def _mailbox(box: Mailbox, waiting: tuple[int, int], user: User) -> Health:
    kept, held = waiting
    found = (
        (_("收信"), box.receive_error, box.receive_failed_at),
        (_("发信"), box.send_error, box.send_failed_at),
    )
    faults = tuple(
        Fault(_("%(what)s：%(why)s") % {"what": way, "why": words}, at)
        for way, words, at in found
        if words
    )
    state, words = "good", _("正常")
    if not box.enabled:
        state, words = "off", _("已停用")
    elif faults:
        state, words = "bad", _("有故障")
    elif not (box.imap_host or box.smtp_host):
        words = _("正常；没有填服务器，由别的程序送信")
    elif box.imap_host and (box.received_ok_at is None or box.received_ok_at < _long_ago()):
        state, words = "warn", _("超过 1 小时没有连上收信服务器")
    reviews = reverse("mail:held") if can_review_mail(user, None) else ""
    figures = (
        Figure(
            _("待读取"),
            kept,
            f"{reviews}?view=kept&box={box.pk}" if reviews else "",
            is_bad=kept > MANY,
        ),
        Figure(_("待核对"), held, f"{reviews}?box={box.pk}" if reviews else ""),
    )
    return Health(
        key=f"mailbox-{box.pk}",
        name=box.address,
        kind=_("邮箱"),
        icon="mailbox",
        state=state,
        words=words,
        comes=_("最近连上收信") if box.imap_host else "",
        came_at=box.received_ok_at,
        leaves=_("最近发出") if box.smtp_host else "",
        left_at=box.sent_ok_at,
        figures=figures if box.imap_host else (),
        faults=faults,
        attempt=partial(trying.try_out, box, by=user),
        leads_to=f"/console/mailboxes/{box.pk}/" if can_manage_mailboxes(user, None) else "",
    )


def _long_ago() -> datetime:
    return moment.now() - QUIET


def _outbox(user: User) -> Health:
    """Letters on their way out, whichever way they take."""
    outbox = OUTBOX if user.has_role(Role.MANAGER, Role.SUPERVISOR) else ""
    late = Letter.objects.due(moment.now() - timedelta(minutes=5)).order_by()[:MOST].count()
    in_state = {
        state: Letter.objects.filter(state=state).order_by()[:MOST].count()
        for state in (LetterState.QUEUED, LetterState.FAILED)
    }
    waits = Letter.objects.filter(state=LetterState.HELD).exclude(channel=Channel.LETTER).order_by()
    failed = in_state[LetterState.FAILED]
    last = Letter.objects.filter(state=LetterState.SENT).order_by("-pk").only("sent_at").first()
    returned = Sending.objects.filter(state=Delivery.RETURNED, letter__state=LetterState.SENT)
    can_send = bool(settings.EMAIL_HOST) or Mailbox.objects.sending().exists()
    state, words = "good", _("正常")
    if failed or late:
        state, words = "bad", _("有信没有发出")
    elif not can_send:
        state, words = "warn", _("没有发信服务器，信件留在发件箱")

    def figure(label: str, count: int, asked: str, *, is_bad: bool = False) -> Figure:
        return Figure(label, count, f"{outbox}?{asked}" if outbox else "", is_bad=is_bad)

    return Health(
        key="outbox",
        name=_("发件箱"),
        kind=_("发信"),
        icon="mails",
        state=state,
        words=words,
        leaves=_("最近发出"),
        left_at=last.sent_at if last else None,
        figures=(
            figure(_("等待发送"), in_state[LetterState.QUEUED], "state=queued", is_bad=late > 0),
            figure(_("发送失败"), failed, "state=failed", is_bad=failed > 0),
            figure(_("留在发件箱"), waits[:MOST].count(), "state=held&way=electronic"),
            figure(_("退信"), returned[:MOST].count(), "arrived=returned"),
        ),
        faults=_unsent() if failed else (),
        attempt=partial(trying.try_outbox, by=user),
    )


def _unsent() -> tuple[Fault, ...]:
    """Why the last letter that failed did not leave, and when it was tried."""
    failed = Letter.objects.filter(state=LetterState.FAILED).order_by("-pk")
    last = failed.only("error", "next_try_at").first()
    return (Fault(last.error, last.next_try_at),) if last and last.error else ()


def _reading(waiting: dict[int | None, tuple[int, int]], user: User) -> Health:
    """Mails that came in, by whichever door: read by the child, or waiting for a person."""
    kept = sum(one for one, _held in waiting.values())
    held = sum(one for _kept, one in waiting.values())
    named = Mail.objects.named()[:MOST].count()
    failed = Mail.objects.held().filter(state=MailState.FAILED).order_by("-pk")
    last_failed = failed.only("reason", "received_at").first() if held else None
    last = Mail.objects.order_by("-pk").only("received_at").first()
    reviews = reverse("mail:held") if can_review_mail(user, None) else ""
    state, words = "good", _("正常")
    if kept > MANY:
        state, words = "warn", _("积压较多")
    elif held:
        state, words = "warn", _("有邮件等人核对")

    def figure(label: str, count: int, asked: str, *, is_bad: bool = False) -> Figure:
        return Figure(label, count, f"{reviews}?{asked}" if reviews else "", is_bad=is_bad)

    return Health(
        key="mail-reading",
        name=_("邮件读取"),
        kind=_("收信"),
        icon="mail-search",
        state=state,
        words=words,
        comes=_("最近收到"),
        came_at=last.received_at if last else None,
        figures=(
            figure(_("待读取"), kept, "view=kept", is_bad=kept > MANY),
            figure(_("待核对"), held, "view=held"),
            figure(_("提到旧编号"), named, "view=named"),
        ),
        faults=(Fault(last_failed.reason, last_failed.received_at),)
        if last_failed and last_failed.reason
        else (),
        attempt=trying.try_reading,
    )
