"""Who serves at the counter."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.refusal import permission
from huiyin.journey.intake.permissions import REGISTERS


@permission(_("只有坐席、投诉专员、受理员、组长、主管和经理可以在柜台登记"))
def can_serve(user: User, subject: object) -> bool:
    return user.has_role(*REGISTERS)
