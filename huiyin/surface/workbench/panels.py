"""What stands beside the story on the complaint page, from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.web.panels import Panel
from huiyin.journey.callbacks import views as callbacks
from huiyin.journey.channels.chat.views import transcripts as chat
from huiyin.journey.channels.mail.views import reviewing as mails
from huiyin.journey.channels.social import views as social
from huiyin.journey.clocks import views as clocks
from huiyin.journey.closure import views as closure
from huiyin.journey.complaint import views as sight
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.consent import views as consent
from huiyin.journey.cooperation import views as cooperation
from huiyin.journey.execution import views as execution
from huiyin.journey.grouping import views as grouping
from huiyin.journey.guidance import views as guidance
from huiyin.journey.improvement import views as improvement
from huiyin.journey.intake import views as intake
from huiyin.journey.investigation import views as investigation
from huiyin.journey.promises import views as promises
from huiyin.journey.resolution import views as resolution
from huiyin.journey.routing import views as routing
from huiyin.journey.supervision import views as supervision
from huiyin.journey.survey import views as survey
from huiyin.journey.triage import views as triage
from huiyin.surface.dossier import views as dossier
from huiyin.surface.workbench import customer, findings, tasks

# In the first answer: what the head of the page and the next act are told from.
PROMPT: tuple[Panel, ...] = (
    Panel("customer", _("客户"), "user-round", "workbench/customer.html", customer.panel),
    Panel("triage", _("分级"), "gauge", "triage/panel.html", triage.panel),
    Panel("tasks", _("后续任务"), "list-checks", "workbench/tasks.html", tasks.panel),
    Panel("clocks", _("时限"), "timer", "clocks/panel.html", clocks.panel),
    Panel("routing", _("派单"), "users-round", "routing/panel.html", routing.panel),
    Panel("cooperation", _("协办"), "building-2", "cooperation/panel.html", cooperation.panel),
    Panel(
        "investigation",
        _("核实"),
        "search-check",
        "investigation/panel.html",
        findings.panel,
    ),
    Panel("resolution", _("方案"), "scale", "resolution/panel.html", resolution.panel),
    Panel("consent", _("客户确认"), "signature", "consent/panel.html", consent.panel),
    Panel("execution", _("执行"), "milestone", "execution/panel.html", execution.panel),
    Panel("promises", _("承诺"), "handshake", "promises/panel.html", promises.panel),
    Panel("closure", _("闭环"), "check-check", "closure/panel.html", closure.panel),
)
# In the answer right after it, so that the page stands sooner.
LATE: tuple[Panel, ...] = (
    Panel("named", _("来信提到"), "mail-question-mark", "mail/panel.html", mails.panel),
    Panel("posts", _("公开帖子"), "globe", "social/panel.html", social.panel),
    Panel("missed", _("没有取到的文件"), "file-warning", "social/missed.html", social.missed),
    Panel("grouping", _("并案"), "merge", "grouping/panel.html", grouping.panel),
    Panel("supervision", _("督办"), "eye", "supervision/panel.html", supervision.panel),
    Panel(
        "evidence",
        _("证据"),
        "paperclip",
        "investigation/evidence/panel.html",
        investigation.evidence_panel,
    ),
    Panel("guidance", _("知识"), "book-open-text", "guidance/panel.html", guidance.panel),
    Panel("chat", _("在线会话"), "messages-square", "chat/panel.html", chat.panel),
    Panel("callbacks", _("回电"), "phone-call", "callbacks/panel.html", callbacks.panel),
    Panel("improvement", _("整改"), "wrench", "improvement/panel.html", improvement.panel),
    Panel("survey", _("满意度调查"), "star", "survey/panel.html", survey.panel),
    Panel("sight", _("查看范围"), "shield", "complaint/sight.html", sight.panel),
    Panel("dossier", _("打印"), "printer", "dossier/panel.html", dossier.panel),
    Panel("intake", _("受理信息"), "clipboard-list", "intake/panel.html", intake.panel),
)
BY_NAME = {panel.name: panel for panel in (*PROMPT, *LATE)}


def contexts(
    request: HuiyinRequest, complaint: Complaint, wanted: Iterable[Panel]
) -> dict[str, dict[str, Any]]:
    """By the name of the panel, in the order of `wanted`; who has nothing to say is left out."""
    found = {panel.name: panel.context(request, complaint) for panel in wanted}
    return {name: context for name, context in found.items() if context is not None}
