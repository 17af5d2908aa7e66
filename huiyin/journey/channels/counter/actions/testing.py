"""Whether the counter would work just now: its form shown, its papers drawn, nothing kept."""

from __future__ import annotations

import time

from django.conf import settings
from django.template.loader import render_to_string

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.privacy.models import PrivacyNotice
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.counter.actions.papers import facts, form_pdf, portal, qr, receipt_pdf
from huiyin.journey.channels.counter.models import Walkin
from huiyin.journey.channels.counter.rules import content
from huiyin.journey.channels.permissions import can_try_channels
from huiyin.journey.complaint.models import Complaint

STROKES = [[[100, 100], [300, 200], [500, 100], [700, 200]]]  # as a hand would sign


def try_counter(*, by: User) -> str:
    """What one visit needs, from the form to the receipt, of a visit that never was."""
    can_try_channels.require(by, None)
    began, now = time.monotonic(), moment.now()
    notice = PrivacyNotice.objects.current(now)
    said = content.typed({"name": _("测试客户"), "text": _("这是一次测试，不会登记。")})
    walkin = Walkin(by=by, content=said, strokes=STROKES, signed_at=now)
    walkin.privacy_version = notice.version if notice else ""
    walkin.complaint = Complaint(number="TS0000-000000", received_at=now)
    _show(walkin)
    for paper in (form_pdf(walkin, walkin.complaint), receipt_pdf(walkin, code="0000-0000")):
        if not paper.startswith(b"%PDF"):
            raise Refused(_("登记表或回执没有画出来"))
    if not qr(portal()):
        raise Refused(_("回执上的二维码没有画出来"))
    if notice is None:
        raise Refused(_("没有生效的隐私声明，客户不能签字；请先在“管理”里发布"))
    return _("表单、登记表和回执都画出来了，用时 %(seconds)s 秒") % {
        "seconds": f"{time.monotonic() - began:.1f}"
    }


def _show(walkin: Walkin) -> None:
    """What the customer reads before he signs."""
    shown = render_to_string(
        "counter/read.html",
        {
            "walkin": walkin,
            "said": walkin.content,
            "facts": facts(walkin),
            "organisation": settings.ORGANISATION,
        },
    )
    if walkin.content["text"] not in shown:
        raise Refused(_("给客户看的页面没有显示出来"))
