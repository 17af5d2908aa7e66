"""Rules of sending surveys."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.survey.actions import save_rule
from huiyin.journey.survey.api import RuleIn, RuleOut
from huiyin.journey.survey.models import SendRule, Survey
from huiyin.journey.survey.permissions import can_rule, can_see_surveys
from huiyin.surface.console import actions
from huiyin.surface.console.sections import BY_NAME

router = Router(tags=["survey"])
RULES = BY_NAME["survey-rules"]


@router.get("/survey-rules", response=list[RuleOut], summary="Rules of sending (发送规则)")
def list_rules(request: HuiyinRequest) -> list[SendRule]:
    can_see_surveys.require(request.user, None)
    return list(SendRule.objects.select_related("survey")[:200])


@router.post("/survey-rules", response={201: RuleOut}, summary="New rule")
def create_rule(request: HuiyinRequest, data: RuleIn) -> Answer[SendRule]:
    can_rule.require(request.user, None)
    return Answer(201, _saved(request, SendRule(), data))


@router.put("/survey-rules/{rule}", response=RuleOut, summary="Change a rule")
def change_rule(request: HuiyinRequest, rule: int, data: RuleIn) -> SendRule:
    can_rule.require(request.user, None)
    return _saved(request, get_object_or_404(SendRule, pk=rule), data)


def _saved(request: HuiyinRequest, rule: SendRule, data: RuleIn) -> SendRule:
    survey = get_object_or_404(Survey, code=data.survey)
    fields: dict[str, Any] = {**data.dict(), "survey": survey}
    by = request.user
    return actions.kept(RULES, rule, lambda: save_rule(rule, by=by, **fields), by=by)
