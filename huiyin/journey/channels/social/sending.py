"""One answer on its way to somebody's account: the words alone, with files in one call, or the
words and then each file as a message of its own, as its connector can."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F

from huiyin.ground import moment
from huiyin.ground.sentence import as_sentence
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.social import calling
from huiyin.journey.channels.social.models import Account
from huiyin.journey.channels.social.outgoing import kind_of, outgoing
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import Undelivered, Unfit
from huiyin.journey.conversation.models import Evidence, Letter, Part

MEDIA_LIVES = timedelta(days=2)  # three, as the platforms say


def key_of(letter: Letter, place: int = 0, anew: int = 0) -> str:
    """The same at each try; of each part another, and when a person has it sent anew."""
    ends = f"-{place}" if place or anew else ""
    return f"huiyin-letter-{letter.pk}{ends}" + (f"-r{anew}" if anew else "")


def outer_id(hook: int, outer: str) -> str:
    """One system cannot report about letters that another carried."""
    return f"{hook}:{outer}"[:120] if outer else ""


def answered(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(answers=F("answers") + 1)


def still_open(account: Account, connector: Any) -> None:
    """It may have closed while the letter waited."""
    limits = connector.limits(account.hook, account, moment.now())
    if limits.closed:
        raise Undelivered(limits.refusal, final=True)


def carry_at_once(letter: Letter, body: str, account: Account, connector: Any) -> str:
    """The words, and with them all its files where it has some; its name there."""
    key = key_of(letter)
    if not conversation.enclosed(letter).exists():
        return str(connector.send(account.hook, account, body, key))
    if (kept := conversation.withheld(letter)) is not None:
        raise Unfit(conversation.told_withheld(kept))
    if not hasattr(connector, "send_with"):
        raise Undelivered(_("这个接入不能带附件，请去掉附件或换一种方式"), final=True)
    files = conversation.files_of(letter)
    takes = connector.limits(account.hook, account, moment.now()).takes
    given = [outgoing(one, takes) for one in files]
    sent = str(connector.send_with(account.hook, account, body, given, key))
    conversation.handed_out(letter, files)
    return sent


def carry_in_parts(letter: Letter, body: str, account: Account, connector: Any) -> None:
    """The words first, then each file; whatever has left already is left alone."""

    def carry(part: Part) -> str:
        account.refresh_from_db(fields=["answers", "spoke_at", "follows"])
        still_open(account, connector)
        key = key_of(letter, part.place, part.anew)
        if part.evidence is None:
            conversation.begin(part)
            sent = connector.send(account.hook, account, body, key)
        else:
            sent = _file(part, part.evidence, account, connector, key)
        answered(account)
        return outer_id(account.hook.pk, str(sent))

    uncertain = as_sentence(getattr(connector, "UNKNOWN", ""))
    conversation.leave_in_parts(letter, carry, uncertain=uncertain)


def _file(part: Part, file: Evidence, account: Account, connector: Any, key: str) -> Any:
    kind = kind_of(file, connector.TAKES)
    media = _given(part, file, account, connector)
    conversation.begin(part)
    try:
        return connector.send_file(account.hook, account, kind, media, key)
    except calling.Stale:
        Part.objects.filter(pk=part.pk).update(media="")
        raise


def _given(part: Part, file: Evidence, account: Account, connector: Any) -> str:
    """The file as the other side calls it: given over once, and again when that is long ago."""
    now = moment.now()
    if part.media and part.media_at is not None and now - part.media_at < MEDIA_LIVES:
        return part.media
    part.media = str(connector.upload(account.hook, outgoing(file, connector.TAKES)))[:200]
    part.media_at = now
    Part.objects.filter(pk=part.pk).update(media=part.media, media_at=now)
    return part.media
