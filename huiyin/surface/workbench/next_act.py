"""The act that comes next, for the head of the complaint page.

It decides nothing: each panel has said already what this person may do. Here stands only the order
in which a complaint travels, so that of all that is allowed the next step comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status

# The panels whose words count here, and the clocks that stand beside them.
ASKED = ("triage", "clocks", "routing", "investigation", "resolution", "execution", "closure")
Shown = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Act:
    """A button: it posts to `url`, after a yes to `asks`, opens `dialog`, or unfolds `panel`."""

    label: Any
    icon: str
    url: str = ""
    dialog: str = ""
    panel: str = ""
    key: str = ""
    primary: bool = False
    asks: Any = ""


class Step(NamedTuple):
    """`word` is what the panel calls the permission; `own`: the handler's, others only stand in."""

    panel: str
    word: str
    label: Any
    icon: str
    kind: str
    target: str
    own: bool = False
    asks: Any = ""


ROAD = (
    Step(
        "routing",
        "may_accept",
        pgettext_lazy("act", "签收"),
        "hand",
        "url",
        "routing:acceptance",
        own=True,
    ),
    Step("routing", "may_take", gettext_lazy("领取"), "hand", "url", "routing:taking"),
    Step(
        "closure",
        "may_take_up",
        pgettext_lazy("act", "接办重办"),
        "rotate-ccw",
        "url",
        "closure:taking_up",
        own=True,
    ),
    Step(
        "resolution", "may_decide", gettext_lazy("审批方案"), "badge-check", "dialog", "#decision"
    ),
    Step(
        "clocks",
        "may_decide_suspension",
        gettext_lazy("审批挂起"),
        "badge-check",
        "panel",
        "clocks",
    ),
    Step(
        "clocks",
        "may_wake",
        pgettext_lazy("act", "解挂"),
        "sunrise",
        "url",
        "clocks:waking",
        own=True,
        asks=gettext_lazy("现在解挂？时限继续计时。"),
    ),
    Step(
        "resolution",
        "may_acknowledge",
        gettext_lazy("看看方案的修改"),
        "pencil",
        "panel",
        "resolution",
        own=True,
    ),
    Step(
        "investigation",
        "finds_first",
        gettext_lazy("填写核实结论"),
        "search-check",
        "dialog",
        "#finding",
        own=True,
    ),
    Step(
        "resolution", "may_propose", gettext_lazy("拟方案"), "scale", "dialog", "#offer", own=True
    ),
    Step(
        "resolution",
        "may_answer",
        gettext_lazy("登记客户答复"),
        "handshake",
        "dialog",
        "#answer",
        own=True,
    ),
    Step(
        "execution",
        "may_complete",
        gettext_lazy("完成这一步"),
        "circle-check",
        "dialog",
        "#step",
    ),
    Step(
        "resolution",
        "may_execute",
        gettext_lazy("登记执行结果"),
        "circle-check",
        "dialog",
        "#execution",
    ),
    Step(
        "closure",
        "may_feed_back",
        gettext_lazy("反馈结果"),
        "mail-check",
        "dialog",
        "#feedback",
        own=True,
    ),
    Step("closure", "may_visit", gettext_lazy("登记回访"), "phone-call", "dialog", "#visit"),
    Step("closure", "closes", gettext_lazy("结案"), "check-check", "dialog", "#closing"),
    Step("triage", "confirms", gettext_lazy("确认分级"), "gauge", "panel", "triage"),
    Step("routing", "dispatches", gettext_lazy("派单"), "send", "dialog", "#dispatch"),
    Step(
        "routing",
        "may_resume",
        pgettext_lazy("act", "恢复办理"),
        "play",
        "url",
        "routing:resumption",
        own=True,
    ),
)


def acts(complaint: Complaint, shown: Shown, *, reader: User) -> list[Act]:
    """The next step first, then what is at hand at any time."""
    if complaint.status == Status.MRG:  # worked on under another number
        return [Act(_("看在哪里办理"), "merge", panel="grouping", primary=True)]
    allowed = _allowed(complaint, shown)
    stands_in = complaint.assignee_id not in (None, reader.pk)
    steps = [
        Act(
            step.label,
            step.icon,
            url=reverse(step.target, args=[complaint.number]) if step.kind == "url" else "",
            dialog=step.target if step.kind == "dialog" else "",
            panel=step.target if step.kind == "panel" else "",
            primary=not (step.own and stands_in),
            asks=step.asks,
        )
        for step in ROAD
        if allowed.get(step.panel, {}).get(step.word)
    ]
    steps.sort(key=lambda act: not act.primary)  # one's own turn before standing in
    routing = allowed["routing"]
    beside = []
    if routing.get("may_dispatch") and not (steps and steps[0].dialog == "#dispatch"):
        beside.append(Act(_("改派"), "send", dialog="#dispatch"))
    if routing.get("may_hand_over"):
        beside.append(Act(_("转派"), "arrow-right-left", dialog="#handover"))
    if routing.get("may_urge"):
        beside.append(Act(_("升级"), "trending-up", dialog="#escalation"))
    return [*steps[:1], *beside[-2:]]


def _allowed(complaint: Complaint, shown: Shown) -> dict[str, dict[str, Any]]:
    """The panels' words, and the few that need two panels to be said."""
    found = {name: dict(context) for name, context in shown.items()}
    for name in ASKED:
        found.setdefault(name, {})
    status = complaint.status
    finding = found["investigation"]
    finding["finds_first"] = finding.get("may_find") and not finding.get("finding")
    closure = found["closure"]
    closure["closes"] = closure.get("may_close") and not closure.get("missing")
    early = status in (Status.REG, Status.TRI)
    found["triage"]["confirms"] = (
        early and found["triage"].get("may_triage") and not complaint.category_confirmed
    )
    found["routing"]["dispatches"] = status == Status.TRI and found["routing"].get("may_dispatch")
    return found


def waits_for(complaint: Complaint) -> str:
    """Whose turn it is, when it is not the reader's."""
    who = complaint.assignee.name if complaint.assignee else ""
    team = complaint.team.name if complaint.team else _("派单")
    said = {
        Status.REG: _("等待分级"),
        Status.TRI: _("等待 %(team)s 领取或派单") % {"team": team},
        Status.DIS: _("等待 %(who)s 签收") % {"who": who or team},
        Status.WCU: _("等待客户补充"),
        Status.W3P: _("等待第三方"),
        Status.SUS: _("已挂起，等待解挂"),
        Status.PAP: _("等待审批"),
        Status.FUV: _("等待回访"),
    }
    if complaint.status in said:
        return said[Status(complaint.status)]
    return _("由 %(who)s 办理") % {"who": who or team} if complaint.is_open else ""
