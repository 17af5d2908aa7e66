"""kill -9 in the middle of an import, and again: nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.models import Intake
from huiyin.settings import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
COUNT = 150


def start(path) -> subprocess.Popen[bytes]:
    here = make_conninfo(settings.DATABASE_DSN, dbname=connection.settings_dict["NAME"])
    env = os.environ | {"DATABASE_URL": here, "PYTHONPATH": str(ROOT)}
    argv = [sys.executable, "-m", "django", "import_complaints", str(path)]
    return subprocess.Popen(
        argv, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def until_there_are(count: int, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 240
    while Complaint.objects.count() < count and process.poll() is None:
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_kill_9_loses_and_doubles_nothing(file):
    path = file([[f"第 {n} 台电饭煲不加热，客服不理"] for n in range(COUNT)], ["text"])
    for count in (30, 80):
        process = start(path)
        until_there_are(count, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
    halfway = Complaint.objects.count()
    assert 30 <= halfway < COUNT, "it was killed in the middle"

    assert start(path).wait(timeout=120) == 0
    texts = list(Complaint.objects.values_list("text", flat=True))
    assert len(texts) == len(set(texts)) == COUNT
    assert Intake.objects.exclude(receipt=None).count() == COUNT
    serials = sorted(int(c.number[-6:]) for c in Complaint.objects.all())
    assert serials == list(range(1, COUNT + 1)), "numbers have no gap"
