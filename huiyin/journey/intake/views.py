"""How the complaint came in, as a panel of the complaint page."""

from __future__ import annotations

from typing import Any

from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.web.panels import rows
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.intake.models import Intake
from huiyin.journey.intake.words import FieldType


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """Answers, circumstances, and what the customer was told; contact points stay masked."""
    intake: Intake | None = getattr(complaint, "intake", None)
    answers = list(complaint.answers.select_related("field"))
    brought = rows(complaint, "evidence") if _has_files(answers) else []
    files = {str(e.uuid): e for e in brought if can_open_evidence(request.user, e)}
    return {
        "complaint": complaint,
        "intake": intake,
        "answers": [
            (a.field.shown_label, a.shown, [files[v] for v in a.value if v in files])
            if a.field.type == FieldType.FILE
            else (a.field.shown_label, a.shown, [])
            for a in answers
        ],
    }


def _has_files(answers: list[Any]) -> bool:
    return any(a.field.type == FieldType.FILE for a in answers)
