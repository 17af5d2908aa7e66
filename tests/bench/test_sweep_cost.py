"""What a sweep costs does not grow with what is open; measuring leaves nothing behind."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command

from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint, Event

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_ten_times_the_open_clocks_cost_the_same_questions_and_rows():
    told = StringIO()
    call_command("bench_sweep", "--open", "200", "2000", "--due", "5", stdout=told)
    ratios = r"10 times the open clocks: .*?, ([\d.]+) times the queries, ([\d.]+) times"
    said = re.search(ratios, told.getvalue())
    assert said is not None, told.getvalue()
    assert float(said[1]) < 1.1
    assert float(said[2]) < 1.1
    assert not Clock.objects.exists()
    assert not Complaint.objects.exists()
    assert not Event.objects.exists()
