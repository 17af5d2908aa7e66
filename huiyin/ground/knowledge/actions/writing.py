"""Writing: a new article, a revision, changes to a draft, giving it up, handing it to another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.knowledge.actions.text import CODE, Text, checked_text
from huiyin.ground.knowledge.models import Article, History, Version
from huiyin.ground.knowledge.permissions import can_manage, can_write
from huiyin.ground.knowledge.words import Kind, State, Turn
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused

PREFIX = {Kind.POLICY: "ZC", Kind.LAW: "FL", Kind.SCRIPT: "HS", Kind.ARTICLE: "ZS"}
STALE = gettext_lazy("这份草稿刚刚被别人改过，请刷新后再改；您写的内容还在页面上，可以先复制")


def noted(article: Article, what: Turn, *, by: User, version: int | None, note: str = "") -> None:
    """One line of an article's history."""
    History.objects.create(
        article=article, version=version, what=what, by=by, at=moment.now(), note=note[:500]
    )


@transaction.atomic
def write(
    *,
    by: User,
    kind: str,
    text: Text,
    code: str = "",
    owner: User | None = None,
    review_on: date | None = None,
    turn: Turn = Turn.BEGUN,
    note: str = "",
) -> Version:
    """Begin an article: its first draft. Without a code it gets the next of its kind."""
    if kind not in Kind.values:
        raise Invalid(_("请选择类型"), kind=_("请选择类型"))
    can_write.require(by, kind)
    values = checked_text(text)
    now = moment.now()
    article = Article(
        code=_code(code, kind), kind=kind, owner=owner or by, review_on=review_on, created_at=now
    )
    try:
        with transaction.atomic():
            article.save(force_insert=True)
    except IntegrityError as taken:
        sentence = _("编号 %(code)s 已经有了，请换一个，或打开那一篇修订") % {"code": article.code}
        raise Invalid(sentence, code=sentence) from taken
    version = _draft(article, 1, values, by=by)
    noted(article, turn, by=by, version=1, note=note)
    return version


def _code(code: str, kind: str) -> str:
    code = code.strip()
    if code and not CODE.fullmatch(code):
        sentence = _("编号用字母、数字、点和横线，最多 40 个，例如 AS-03")
        raise Invalid(sentence, code=sentence)
    if code:
        return code
    prefix = PREFIX[Kind(kind)]
    last = Article.objects.filter(code__regex=rf"^{prefix}-\d{{4,9}}$").order_by("-code").first()
    return f"{prefix}-{int(last.code.split('-')[1]) + 1 if last else 1:04}"


def _draft(article: Article, number: int, values: dict[str, Any], *, by: User) -> Version:
    return Version.objects.create(
        article=article,
        number=number,
        author=by,
        writers=[by.pk],
        created_at=moment.now(),
        **values,
    )


@transaction.atomic
def revise(article: Article, *, by: User) -> Version:
    """Begin the next version from the one in force, else from the last; one at a time."""
    can_write.require(by, article.kind)
    kept = _held(article)
    readable = kept.versions.readable_by(by)  # type: ignore[attr-defined]
    if kept.versions.filter(state__in=(State.DRAFT, State.REVIEW)).exists():  # type: ignore[attr-defined]
        raise Refused(_("这一篇已经有一份在改的草稿或待审核的版本，请在那一份上继续"))
    base = readable.order_by("-in_force", "-number").first()
    if base is None:
        raise Refused(_("没有找到可以修订的版本，或者您无权查看"))
    last = kept.versions.aggregate(most=Max("number"))["most"]  # type: ignore[attr-defined]
    values = Text.of(base).values() | {"change": "", "valid_from": None}
    version = _draft(kept, last + 1, values, by=by)
    noted(kept, Turn.REVISED, by=by, version=version.number)
    return version


def _held(article: Article) -> Article:
    """Still until commit: of two who begin a version at once, one is refused."""
    return Article.objects.select_for_update(no_key=True).get(pk=article.pk)


@transaction.atomic
def save(
    version: Version,
    *,
    by: User,
    text: Text,
    revision: int,
    owner: User | None = None,
    review_on: date | None = None,
) -> Version:
    """Change a draft; refused when somebody else changed it since it was read."""
    can_write.require(by, version.article.kind)
    if owner is not None and (owner.pk, review_on) != (
        version.article.owner_id,
        version.article.review_on,
    ):
        give(version.article, by=by, owner=owner, review_on=review_on)
    kept = held(version, State.DRAFT, _("只有草稿可以修改；待审核的请先撤回"))
    if kept.revision != revision:
        raise Refused(STALE)
    for name, value in checked_text(text).items():
        setattr(kept, name, value)
    kept.revision += 1
    if by.pk not in kept.writers:
        kept.writers = [*kept.writers, by.pk]
    kept.save()
    return kept


def held(version: Version, state: str, otherwise: Any) -> Version:
    """The row as it is now, still until commit; refused unless it stands where it must."""
    rows = Version.objects.select_for_update(no_key=True, of=("self",)).select_related("article")
    kept = rows.filter(pk=version.pk).first()
    if kept is None or kept.state != state:
        raise Refused(otherwise)
    return kept


@transaction.atomic
def discard(version: Version, *, by: User) -> None:
    """Give up a draft; an article that never was more than that goes with it."""
    can_write.require(by, version.article.kind)
    kept = held(version, State.DRAFT, _("只有草稿可以丢弃"))
    article = kept.article
    kept.delete()
    if article.versions.exists():  # type: ignore[attr-defined]
        noted(article, Turn.DISCARDED, by=by, version=kept.number)
    else:
        article.delete()


@transaction.atomic
def give(article: Article, *, by: User, owner: User | None, review_on: date | None) -> None:
    """Say who answers for it, and when it is to be read again."""
    can_manage.require(by, article)
    if owner is None:
        raise Invalid(_("请指定负责人"), owner=_("请指定负责人"))
    if not owner.is_active or owner.is_system:
        raise Invalid(_("负责人已停用，请另选一位"), owner=_("请另选一位"))
    if review_on is None:
        raise Invalid(_("请填写复审日期"), review_on=_("请填写复审日期"))
    kept = _held(article)
    changed = kept.owner_id != owner.pk
    kept.owner, kept.review_on, kept.reminded_on = owner, review_on, None
    kept.save(update_fields=("owner", "review_on", "reminded_on"))
    article.owner, article.review_on = owner, review_on
    if changed:
        noted(kept, Turn.OWNED, by=by, version=None, note=owner.name)
