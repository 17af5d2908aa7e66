"""What is counted of an article, and what was searched in vain."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.knowledge import rules
from huiyin.ground.knowledge.models import Article, Miss
from huiyin.ground.knowledge.permissions import can_keep
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused

TYPING = timedelta(minutes=10)  # so long what begins alike is the same search, still being typed
KEPT_DAYS = 365
MOST_OF_STRANGERS = 300  # a day: whoever floods the help page fills no table


def count(article: Article, *, used: int = 0, helped: int = 0, not_helped: int = 0) -> None:
    """Carry what was said of it elsewhere."""
    Article.objects.filter(pk=article.pk).update(
        used=F("used") + used, helped=F("helped") + helped, not_helped=F("not_helped") + not_helped
    )


@transaction.atomic
def missed(words: str, *, place: str, user: User | None = None) -> None:
    """A search found nothing. What somebody is still typing is one search, not one per letter."""
    words = words.replace("\0", "").strip()[: rules.LONGEST_QUERY]
    folded = rules.folded(words)
    if not folded:
        return
    now = moment.now()
    lately = Miss.objects.filter(user=user, place=place, at__gte=now - TYPING, settled_at=None)
    last = lately.order_by("-pk").first() if user is not None else None
    if last is not None and folded.startswith(last.folded):
        Miss.objects.filter(pk=last.pk).update(words=words, folded=folded, at=now)
        return
    if last is not None and last.folded.startswith(folded):
        return  # letters are being taken away again
    if user is None and _flooded(now):
        return
    Miss.objects.create(words=words, folded=folded, place=place, user=user, at=now)


def _flooded(now: datetime) -> bool:
    strangers = Miss.objects.filter(user=None, at__gte=now - timedelta(days=1))
    return strangers[:MOST_OF_STRANGERS].count() >= MOST_OF_STRANGERS


@transaction.atomic
def settle(words: str, *, by: User, note: str) -> int:
    """These searches are dealt with: written, or for a reason not to be written."""
    can_keep.require(by, None)
    note = note.strip()
    if len(note) < 2 or len(note) > 300:
        sentence = _("请写明怎样处理的，例如：已写 AS-21；或：不属于本业务（2–300 字）")
        raise Invalid(sentence, note=sentence)
    found = Miss.objects.filter(folded=rules.folded(words), settled_at=None)
    done = found.update(settled_at=moment.now(), settled_by=by, settled_note=note)
    if not done:
        raise Refused(_("这个词已经处理过了，请刷新页面"))
    return done


def sweep_misses() -> int:
    """Searches of a year ago tell nothing any more."""
    old = Miss.objects.filter(at__lt=moment.now() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]
