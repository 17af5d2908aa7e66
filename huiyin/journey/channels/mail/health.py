"""How mail is: each mailbox, and the outbox, as rows of the page of channels."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.channels.health import Figure, Health
from huiyin.journey.channels.mail.models import Mail, Mailbox, Sending
from huiyin.journey.channels.mail.permissions import can_manage_mailboxes, can_review_mail
from huiyin.journey.channels.mail.words import Delivery, MailState
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState

QUIET = timedelta(hours=1)  # a mailbox that nothing was fetched from for so long is suspect
MOST = 1000  # counted as far as a person cares
OUTBOX = "/console/letters/"


def rows(user: User) -> list[Health]:
    waiting = _waiting_by_mailbox()
    boxes = Mailbox.objects.select_related("team").order_by("address")
    own = [_mailbox(box, waiting.get(box.pk, (0, 0)), user) for box in boxes]
    return [*own, _outbox(user), _arrived(user)]


def _waiting_by_mailbox() -> dict[int, tuple[int, int]]:
    """(to be read, to be looked at) of each mailbox, of rows that are open."""
    open_ = Mail.objects.filter(state__in=(MailState.KEPT, MailState.HELD, MailState.FAILED))
    counted = open_.exclude(mailbox=None).values("mailbox")
    counted = counted.annotate(
        kept=Count("pk", filter=Q(state=MailState.KEPT)),
        held=Count("pk", filter=~Q(state=MailState.KEPT)),
    )
    return {one["mailbox"]: (one["kept"], one["held"]) for one in counted}


def _mailbox(box: Mailbox, waiting: tuple[int, int], user: User) -> Health:
    kept, held = waiting
    faults = [
        f"{way}：{fault}"
        for way, fault in ((_("收信"), box.receive_error), (_("发信"), box.send_error))
        if fault
    ]
    state, words = "good", _("正常")
    if not box.enabled:
        state, words = "off", _("已停用")
    elif faults:
        state, words = "bad", _("有故障")
    elif box.imap_host and (box.received_ok_at is None or box.received_ok_at < _long_ago()):
        state, words = "warn", _("超过 1 小时没有连上收信服务器")
    reviews = reverse("mail:held") if can_review_mail(user, None) else ""
    figures = (
        Figure(
            _("待读取"),
            kept,
            f"{reviews}?view=kept&box={box.pk}" if reviews else "",
            is_bad=kept > 50,
        ),
        Figure(_("待核对"), held, f"{reviews}?box={box.pk}" if reviews else ""),
    )
    return Health(
        name=box.address,
        kind=_("邮箱"),
        icon="mailbox",
        state=state,
        words=words,
        came_at=box.received_ok_at,
        left_at=box.sent_ok_at,
        figures=figures if box.imap_host else (),
        faults=tuple(faults),
        test=reverse("mail:test", args=(box.pk,)),
        leads_to=f"/console/mailboxes/{box.pk}/" if can_manage_mailboxes(user, None) else "",
    )


def _long_ago() -> datetime:
    return moment.now() - QUIET


def _outbox(user: User) -> Health:
    """Letters on their way out, whichever mailbox they take."""
    outbox = OUTBOX if user.has_role(Role.MANAGER, Role.SUPERVISOR) else ""
    now = moment.now()
    late = Letter.objects.due(now - timedelta(minutes=5))[:MOST].count()
    queued = Letter.objects.filter(state=LetterState.QUEUED)[:MOST].count()
    failed = Letter.objects.filter(state=LetterState.FAILED)[:MOST].count()
    waits = Letter.objects.filter(state=LetterState.HELD).exclude(channel=Channel.LETTER)
    held = waits[:MOST].count()
    last = Letter.objects.filter(state=LetterState.SENT).order_by("-pk").first()
    returned = Sending.objects.filter(state=Delivery.RETURNED)[:MOST].count()
    can_send = bool(settings.EMAIL_HOST) or Mailbox.objects.sending().exists()
    state, words = "good", _("正常")
    if failed or late:
        state, words = "bad", _("有信没有发出")
    elif not can_send:
        state, words = "warn", _("没有发信服务器，信件留在发件箱")
    return Health(
        name=_("发件箱"),
        kind=_("发信"),
        icon="mails",
        state=state,
        words=words,
        left_at=last.sent_at if last else None,
        figures=(
            Figure(
                _("等待发送"), queued, f"{outbox}?state=queued" if outbox else "", is_bad=late > 0
            ),
            Figure(
                _("发送失败"), failed, f"{outbox}?state=failed" if outbox else "", is_bad=failed > 0
            ),
            Figure(_("留在发件箱"), held, f"{outbox}?state=held" if outbox else ""),
            Figure(_("退信"), returned, f"{outbox}?arrived=returned" if outbox else ""),
        ),
    )


def _arrived(user: User) -> Health:
    """Mails that wait for a person, whichever door they came in by."""
    held = Mail.objects.held()[:MOST].count()
    return Health(
        name=_("邮件核对"),
        kind=_("收信"),
        icon="mail-search",
        state="warn" if held else "good",
        words=_("有邮件等人核对") if held else _("正常"),
        figures=(
            Figure(_("待核对"), held, reverse("mail:held") if can_review_mail(user, None) else ""),
        ),
    )
