"""Canned replies of one's own: made while writing, found by a slash, seen by nobody else."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.channels.chat.permissions import can_sit
from huiyin.journey.conversation.rules import written
from huiyin.surface.notices.models import OwnPhrase

MOST = 200
LONGEST = 2000
TITLE = 60
SHORTCUT = re.compile(r"[\w-]{1,20}")


def own_phrases(user: User, query: str = "") -> list[OwnPhrase]:
    """Those with every typed word in title, shortcut or text; whose shortcut it is, first."""
    wanted = query.lower().split()
    found = [
        one
        for one in OwnPhrase.objects.of(user)[:MOST]
        if all(word in f"{one.title} {one.shortcut} {one.text}".lower() for word in wanted)
    ]
    return sorted(found, key=lambda one: not one.shortcut or one.shortcut != query.strip().lower())


@transaction.atomic
def keep_own(
    *, by: User, title: str, text: str, shortcut: str = "", phrase: OwnPhrase | None = None
) -> OwnPhrase:
    """A new one, or `phrase` with other words. Without a title its first words are that."""
    can_sit.require(by, None)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # of two at once one after another
    text, shortcut = written(text), shortcut.strip().lstrip("/").lower()
    title = " ".join(written(title).split()) or " ".join(text.split())[:20]
    faults = _faults(by, title, text, shortcut, phrase)
    if faults:
        raise Invalid("；".join(faults.values()), **faults)
    mine = OwnPhrase.objects.of(by)
    if phrase is None and mine.count() >= MOST:
        raise Refused(_("我的常用语最多 %(most)s 条，请先删掉不用的") % {"most": MOST})
    kept = OwnPhrase(user=by) if phrase is None else mine.select_for_update().get(pk=phrase.pk)
    kept.title, kept.text, kept.shortcut = title, text, shortcut
    kept.save()
    return kept


def _faults(
    by: User, title: str, text: str, shortcut: str, phrase: OwnPhrase | None
) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not text:
        faults["text"] = _("请填写常用语的内容")
    elif len(text) > LONGEST:
        faults["text"] = _("常用语最多 %(most)s 字") % {"most": LONGEST}
    if len(title) > TITLE:
        faults["title"] = _("标题最多 %(most)s 字") % {"most": TITLE}
    if shortcut and not SHORTCUT.fullmatch(shortcut):
        faults["shortcut"] = _("快捷词用字母、数字或汉字，不带空格，最多 20 个")
    elif shortcut:
        same = OwnPhrase.objects.of(by).filter(shortcut=shortcut)
        if other := same.exclude(pk=phrase.pk if phrase else 0).first():
            faults["shortcut"] = _("快捷词已用在“%(title)s”上") % {"title": other.title}
    return faults


def drop_own(phrase: OwnPhrase, *, by: User) -> None:
    can_sit.require(by, None)
    OwnPhrase.objects.of(by).filter(pk=phrase.pk).delete()
