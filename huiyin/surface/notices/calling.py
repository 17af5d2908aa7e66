"""Lines in the bell about calls: somebody asks for support, or ended a call for abuse."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.journey.channels.phone.models import Act
from huiyin.journey.channels.phone.words import Did
from huiyin.surface.notices.models import Notice


def tell_of_call(act: Act) -> None:
    """Once for each act. It names nobody but the colleague: the call says the rest."""
    if act.to is None:
        return
    sentence = (
        _("%(name)s 在通话中请求支援") if act.did == Did.HELP else _("%(name)s 因辱骂结束了通话")
    )
    Notice.objects.bulk_create(
        [
            Notice(
                user=act.to,
                key=f"call:{act.pk}",
                address=reverse("phone:one", args=[act.call_id]),
                text=sentence % {"name": act.by.name},
                urgent=True,
                at=act.at,
            )
        ],
        ignore_conflicts=True,
    )
