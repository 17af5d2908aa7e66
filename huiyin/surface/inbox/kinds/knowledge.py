"""Knowledge that waits for its second pair of eyes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.knowledge import actions, compared
from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.permissions import can_review
from huiyin.ground.knowledge.words import State
from huiyin.ground.people.models import User
from huiyin.surface.inbox.kinds.shape import Data, Item, Kind


def _rows() -> QuerySet[Version]:
    return Version.objects.select_related("article__owner", "author", "submitted_by", "reviewed_by")


def _sees(rows: QuerySet[Version], user: User) -> QuerySet[Version]:
    visible = Version.objects.visible_to(user).filter(submitted_at__isnull=False)
    return rows.filter(pk__in=visible.order_by().values("pk"))


def _tell(version: Version) -> Item:
    place = reverse("knowledge:article", args=[version.article.code])
    before = f"&against={version.number - 1}" if version.number > 1 else ""
    writer = version.submitted_by or version.author
    return Item(
        kind=REVIEW,
        pk=version.pk,
        complaint=None,
        by=writer.shown_name,
        why=version.change,
        asked=f"{version.article.get_kind_display()} · {version.shown_title}",
        since=version.submitted_at or moment.now(),
        due_at=None,
        about=(version.article.code, version.shown_title),
        page=f"{place}?version={version.number}{before}",
    )


def _detail(version: Version, user: User) -> dict[str, Any]:
    older = version.article.versions.visible_to(user).filter(number__lt=version.number)  # type: ignore[attr-defined]
    before = older.order_by("-number").first()
    own = user.pk in version.writers or version.submitted_by_id == user.pk
    refusal = _("自己写的不能自己审核，请另一位有审核权限的同事审核") if own else ""
    return {
        "version": version,
        "before": before,
        "difference": compared.difference(before, version) if before else [],
        "open": version.state == State.REVIEW,
        "outcome": version.get_state_display(),
        "decided_by": version.reviewed_by,
        "decided_at": version.reviewed_at,
        "refusal": refusal or ("" if can_review(user, version) else str(can_review.sentence)),
    }


def _decide(version: Version, by: User, data: Data) -> str:
    note = data.get("note", "")
    if data.get("approve") == "1":
        actions.approve(version, by=by, note=note)
        return _("已批准发布")
    actions.send_back(version, by=by, note=note)
    return _("已退回，请编写的人修改")


REVIEW = Kind(
    key="review",
    title=gettext_lazy("知识审核"),
    icon="book-open-text",
    waiting=actions.waiting_for,
    rows=_rows,
    complaint="",
    since="submitted_at",
    person="submitted_by__name",
    search=("article__code", "title", "title_en"),
    sees=_sees,
    tell=_tell,
    detail=_detail,
    form="inbox/forms/review.html",
    decide=_decide,
)
