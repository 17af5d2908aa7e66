"""Trying a channel: once at a time, told in a sentence, and kept."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.journey.channels.health import LONGEST_TEST, Health
from huiyin.journey.channels.permissions import can_try_channels
from huiyin.surface.channels.models import Trial

logger = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(minutes=1)  # whoever tried it died on the way


def try_out(row: Health, *, by: User) -> Trial:
    """Really do what the channel does; whatever comes of it is a sentence, good or bad."""
    can_try_channels.require(by, None)
    if row.attempt is None:
        raise Refused(_("这个渠道的状态读不到，现在不能测试"))
    trial = _begin(row, by)
    trial.well, trial.words = _outcome(row)
    trial.ended_at = timezone.now()
    trial.save(update_fields=["well", "words", "ended_at"])
    return trial


def _begin(row: Health, by: User) -> Trial:
    """Of two at once one is refused; what never ended is over after a minute."""
    now = timezone.now()  # how long it takes is measured, whatever moment the demo shows
    lasting = Trial.objects.filter(key=row.key, ended_at=None, at__lt=now - GIVEN_UP_AFTER)
    lasting.update(ended_at=now, words=_("没有测试完"))
    try:
        with transaction.atomic():
            return Trial.objects.create(key=row.key, name=row.name[:200], by=by, at=now)
    except IntegrityError as error:
        raise Refused(_("正在测试，请等几秒看结果")) from error


def _outcome(row: Health) -> tuple[bool, str]:
    assert row.attempt is not None
    try:
        with posting.within(LONGEST_TEST):
            return True, row.attempt()
    except Refused as refusal:
        return False, str(refusal.sentence)
    except Exception:  # whatever a channel does, the person gets a sentence
        logger.exception("The test of %s failed", row.key)
        return False, _("测试中断，请查看系统日志")
