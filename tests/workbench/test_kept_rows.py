"""Rows that are kept for a minute never show what is no longer so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import translation

from huiyin.ground import moment
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.workbench.templatetags import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(make_complaint, li, after_sales, signed_in):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND", severity=3)
    client = signed_in(li)
    kept._kept.clear()

    def shown() -> str:
        page = client.get("/queue/?view=mine").content.decode()
        found = re.search(rf'<tr data-row data-number="{complaint.number}".*?</tr>', page, re.S)
        assert found
        return found[0]

    return complaint, shown


def test_the_same_row_is_drawn_once(row):
    _complaint, shown = row
    now = moment.now().replace(second=1)
    with moment.at(now):
        first = shown()
        assert len(kept._kept) == 1
        assert shown() == first
        assert len(kept._kept) == 1


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"severity": 1}, "S1"),
        ({"subject": "电饭煲又坏了"}, "电饭煲又坏了"),
        ({"status": "RES"}, "已解决待反馈"),
        ({"contact_count": 4}, "第 4 次"),
        ({"wanted": "只要道歉"}, "只要道歉"),
        ({"risks": ["media"]}, "媒体"),
        ({"category": "PD.01"}, "品质"),
    ],
    ids=str,
)
def test_a_change_is_seen_at_once(row, change, seen):
    complaint, shown = row
    assert seen not in shown()
    Complaint.objects.filter(pk=complaint.pk).update(**change)
    assert seen in shown()


def test_names_beside_the_row_are_seen_at_once(row, li):
    complaint, shown = row
    shown()
    complaint.customer.name = "赵丽"
    complaint.customer.save()
    li.name = "李小明"
    li.save()
    assert "赵" in shown()
    assert "李小明" in shown()


def test_each_language_has_its_own_row(row, li):
    _complaint, shown = row
    shown()
    li.language = "en"
    li.save()
    with translation.override("en"):
        assert "处理中" not in shown()


def test_time_passes_in_kept_rows(row):
    complaint, shown = row
    with moment.at(complaint.received_at + timedelta(minutes=3)):
        assert "3 分钟前" in shown()
    with moment.at(complaint.received_at + timedelta(minutes=9)):
        assert "9 分钟前" in shown()


def test_memory_is_bounded(row, monkeypatch):
    complaint, shown = row
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    for minutes in range(8):
        with moment.at(complaint.received_at + timedelta(minutes=minutes)):
            shown()
    assert len(kept._kept) <= 3
