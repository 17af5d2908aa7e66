"""Lines in the bell about calls: somebody asks for support, or ended a call for abuse; a call-back
that was agreed without a complaint is due, or late."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.journey.channels.phone.models import Act
from huiyin.journey.channels.phone.words import Did
from huiyin.surface.notices.plain import tell_once


def tell_of_call(act: Act) -> None:
    """Once for each act. It names nobody but the colleague: the call says the rest."""
    if act.to is None:
        return
    address = reverse("phone:one", args=[act.call_id])
    tell_once(f"call:{act.pk}", [act.to], lambda: _words(act), address, urgent=True)


def _words(act: Act) -> str:
    sentence = {
        Did.HELP: _("%(name)s 在通话中请求支援"),
        Did.ENDED: _("%(name)s 因辱骂结束了通话"),
        Did.DUE: _("约定的回电时间到了，请现在拨打"),
        Did.LATE: _("约定的回电已超时，客户还在等（%(name)s 接的电话）"),
    }[Did(act.did)]
    return sentence % {"name": act.by.name}
