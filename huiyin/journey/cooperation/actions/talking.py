"""Talk inside a task: between us and the department, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused, TooMany
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.cooperation import rules
from huiyin.journey.cooperation.actions.working import name_of
from huiyin.journey.cooperation.models import Link, Remark, Task
from huiyin.journey.cooperation.people import works_on
from huiyin.journey.cooperation.permissions import can_talk


@transaction.atomic
def remark(task: Task, *, by: User, text: str, link: Link | None = None) -> Remark:
    """Say something to the other side. What is said stays: a trigger refuses change and deletion.

    The story of the complaint tells only that it was said (NOTED with the task), never what.
    """
    can_talk.require(by, task)
    sentence = _("请写下要说的话")
    text = said(text, name="text", most=rules.LONGEST_REMARK, missing=sentence)
    if not task.is_open:
        raise Refused(_("这项任务已经结束，不能再留言"))
    now = moment.now()
    if link is not None:
        lately = Remark.objects.filter(link=link, at__gt=now - timedelta(hours=1)).count()
        if lately >= rules.UNANSWERED_REMARKS_A_HOUR:
            raise TooMany(_("留言太频繁了，请一小时后再试"))
    made = Remark.objects.create(
        task=task,
        ours=link is None and not works_on(by, task),
        by=by,
        link=link,
        name=name_of(by, link),
        at=now,
        text=text,
    )
    record(What.NOTED, task.complaint, by=by, task=task.pk, remark=made.pk)
    return made
