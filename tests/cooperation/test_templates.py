"""Templates of tasks: one at least for each handling rule, proposed once, edited in the console."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.urls import reverse

from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.models import TaskTemplate
from huiyin.journey.cooperation.reference import load_reference, rows
from huiyin.journey.triage.models import HandlingRule
from huiyin.surface import demo

pytestmark = pytest.mark.django_db


def test_every_handling_rule_has_a_template_in_both_languages():
    rules = set(HandlingRule.objects.values_list("code", flat=True))
    assert {row["handling_rule"] for row in rows()} == rules
    for row in rows():
        for name in ("title_zh", "title_en", "question_zh", "question_en"):
            assert row[name].strip(), (row["code"], name)
    for template in TaskTemplate.objects.all():
        template.full_clean()


def test_the_demonstration_has_every_department_that_is_named():
    file = Path(demo.__file__).parent / "departments.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        there = {row["code"] for row in csv.DictReader(opened)}
    assert {row["department_code"] for row in rows()} <= there


def test_loading_again_keeps_what_was_edited():
    TaskTemplate.objects.filter(code="H04-BATCH").update(title_zh="我们的说法")
    assert load_reference() == 0
    assert TaskTemplate.objects.get(code="H04-BATCH").title_zh == "我们的说法"


def test_a_template_is_proposed_until_it_is_sent_and_again_when_that_was_cancelled(
    complaint, ask, li
):
    def proposed():
        return [one.code for one in cooperation.proposals(complaint, list(complaint.tasks.all()))]

    assert proposed() == ["H04-BATCH"]
    task = ask(template=TaskTemplate.objects.get(code="H04-BATCH"))
    assert proposed() == []
    cooperation.cancel(task, by=li, reason="发错了部门")
    assert proposed() == ["H04-BATCH"]
    TaskTemplate.objects.filter(code="H04-BATCH").update(category_prefix="FD")
    assert proposed() == []


def test_it_is_edited_and_put_out_of_use_in_the_console(manager, signed_in, complaint, li, qc):
    template = TaskTemplate.objects.get(code="H04-BATCH")
    client = signed_in(manager)
    page = client.get(reverse("console:row", args=["task-templates", template.pk]))
    assert template.question_zh.splitlines()[0] in page.text
    state = reverse("console:state", args=["task-templates", template.pk])
    assert client.post(state, {"state": "retired"}).status_code == 302
    assert cooperation.proposals(complaint, []) == []
    assert signed_in(li).get(reverse("console:section", args=["task-templates"])).status_code == 403
