"""Complaints that came by one door (登记入口): the last, and those that wait; the door tried."""

from __future__ import annotations

from datetime import datetime

from django.utils.http import urlencode

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.web import inside
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.journey.channels.health import Figure
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.models import Intake
from huiyin.surface.context import WORKERS
from huiyin.surface.workbench.lists import Filters

MOST = 1000  # counted as far as a person cares
LONGEST_PAGE = 1024 * 1024


def last_at(via: str) -> datetime | None:
    """When the last complaint came by it; found by index, however many there are."""
    came = Intake.objects.filter(via=via).order_by("-pk")
    return came.values_list("complaint__received_at", flat=True).first()


def figures(via: str, user: User) -> tuple[Figure, ...]:
    """Counted by the very list that opens; whoever has no lists counts all."""
    today = moment.today().isoformat()
    return (
        _figure(_("今天登记"), user, view="all", via=via, since=today),
        _figure(_("待分配"), user, view="waiting", via=via),
        _figure(_("已超时"), user, is_bad=True, view="late", via=via),
    )


def _figure(label: str, user: User, *, is_bad: bool = False, **asked: str) -> Figure:
    filters, now = Filters.read(asked), moment.now()
    opens = user.has_role(*WORKERS)
    rows = filters.pick(user, now) if opens else filters.narrow(Complaint.objects.all(), user, now)
    count = rows.order_by()[:MOST].count()
    return Figure(
        label, count, f"/queue/?{urlencode(asked)}" if opens else "", is_bad and count > 0
    )


def must_answer(path: str, status: int, *marks: bytes, **headers: str) -> None:
    """Refused unless our own page answers so, asked without a network."""
    answer = inside.ask(path, **headers)
    body = inside.body_of(answer)
    if answer.status_code != status or any(mark not in body for mark in marks):
        raise Refused(
            _("%(path)s 没有正常应答（%(status)s）") % {"path": path, "status": answer.status_code}
        )


def must_be_reached(path: str, status: int) -> bool:
    """The same over the network, where others reach us at an address; whether there is one."""
    if not inside.is_public():
        return False
    url, host = inside.address_of(path)
    try:
        reply = posting.send("GET", url, headers={}, most=LONGEST_PAGE, inner=(host,))
    except (posting.Unreached, Forbidden) as error:
        raise Refused(
            _("从公开地址 %(url)s 打不开，请检查域名、证书和反向代理") % {"url": url}
        ) from error
    if reply.status != status:
        raise Refused(
            _("公开地址 %(url)s 答复 %(status)s，请检查反向代理")
            % {"url": url, "status": reply.status}
        )
    return True
