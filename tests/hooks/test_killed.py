"""kill -9 between keep and take: nothing is lost, nothing is doubled.

`ARRIVALS=2000 python3 dev.py test --no-checks -n 1 tests/hooks/test_killed.py` makes the figure of
docs/reliability.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from huiyin.journey.channels.hooks import actions
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.sms.models import Text
from huiyin.journey.channels.social.models import Word
from huiyin.journey.complaint.models import Complaint

ARRIVALS = int(os.environ.get("ARRIVALS", "60"))
PATIENCE = 600 + 3 * ARRIVALS


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_doubled_however_often_workers_are_killed():
    social = Hook.objects.create(code="forum", name="论坛", connector="webhook")
    sms = Hook.objects.create(
        code="sms", name="短信", connector="sms_http", options={"sign": "云朵"}
    )
    half = ARRIVALS // 2
    for n in range(half):
        words = {"kind": "message", "id": f"m{n}", "text": f"第 {n} 件事"}
        told = {**words, "author": {"id": f"u{n}", "name": "甲"}}
        actions.keep(social, f"s{n}", json.dumps(told).encode())
        actions.keep(social, f"again{n}", json.dumps(told).encode())  # sent twice under two ids
        text = {**words, "from": f"138{n:08d}"}
        actions.keep(sms, f"t{n}", json.dumps(text).encode())
    deaths = _survive()
    assert deaths > 0, "nobody died: the test shows nothing"
    assert set(Arrival.objects.values_list("state", flat=True)) == {"taken"}
    assert Complaint.objects.count() == 2 * half
    assert Word.objects.count() == half
    assert Text.objects.count() == half
    found = sorted(Complaint.objects.filter(channel="social").values_list("text", flat=True))
    assert found == sorted(f"第 {n} 件事" for n in range(half))
    sys.stderr.write(f"{3 * half} arrivals, {deaths} deaths, 0 lost, 0 doubled\n")  # with -s


def _survive() -> int:
    """Workers begin anew until one ends well; how many died."""
    settings = connection.settings_dict
    dsn = make_conninfo(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
    )
    known = {"DATABASE_URL": dsn, "MORTAL": "0.02", "HUIYIN_POOL": "0"}
    environment = {**os.environ, **known, "DJANGO_SETTINGS_MODULE": "huiyin.settings"}
    deaths, ends = 0, time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        done = subprocess.run(
            [sys.executable, "-m", "tests.hooks.mortal"],
            cwd=Path(__file__).parent.parent.parent,
            env=environment,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode == 0:
            return deaths
        assert done.returncode == -9, done.stderr.decode()[-2000:]
        deaths += 1
    raise AssertionError("it never came to an end")
