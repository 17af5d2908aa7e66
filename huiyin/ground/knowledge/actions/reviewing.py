"""From draft to force: submitted, read by another, published; and out of force again."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.knowledge import rules
from huiyin.ground.knowledge.actions.text import complete
from huiyin.ground.knowledge.actions.writing import _held, held, noted
from huiyin.ground.knowledge.models import KEEPERS, Article, Version, VersionQuerySet
from huiyin.ground.knowledge.permissions import can_manage, can_review, can_write
from huiyin.ground.knowledge.rules import SOON_DAYS
from huiyin.ground.knowledge.words import Kind, State, Turn
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused

GONE = gettext_lazy("这个版本已经不在待审核，请刷新查看最新进展")
LONGEST_NOTE = 500
FURTHEST_REVIEW = 3 * 366  # days


@transaction.atomic
def submit(version: Version, *, by: User) -> None:
    """Hand a draft to review: whole, with an owner and a day of review."""
    can_write.require(by, version.article.kind)
    kept = held(version, State.DRAFT, _("只有草稿可以提交审核"))
    complete(kept)
    kept.state, kept.submitted_by, kept.submitted_at = State.REVIEW, by, moment.now()
    kept.review_note = ""
    kept.save(update_fields=("state", "submitted_by", "submitted_at", "review_note"))
    noted(kept.article, Turn.SUBMITTED, by=by, version=kept.number, note=kept.change)


@transaction.atomic
def take_back(version: Version, *, by: User) -> None:
    """Those who wrote it may go on writing, as long as nobody has decided."""
    kept = held(version, State.REVIEW, GONE)
    if by.pk not in kept.writers and kept.submitted_by_id != by.pk:
        raise NotPermitted(_("只有编写和提交的人可以撤回"))
    kept.state = State.DRAFT
    kept.save(update_fields=("state",))
    noted(kept.article, Turn.TAKEN_BACK, by=by, version=kept.number)


@transaction.atomic
def send_back(version: Version, *, by: User, note: str) -> None:
    """Not yet: with what is to be changed."""
    _may_decide(version, by)
    note = _note(note, missing=_("请写明哪里要改，让编写的人知道怎样改"))
    kept = held(version, State.REVIEW, GONE)
    _may_decide(kept, by)
    kept.state, kept.review_note = State.DRAFT, note
    kept.reviewed_by, kept.reviewed_at = by, moment.now()
    kept.save(update_fields=("state", "review_note", "reviewed_by", "reviewed_at"))
    noted(kept.article, Turn.SENT_BACK, by=by, version=kept.number, note=note)


@transaction.atomic
def approve(version: Version, *, by: User, note: str = "") -> None:
    """Publish it: never by one who wrote in it. It is in force at once, or from its day on."""
    _may_decide(version, by)
    note = _note(note)
    article = _held(version.article)
    kept = held(version, State.REVIEW, GONE)
    _may_decide(kept, by)
    today, now = moment.today(), moment.now()
    if kept.valid_to is not None and kept.valid_to < today:
        raise Refused(_("失效日期已经过了，请退回修改日期"))
    kept.state, kept.review_note, kept.reviewed_by = State.PUBLISHED, note, by
    kept.reviewed_at = kept.published_at = now
    kept.save(update_fields=("state", "review_note", "reviewed_by", "reviewed_at", "published_at"))
    noted(article, Turn.APPROVED, by=by, version=kept.number, note=note)
    if kept.valid_from is None or kept.valid_from <= today:
        _put_in_force(article, kept, by=by)


def _may_decide(version: Version, by: User) -> None:
    can_review.require(by, version)
    if by.pk in version.writers or version.submitted_by_id == by.pk:
        raise NotPermitted(_("自己写的不能自己审核，请另一位有审核权限的同事审核"))
    if not Version.objects.readable_by(by).filter(pk=version.pk).exists():
        raise NotPermitted(_("这篇知识受限，您不在可以查看的角色里，不能审核"))


def _note(note: str, missing: str = "") -> str:
    note = note.replace("\0", "").strip()
    if missing and len(note) < 2:
        raise Invalid(missing, note=missing)
    if len(note) > LONGEST_NOTE:
        sentence = _("最多写 %(most)s 字，请缩短") % {"most": LONGEST_NOTE}
        raise Invalid(sentence, note=sentence)
    return note


def _put_in_force(article: Article, version: Version, *, by: User) -> None:
    """What was in force before is superseded; an older one never comes after a newer."""
    now = moment.now()
    before: VersionQuerySet = article.versions.filter(in_force=True)  # type: ignore[attr-defined]
    for old in before:
        noted(article, Turn.SUPERSEDED, by=by, version=old.number, note=f"v{version.number}")
    before.update(in_force=False, state=State.EXPIRED, ended_at=now)
    overtaken = article.versions.filter(state=State.PUBLISHED, number__lt=version.number)  # type: ignore[attr-defined]
    overtaken.update(state=State.EXPIRED, ended_at=now)
    Version.objects.filter(pk=version.pk).update(in_force=True)
    version.in_force = True
    noted(article, Turn.IN_FORCE, by=by, version=version.number)


@transaction.atomic
def withdraw(article: Article, *, by: User, reason: str) -> None:
    """Take it out of use at once: wrong, or no longer so."""
    can_manage.require(by, article)
    reason = _note(reason, missing=_("请写明为什么停用"))
    kept = _held(article)
    going = kept.versions.filter(state=State.PUBLISHED)  # type: ignore[attr-defined]
    numbers = list(going.values_list("number", flat=True))
    if not numbers:
        raise Refused(_("这一篇没有在用的版本，请刷新页面"))
    going.update(in_force=False, state=State.EXPIRED, ended_at=moment.now())
    noted(kept, Turn.WITHDRAWN, by=by, version=max(numbers), note=reason)


@transaction.atomic
def confirm(article: Article, *, by: User, review_on: date | None, note: str = "") -> None:
    """Read again and found right: the next day of review."""
    can_manage.require(by, article)
    today = moment.today()
    latest = today + timedelta(days=FURTHEST_REVIEW)
    if review_on is None or not today < review_on <= latest:
        sentence = _("下次复审日期请填今天以后、三年以内的日子")
        raise Invalid(sentence, review_on=sentence)
    note = _note(note)
    kept = _held(article)
    if not kept.versions.filter(in_force=True).exists():  # type: ignore[attr-defined]
        raise Refused(_("这一篇没有在用的版本，不需要复审"))
    kept.review_on, kept.reminded_on = review_on, None
    kept.save(update_fields=("review_on", "reminded_on"))
    article.review_on = review_on
    noted(kept, Turn.CONFIRMED, by=by, version=None, note=note or review_on.isoformat())


def waiting_for(user: User) -> VersionQuerySet:
    """Versions that wait for this person's word, the oldest first."""
    found = Version.objects.readable_by(user).filter(state=State.REVIEW)
    found = found.exclude(writers__contains=[user.pk]).exclude(submitted_by=user)
    if not user.has_role(*KEEPERS):
        found = found.filter(article__kind=Kind.LAW)
    if not user.has_role(Role.LEGAL):
        found = found.exclude(article__kind=Kind.LAW)
    return found.select_related("article", "author", "submitted_by").order_by("submitted_at", "pk")


