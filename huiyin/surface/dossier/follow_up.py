"""The follow-up form (跟进表) after the guidance of ISO 10002, Annex F, from the record.

Its blocks are tables of label and value, so that the page and the PDF show the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity, What
from huiyin.journey.triage import knowledge
from huiyin.journey.triage.words import Risk
from huiyin.surface.dossier import rules
from huiyin.surface.workbench.story import sentence

Mask = Callable[[str], str]


@dataclass(frozen=True)
class Form:
    blocks: list[tuple[str, list[tuple[str, str]]]]
    milestones: list[tuple[str, str, str, str]]  # name, date, person, remark


def moment_of(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def names() -> dict[str, str]:
    return {
        "acknowledged": _("已确认收到"),
        "assessed": _("已评估"),
        "investigated": _("已调查"),
        "resolved": _("已解决"),
        "informed": _("已告知投诉人"),
        "corrected": _("已纠正"),
        "verified": _("纠正已核验"),
        "closed": _("已结案"),
    }


def steps(complaint: Complaint) -> list[rules.Milestone]:
    """The eight milestones; one question."""
    told = complaint.events.filter(what__in=rules.OF_MILESTONES).select_related("by").order_by("pk")
    happened = [
        rules.Happened(one.what, one.at, one.by.shown_name, {**one.facts, "_what": one.what})
        for one in told
    ]
    return rules.milestones(happened, is_open=complaint.is_open)


def form(complaint: Complaint, mask: Mask, contact: str) -> Form:
    """All seven blocks of the form."""
    titles = names()
    rows = [
        (titles[one.key], moment_of(one.at), one.by, mask(_remark(one))) for one in steps(complaint)
    ]
    return Form(
        [
            (_("1 收到投诉"), _receipt(complaint)),
            (_("2 投诉人"), _complainant(complaint, mask, contact)),
            (_("3 投诉内容"), _complaint(complaint, mask)),
            (_("4 遇到的问题"), _problem(complaint)),
            (_("5 评估"), _assessment(complaint)),
            (_("6 解决"), _resolution(complaint, mask)),
        ],
        rows,
    )


def _remark(one: rules.Milestone) -> str:
    if one.facts is None:
        return ""
    facts: dict[str, Any] = dict(one.facts)
    what = What(facts.pop("_what"))
    return sentence(what, facts)


def _receipt(complaint: Complaint) -> list[tuple[str, str]]:
    return [
        (_("编号"), complaint.number),
        (_("受理时间"), moment_of(complaint.received_at)),
        (_("受理人"), complaint.received_by.shown_name if complaint.received_by else ""),
        (_("渠道"), str(complaint.get_channel_display())),
    ]


def _complainant(complaint: Complaint, mask: Mask, contact: str) -> list[tuple[str, str]]:
    return [
        (_("姓名"), mask(complaint.customer.name) or _("匿名客户")),
        (_("联系方式"), contact),
    ]


def _complaint(complaint: Complaint, mask: Mask) -> list[tuple[str, str]]:
    return [
        (_("订单号"), complaint.order_no),
        (_("摘要"), mask(complaint.subject)),
        (_("经过"), mask(complaint.text)),
    ]


def _problem(complaint: Complaint) -> list[tuple[str, str]]:
    happened = complaint.happened_on.isoformat() if complaint.happened_on else ""
    again = complaint.contact_count > 1
    return [
        (_("发生日期"), happened),
        (_("是否重复发生"), _("是") if again else _("否")),
        (_("类别"), knowledge.current().path(complaint.category) if complaint.category else ""),
    ]


def _assessment(complaint: Complaint) -> list[tuple[str, str]]:
    severity = Severity(complaint.severity).label if complaint.severity else ""
    safety = "safety" in complaint.risks
    due = Clock.objects.filter(complaint=complaint, subject="", kind=ClockKind.RESOLUTION)
    clock = due.order_by("pk").last()
    urgent = complaint.severity in (Severity.S1, Severity.S2)
    return [
        (_("严重程度"), str(severity)),
        (_("影响"), _risks(complaint) or _("未见特别风险")),
        (_("是否涉及安全"), _("是") if safety else _("否")),
        (_("是否需要立即行动"), _("是") if urgent or safety else _("否")),
        (_("解决期限"), moment_of(clock.due_at) if clock else ""),
    ]


def _risks(complaint: Complaint) -> str:
    known = [str(Risk(one).label) for one in complaint.risks if one in Risk.values]
    return "、".join(known)


def _resolution(complaint: Complaint, mask: Mask) -> list[tuple[str, str]]:
    offers = complaint.offers.select_related("remedy").order_by("pk")  # type: ignore[attr-defined]
    taken = [one for one in offers if one.executed_at or one.state in ("agreed", "executed")]
    done = "；".join(f"{one.remedy.name} {_yuan(one.amount_fen)}".strip() for one in taken)
    return [
        (_("要求的补救"), mask(complaint.wanted)),
        (_("采取的补救"), done),
        (_("可能赔偿"), _("是") if any(one.amount_fen for one in offers) else _("否")),
    ]


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}" if fen else ""
