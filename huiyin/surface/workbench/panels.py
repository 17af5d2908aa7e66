"""What stands beside the story on the complaint page, from top to bottom."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground.web.panels import Panel
from huiyin.while_building import there


def _p(name: str, title: Any, icon: str, template: str, module: str) -> list[Panel]:
    if not there(module) or not hasattr(import_module(module), "panel"):
        return []
    return [Panel(name, title, icon, template, import_module(module).panel)]


PANELS: tuple[Panel, ...] = (
    *_p(
        "customer",
        _("客户"),
        "user-round",
        "workbench/customer.html",
        "huiyin.surface.workbench.customer",
    ),
    *_p("triage", _("分级"), "gauge", "triage/panel.html", "huiyin.journey.triage.views"),
    *_p("clocks", _("时限"), "timer", "clocks/panel.html", "huiyin.journey.clocks.views"),
    *_p("routing", _("派单"), "users-round", "routing/panel.html", "huiyin.journey.routing.views"),
    *_p(
        "investigation",
        _("核实"),
        "search-check",
        "investigation/panel.html",
        "huiyin.journey.investigation.views",
    ),
    *_p(
        "resolution", _("方案"), "scale", "resolution/panel.html", "huiyin.journey.resolution.views"
    ),
    *_p("closure", _("闭环"), "check-check", "closure/panel.html", "huiyin.journey.closure.views"),
    *_p(
        "intake",
        _("受理信息"),
        "clipboard-list",
        "intake/panel.html",
        "huiyin.journey.intake.views",
    ),
)
BY_NAME = {panel.name: panel for panel in PANELS}
