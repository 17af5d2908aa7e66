"""Bulletins (通报): published, confirmed once by each reader, reminded of, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import Department, Team, User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.search import rules as search
from huiyin.journey.conversation.actions import said
from huiyin.journey.improvement.models import Bulletin, Improvement, Reading
from huiyin.journey.improvement.models.bulletins import LONGEST_TEXT, LONGEST_TITLE
from huiyin.journey.improvement.permissions import can_publish, can_withdraw

SHOWN = 3  # notices on a page; the list has the others
FRESH_FOR = 5  # seconds


@transaction.atomic
def publish(
    *,
    by: User,
    title: str,
    text: str,
    due_at: datetime | None,
    to_all: bool = False,
    teams: Iterable[Team] = (),
    departments: Iterable[Department] = (),
    improvement: Improvement | None = None,
) -> Bulletin:
    """Tell those concerned; each must confirm that he has read it. Raises Invalid with fields
    title, text, due_at, to."""
    can_publish.require(by, None)
    title = said(title, name="title", most=LONGEST_TITLE, missing=_("请写标题"), least=4)
    missing = _("请写明通报内容（至少 10 个字）")
    text = said(text, name="text", most=LONGEST_TEXT, missing=missing, least=10)
    now = moment.now()
    if due_at is None or due_at <= now:
        sentence = _("阅读期限要晚于现在")
        raise Invalid(sentence, due_at=sentence)
    teams, departments = list(teams), list(departments)
    readers = _readers(to_all, teams, departments).exclude(pk=by.pk)
    keys = list(readers.values_list("pk", flat=True))
    if not keys:
        sentence = _("请选择通报给谁：所选的组和部门里没有在用的同事")
        raise Invalid(sentence, to=sentence)
    bulletin = Bulletin.objects.create(
        title=" ".join(title.split()),
        text=text,
        improvement=improvement,
        to_all=to_all,
        due_at=due_at,
        next_reminder_at=due_at,
        by=by,
        at=now,
        search=search.document(title, text),
    )
    bulletin.teams.set(teams)
    bulletin.departments.set(departments)
    Reading.objects.bulk_create(Reading(bulletin=bulletin, user_id=key) for key in keys)
    return bulletin


def _readers(to_all: bool, teams: list[Team], departments: list[Department]) -> QuerySet[User]:
    people: QuerySet[User] = User.objects.active()
    if to_all:
        return people
    of_them = Q(memberships__team__in=teams) | Q(department__in=departments)
    heads = Q(heads__in=departments) | Q(deputy_heads__in=departments)
    return people.filter(of_them | heads).distinct()


def confirm_reading(bulletin: Bulletin, *, by: User) -> Reading:
    """“已阅”: once; asked again, the first time stays."""
    Reading.objects.filter(bulletin=bulletin, user=by, read_at=None).update(read_at=moment.now())
    mine = Reading.objects.filter(bulletin=bulletin, user=by).first()
    if mine is None:
        raise Refused(_("这份通报没有发给您，不需要确认"))
    cache.delete(key_of(by))
    return mine


@transaction.atomic
def withdraw(bulletin: Bulletin, *, by: User) -> None:
    """Nobody need read it any more; who has read it stays on record."""
    can_withdraw.require(by, bulletin)
    seen = Bulletin.objects.filter(pk=bulletin.pk, withdrawn_at=None)
    now = moment.now()
    if not seen.update(withdrawn_at=now, withdrawn_by=by):
        raise Refused(_("这份通报已经撤回了，请刷新页面"))
    bulletin.withdrawn_at, bulletin.withdrawn_by = now, by


def to_read(user: User) -> list[Bulletin]:
    """What this person must still confirm, asked for on every page: kept for some seconds."""
    kept: list[Bulletin] | None = cache.get(key_of(user))
    if kept is None:
        kept = list(Bulletin.objects.unread_by(user).select_related("by")[:SHOWN])
        cache.set(key_of(user), kept, FRESH_FOR)
    return kept


def key_of(user: User) -> str:
    """Under which his notice is kept for some seconds."""
    return f"bulletins:{user.pk}"
