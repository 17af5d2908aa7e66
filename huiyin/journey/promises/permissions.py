"""Who may promise, keep, move, release."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.permissions import can_reply
from huiyin.journey.promises.models import Promise
from huiyin.journey.routing.permissions import can_handle, directs


@permission(_("只有参与办理这条投诉的人可以登记承诺"))
def can_promise(user: User, complaint: Complaint) -> bool:
    return can_reply(user, complaint)


def _owes(user: User, promise: Promise) -> bool:
    owner = promise.holder
    return owner is not None and owner.pk in (user.pk, *user.stands_in_for)


@permission(_("只有承诺负责人、处理人、财务和本组主管可以登记兑现"))
def can_keep(user: User, promise: Promise) -> bool:
    """Finance too: who paid has the proof."""
    paid = user.has_role(Role.FINANCE) and promise.is_money
    return _owes(user, promise) or can_handle(user, promise.complaint) or paid


@permission(_("只有承诺负责人、处理人和本组主管可以与客户改期"))
def can_move(user: User, promise: Promise) -> bool:
    return _owes(user, promise) or can_handle(user, promise.complaint)


@permission(_("解除承诺要由本组组长、主管或经理登记，处理人不能解除自己的承诺"))
def can_release(user: User, promise: Promise) -> bool:
    """Whoever owes it does not let himself off (four eyes)."""
    return directs(user, promise.complaint) and not (
        promise.holder is not None
        and promise.holder.pk == user.pk
        and not user.has_role(Role.MANAGER)
    )
