"""Who may carry a step out, and see to it that it is carried out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.execution.models import Step
from huiyin.journey.execution.words import Doer
from huiyin.journey.routing.permissions import can_handle


@permission(_("只有处理人、本组主管可以登记这一步；付款的步骤财务也可以"))
def can_complete(user: User, step: Step) -> bool:
    """A handler's and a department's step: who handles it. Money: finance too."""
    pays = step.doer == Doer.FINANCE or step.amount_fen > 0
    return can_handle(user, step.complaint) or (pays and user.has_role(Role.FINANCE))


@permission(_("只有处理人和本组主管可以调整执行步骤；付款的步骤财务也可以"))
def can_steer(user: User, step: Step) -> bool:
    """Trying again, doing by hand what a system did not, moving a date."""
    return can_complete(user, step)
