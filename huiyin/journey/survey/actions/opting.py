"""A customer wants no surveys, or wants them again."""

from __future__ import annotations

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.survey.models import Invitation, OptOut
from huiyin.journey.survey.permissions import can_opt_out
from huiyin.journey.survey.words import Skip, State, Via


@transaction.atomic
def opt_out(complaint: Complaint, *, by: User, via: str = Via.STAFF) -> OptOut:
    """No survey to this customer any more, of whatever complaint. Twice is once."""
    can_opt_out.require(by, complaint)
    made, is_new = OptOut.objects.get_or_create(
        customer_id=complaint.customer_id, defaults={"via": via, "by": by, "at": moment.now()}
    )
    planned = Invitation.objects.filter(customer=complaint.customer_id, state=State.PLANNED)
    planned.update(state=State.SKIPPED, why=Skip.OPTED_OUT)
    if is_new:
        record(What.NOTED, complaint, by=by, survey="opted_out")
    return made


@transaction.atomic
def opt_in(complaint: Complaint, *, by: User) -> None:
    """He wants to be asked again."""
    can_opt_out.require(by, complaint)
    if OptOut.objects.filter(customer=complaint.customer_id).delete()[0]:
        record(What.NOTED, complaint, by=by, survey="opted_in")
