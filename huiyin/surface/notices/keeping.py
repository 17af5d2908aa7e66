"""Those who answer for knowledge are told, here and by mail, what they are to read again."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.knowledge.models import Article
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.conversation.actions import post_letter
from huiyin.surface.notices.plain import tell_once
from huiyin.surface.notices.reminding import _mail_at

SHOWN = 30  # in a letter
NAMED = 5  # in a notice


@transaction.atomic
def remind_keepers() -> int:
    """One notice and one letter each, outside quiet hours, once for each day of review; the list
    keeps the rest.

    What has no owner, or whose owner has gone, is told to the knowledge editors.
    """
    today, now = moment.today(), moment.now()
    due = knowledge.due_for_review(today)
    if not due:
        return 0
    kept = Article.objects.select_for_update(skip_locked=True, of=("self",))
    mine = set(kept.filter(pk__in=[one.pk for one in due]).values_list("pk", flat=True))
    editors = list(User.objects.active().with_role(Role.KNOWLEDGE))
    by_person: dict[int, tuple[User, list[Article]]] = {}
    for article in (one for one in due if one.pk in mine):
        owner = article.owner
        for person in [owner] if owner and owner.is_active else editors:
            by_person.setdefault(person.pk, (person, []))[1].append(article)
    heard: dict[int, Article] = {}
    for person, articles in by_person.values():
        if person.email and _mail_at(person, critical=False) > now:
            continue  # quiet hours: the next run after them
        _show(person, articles, today)
        if person.email:
            _write(person, articles)
        heard |= {one.pk: one for one in articles}
    knowledge.told(list(heard.values()), today)
    return len(heard)


def _show(person: User, articles: list[Article], today: date) -> None:
    codes = "、".join(one.code for one in articles[:NAMED])

    def words() -> str:
        told = {"n": len(articles), "codes": codes + ("…" if len(articles) > NAMED else "")}
        return _("%(n)s 条知识请您复审：%(codes)s") % told

    # Told anew only for what has come since: `knowledge.told` keeps the day of each.
    key = f"review:{today}:{min(one.pk for one in articles)}"
    tell_once(key, [person], words, f"{reverse('knowledge:library')}?view=due")


def _write(person: User, articles: list[Article]) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        place = settings.BASE_URL + reverse("knowledge:library") + "?view=due"
        lines = [
            _("%(code)s　复审日期 %(day)s")
            % {"code": one.code, "day": one.review_on or _("未定，快要失效")}
            for one in articles[:SHOWN]
        ]
        body = "\n".join(
            (
                _("以下知识到了复审日期，或快要失效，请重读：仍然有效就确认，有变就修订。"),
                "",
                *lines,
                "",
                place,
            )
        )
        subject = _("%(n)s 条知识请您复审") % {"n": len(articles)}
        post_letter(
            None,
            event=None,
            purpose="knowledge",
            recipient=person.email,
            subject=subject,
            body=body,
        )
