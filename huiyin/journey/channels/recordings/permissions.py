"""Who may listen, write down, quote; each asked beside sight of the complaint."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.channels.recordings.models import Recording
from huiyin.journey.conversation.permissions import (
    can_describe,
    can_hold,
    can_note,
    can_open_evidence,
)


@permission(_("敏感证据只有处理人、本组组长和主管、经理、法务、隐私官和上传人可以打开"))
def can_listen(user: User, recording: Recording) -> bool:
    return can_open_evidence(user, recording.evidence)


@permission(_("只有能打开这段录音、并参与这条投诉的人可以听写和引用"))
def can_write_down(user: User, recording: Recording) -> bool:
    return can_listen(user, recording) and can_note(user, recording.complaint)


@permission(_("只有处理人、组长、主管、经理、法务、隐私官和上传人可以看谁听过"))
def can_see_listeners(user: User, recording: Recording) -> bool:
    evidence = recording.evidence
    return can_listen(user, recording) and (
        can_describe(user, evidence) or can_hold(user, evidence)
    )


@permission(_("只有系统管理员可以设置录音分析和转写"))
def can_set_up(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN)
