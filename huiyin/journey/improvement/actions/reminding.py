"""Who did not read a bulletin in time: reminded each working day, then his head is told."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules.distances import after
from huiyin.journey.conversation.actions import post_letter
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.actions.telling import FRESH_FOR, SHOWN
from huiyin.journey.improvement.models import Bulletin, BulletinRule, HeadTold, Reading
from huiyin.journey.improvement.people import heads_of
from huiyin.journey.improvement.permissions import can_remind, can_see_readers

BATCH = 100
DAY = (8, 22)  # from when until when people are written to
OFFICE = "office"
MOST_READERS = 1000


def remind_readers() -> int:
    """Once it is overdue, and each working day after that as often as the rule says: by mail
    whoever has not read it, and the notice on his pages is urgent. Then their heads are told.

    At night nobody is written to: the morning will do. Safe to run twice, by several workers.
    """
    now = moment.now()
    if not _is_day():
        return 0
    late = Bulletin.objects.filter(withdrawn_at=None, next_reminder_at__lte=now)
    keys = list(late.order_by("next_reminder_at", "pk").values_list("pk", flat=True)[:BATCH])
    return sum(_reminded(key) for key in keys)


def _is_day() -> bool:
    return DAY[0] <= timezone.localtime(moment.now()).hour < DAY[1]


@transaction.atomic
def _reminded(key: int) -> bool:
    """Whether anybody was told; of two workers one does it."""
    now = moment.now()
    waiting = Bulletin.objects.select_for_update(no_key=True, skip_locked=True)
    bulletin = waiting.filter(pk=key, withdrawn_at=None, next_reminder_at__lte=now).first()
    if bulletin is None:
        return False
    unread = list(unread_of(bulletin))
    bulletin.next_reminder_at = None
    if unread and rules.reminds_again(bulletin.reminders, rule().most):
        for one in unread:
            _write_to(one.user, bulletin)
        bulletin.reminders += 1
        bulletin.reminded_at = now
        bulletin.next_reminder_at = after(now, 1, "work_days", calendar(OFFICE))
    elif unread:
        _tell_heads(bulletin, unread)
        bulletin.heads_told_at = now
    bulletin.save(update_fields=("reminders", "reminded_at", "next_reminder_at", "heads_told_at"))
    return bool(unread)


def rule() -> BulletinRule:
    """The first that is in use; without one everybody is reminded once, and nobody by hand."""
    found = BulletinRule.objects.filter(enabled=True).first()
    return found or BulletinRule(most=1, by_hand=0)


def unread_of(bulletin: Bulletin) -> QuerySet[Reading]:
    """Who has not read it and still works here."""
    unread = Reading.objects.filter(bulletin=bulletin, read_at=None, user__is_active=True)
    found: QuerySet[Reading] = unread.select_related(
        "user__department__head", "user__department__deputy_head"
    ).prefetch_related("user__teams__lead", "user__teams__duty_supervisor")
    return found


def _tell_heads(bulletin: Bulletin, unread: Iterable[Reading]) -> None:
    """Each once, with the names of his own people."""
    late: dict[User, list[str]] = {}
    for one in unread:
        for head in heads_of(one.user):
            late.setdefault(head, []).append(one.user.name)
    now = moment.now()
    rows = [HeadTold(bulletin=bulletin, head=head, at=now) for head in late]
    HeadTold.objects.bulk_create(rows, ignore_conflicts=True)
    for head, names in late.items():
        _write_to(head, bulletin, names=names)


@transaction.atomic
def remind_by_hand(bulletin: Bulletin, *, by: User) -> int:
    """The author asks once more, as often as the rule says, once a day; how many were asked."""
    can_remind.require(by, bulletin)
    kept = Bulletin.objects.select_for_update(no_key=True).get(pk=bulletin.pk)
    most = rule().by_hand
    if kept.withdrawn_at is not None:
        raise Refused(_("这份通报已经撤回了，请刷新页面"))
    if kept.hand_reminders >= most:
        sentence = _("手动提醒最多 %(most)s 次，已经用完；逾期的系统会继续提醒")
        raise Refused(sentence % {"most": most})
    today = moment.today()
    if kept.hand_reminded_at and timezone.localdate(kept.hand_reminded_at) == today:
        raise Refused(_("今天已经提醒过了，请明天再提醒"))
    if not _is_day():
        raise Refused(_("夜里不发提醒，请在 8 点到 22 点之间再试"))
    unread = list(unread_of(kept))
    if not unread:
        raise Refused(_("大家都读过了，不需要提醒"))
    kept.hand_reminders += 1
    kept.hand_reminded_at = moment.now()
    kept.save(update_fields=("hand_reminders", "hand_reminded_at"))
    for one in unread:
        _write_to(one.user, kept)
        cache.delete(f"bulletins:{one.user_id}")
    return len(unread)


def hands_left(bulletin: Bulletin) -> int:
    """How often its author may still remind."""
    return max(rule().by_hand - bulletin.hand_reminders, 0)


def readings_for(bulletin: Bulletin, reader: User) -> list[Reading] | None:
    """All of them to whoever may see who read it; to a head who was told, those of his own people
    who have not; None to anybody else."""
    if can_see_readers(reader, bulletin):
        found = Reading.objects.filter(bulletin=bulletin).select_related("user")
        return list(found.order_by("read_at", "user__name")[:MOST_READERS])
    if HeadTold.objects.filter(bulletin=bulletin, head=reader).exists():
        return [one for one in unread_of(bulletin) if reader in heads_of(one.user)]
    return None


def take_note(bulletin: Bulletin, *, by: User) -> None:
    """“知道了”: a head has seen that some of his people did not read it."""
    mine = HeadTold.objects.filter(bulletin=bulletin, head=by)
    if not mine.exists():
        raise Refused(_("这份通报没有需要您知道的未读"))
    mine.filter(seen_at=None).update(seen_at=moment.now())
    cache.delete(_key(by))


def told_as_head(user: User) -> list[Bulletin]:
    """What this head was told of and has not taken note of; asked for on every page, so kept for
    some seconds."""
    kept: list[Bulletin] | None = cache.get(_key(user))
    if kept is None:
        mine = HeadTold.objects.filter(head=user, seen_at=None)
        told = Bulletin.objects.filter(pk__in=mine.values("bulletin"), withdrawn_at=None)
        kept = list(told.select_related("by").order_by("pk")[:SHOWN])
        cache.set(_key(user), kept, FRESH_FOR)
    return kept


def _key(user: User) -> str:
    return f"bulletins_head:{user.pk}"


def _write_to(person: User, bulletin: Bulletin, *, names: Iterable[str] = ()) -> None:
    """What the letter holds is a page; nothing is confirmed by opening it. `names`: to their head,
    of those who did not read it."""
    if not person.email:
        return
    about = {"title": bulletin.title}
    with translation.override(person.language or settings.LANGUAGE_CODE):
        late = bulletin.due_at <= moment.now()
        what = (
            _("通报“%(title)s”已过阅读期限，请阅读并确认。")
            if late
            else _("请阅读并确认通报“%(title)s”。")
        )
        subject = _("请阅读通报：%(title)s")
        if names:
            about |= {"names": "、".join(names)}
            what = _("通报“%(title)s”已过阅读期限，多次提醒后仍未阅读：%(names)s。请督促他们阅读。")
            subject = _("同事未读通报：%(title)s")
        lines = [
            _("%(name)s，您好：") % {"name": person.name},
            what % about,
            settings.BASE_URL + reverse("improvement:bulletin", args=[bulletin.pk]),
        ]
        post_letter(
            None,
            event=None,
            purpose="bulletin",
            recipient=person.email,
            subject=subject % about,
            body="\n\n".join(lines),
        )
