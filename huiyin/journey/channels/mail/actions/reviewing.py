"""A new complaint whose mail names an earlier one: somebody has looked, and it stays as it is."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.channels.mail.permissions import can_review_mail


@transaction.atomic
def let_stand(mail: Mail, *, by: User) -> None:
    """Of two at once one is told that it was decided. Linking is done on the complaint."""
    can_review_mail.require(by, mail)
    open_ = Mail.objects.filter(pk=mail.pk, suspected__isnull=False, decided_at=None)
    if not open_.update(decided_by=by, decided_at=moment.now()):
        raise Refused(_("这封邮件刚刚被别人核对过，请刷新查看"))
