"""What an improvement would be, as the finding of its complaint tells it: to be edited."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.ground.people.models import Department
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.cooperation.models import Task
from huiyin.journey.cooperation.words import Part
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.models import Kind
from huiyin.journey.investigation.models import Finding
from huiyin.journey.triage import knowledge


@dataclass(frozen=True)
class Draft:
    """Nothing of the facts: those may name the customer, and departments read this."""

    kind: Kind | None
    department: Department | None
    title: str
    text: str

    @property
    def kind_id(self) -> int | None:
        return self.kind.pk if self.kind else None

    @property
    def department_id(self) -> int | None:
        return self.department.pk if self.department else None


def drafted(complaint: Complaint) -> Draft:
    """The kind that its cause calls for; the department that leads the work on it, else the one
    that usually does this kind; the root of the whys, else the cause, as the title."""
    finding = complaint.findings.first()
    if finding is None:
        return Draft(None, _leading(complaint), "", "")
    kind = Kind.objects.in_use().filter(causes__contains=[finding.cause]).first()
    department = _leading(complaint) or (kind.department if kind else None)
    return Draft(kind, department, _title(complaint, finding), finding.recommendation)


def _title(complaint: Complaint, finding: Finding) -> str:
    about = knowledge.current().path(complaint.category) if complaint.category else ""
    by_cause = " · ".join(filter(None, (str(finding.get_cause_display()), about)))
    return (finding.root or by_cause)[: rules.LONGEST_TITLE]


def _leading(complaint: Complaint) -> Department | None:
    """Outside parties own no improvement of ours."""
    led = Task.objects.filter(complaint=complaint, part=Part.LEAD).select_related("department")
    there = (one.department for one in led.order_by("-pk")[:5])
    return next((one for one in there if not one.is_outside and one.retired_at is None), None)