# --- by itself -----------------------------------------------------------------------------------


def turn_due() -> int:
    """Put in force what begins today, and end what is over. Safe to run twice, and by two."""
    today = moment.today()
    system = User.objects.system()
    done = 0
    over = Version.objects.in_force().filter(valid_to__lt=today)
    for pk in over.values_list("article_id", flat=True)[:500]:
        done += _end(pk, today, system)
    begins = Version.objects.filter(
        state=State.PUBLISHED, in_force=False, valid_from__lte=today
    ).order_by("number")
    for pk, article in begins.values_list("pk", "article_id")[:500]:
        done += _begin(pk, article, today, system)
    return done


@transaction.atomic
def _end(article_pk: int, today: date, system: User) -> int:
    article = Article.objects.select_for_update(no_key=True).get(pk=article_pk)
    over = article.versions.filter(in_force=True, valid_to__lt=today).first()  # type: ignore[attr-defined]
    if over is None:
        return 0
    ended = {"in_force": False, "state": State.EXPIRED, "ended_at": moment.now()}
    Version.objects.filter(pk=over.pk).update(**ended)
    noted(article, Turn.EXPIRED, by=system, version=over.number)
    return 1


@transaction.atomic
def _begin(pk: int, article_pk: int, today: date, system: User) -> int:
    article = Article.objects.select_for_update(no_key=True).get(pk=article_pk)
    coming = Version.objects.filter(pk=pk, state=State.PUBLISHED, in_force=False).first()
    if coming is None:
        return 0
    if coming.valid_to is not None and coming.valid_to < today:  # the worker slept through it
        Version.objects.filter(pk=pk).update(state=State.EXPIRED, ended_at=moment.now())
        return 1
    _put_in_force(article, coming, by=system)
    return 1


def due_for_review(today: date) -> list[Article]:
    """To be read again, or soon over, and its owner not yet told of that."""
    soon = today + timedelta(days=SOON_DAYS)
    live = Q(versions__in_force=True)
    due = live & (Q(review_on__lte=today) | Q(versions__valid_to__lte=soon))
    rows = Article.objects.filter(due).annotate(ends=F("versions__valid_to"))
    found = rows.select_related("owner").order_by("code").distinct()[:1000]
    return [
        one for one in found if rules.is_untold(one.reminded_on, today, one.review_on, one.ends)
    ]


def told(articles: list[Article], today: date) -> None:
    """Their owners have heard."""
    Article.objects.filter(pk__in=[one.pk for one in articles]).update(reminded_on=today)
