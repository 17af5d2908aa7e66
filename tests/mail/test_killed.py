"""kill -9 between any two steps: no mail is lost, none is doubled.

`MAILS=2000 python3 dev.py test --no-checks -n 1 tests/mail/test_killed.py` makes the figure of
docs/reliability.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from huiyin.ground.sealing import seal
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.complaint.models import Complaint
from tests.mail import imap
from tests.mail.letters import mail

MAILS = int(os.environ.get("MAILS", "60"))
PATIENCE = 600 + 3 * MAILS  # seconds


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_mail_is_lost_or_doubled_however_often_its_workers_are_killed(tmp_path, settings):
    with imap.server() as server:
        box = Mailbox.objects.create(
            address=imap.USER,
            imap_host="127.0.0.1",
            imap_port=server.port,
            imap_security="none",
            secret=seal(imap.PASSWORD),
        )
        copies = MAILS // 20  # a server that sent the same again
        texts = [f"第 {n} 件事：电饭煲坏了" for n in range(MAILS)]
        mails = [
            mail(text, Message_ID=f"<{n}@x>", From=f"u{n}@example.net")
            for n, text in enumerate(texts)
        ]
        server.deliver(*mails, *mails[:copies])
        deaths = survive(box, tmp_path)
        assert server.unseen() == 0
    assert deaths > 0, "nobody died: the test shows nothing"
    assert Mail.objects.count() == MAILS + copies
    assert Complaint.objects.count() == MAILS
    found = Complaint.objects.values_list("text", flat=True)
    assert sorted(text.rpartition("\n")[2] for text in found) == sorted(texts)
    outcomes = list(Mail.objects.values_list("outcome", flat=True))
    assert (outcomes.count("new"), outcomes.count("duplicate")) == (MAILS, copies)
    said = f"{MAILS} mails, {copies} copies, {deaths} deaths, 0 lost, 0 doubled\n"
    sys.stderr.write(said)  # seen with -s


def survive(box: Mailbox, folder: Path) -> int:
    """Two workers at a time, each begun anew whenever it dies; how often that was."""
    deaths, ends = 0, time.monotonic() + PATIENCE
    running = [start(box, folder), start(box, folder)]
    while running:
        assert time.monotonic() < ends, f"not done in time, {Mail.objects.count()} kept"
        time.sleep(0.02)
        for worker in list(running):
            code = worker.poll()
            if code is None:
                continue
            running.remove(worker)
            if code == 0:
                continue
            assert code == -9, worker.stderr.read().decode()[-2000:] if worker.stderr else code
            deaths += 1
            running.append(start(box, folder))
    return deaths


def start(box: Mailbox, folder: Path) -> subprocess.Popen[bytes]:
    given = connection.settings_dict
    dsn = make_conninfo(
        dbname=given["NAME"],
        user=given["USER"],
        password=given["PASSWORD"],
        host=given["HOST"],
        port=given["PORT"] or None,
    )
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "huiyin.settings",
        "DATABASE_URL": dsn,
        "HUIYIN_DATA": str(folder),
        "HUIYIN_LOG_LEVEL": "ERROR",
        "MORTAL": str(1 / max(30, MAILS / 3)),
    }
    argv = [sys.executable, "-m", "tests.mail.mortal", str(box.pk)]
    return subprocess.Popen(argv, env=env, stderr=subprocess.PIPE)
