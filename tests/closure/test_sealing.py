"""The archive is sealed: whatever is changed, added or taken away later is found."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.sentence import sentence
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Seal
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.triage.models import Triage
from tests.roads import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def archived(closed):
    with moment.at(closed.closed_at + timedelta(days=31)):
        assert actions.archive_due() == 1
    return fresh(closed)


def checked() -> str:
    out = StringIO()
    call_command("check_seals", stdout=out)
    return out.getvalue()


def by_force(sql: str) -> None:
    """As somebody does who has the database in his hands: triggers are put aside."""
    words = sql.split()
    table = words[2] if words[0] == "DELETE" else words[1]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_archiving_seals_everything_that_stands_there(archived):
    seal = Seal.objects.get()
    assert len(seal.digest) == 64
    there = set(seal.tables)
    for table in (
        "complaint_complaint",
        "complaint_event",
        "conversation_message",
        "investigation_finding",
        "resolution_offer",
        "routing_assignment",
        "closure_feedback",
        "closure_visit",
        "closure_closing",
        "callbacks_callback",
        "callbacks_try",
        "clocks_clock",
    ):
        assert table in there
    assert actions.broken(archived) == []
    assert "1 archived complaints, every seal holds" in checked()


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("UPDATE complaint_event SET facts = '{}' WHERE what = 'closed'", "complaint_event"),
        ("UPDATE conversation_message SET text = 'x'", "conversation_message"),
        ("UPDATE complaint_complaint SET text = text || '。'", "complaint_complaint"),
        ("UPDATE resolution_offer SET amount_fen = amount_fen - 1", "resolution_offer"),
        ("DELETE FROM closure_visit", "closure_visit"),
        ("UPDATE callbacks_try SET words = 'x'", "callbacks_try"),
        ("UPDATE closure_closing SET outcome = 'partly'", "closure_closing"),
        ("UPDATE closure_seal SET tables = '{}'", "seal"),
    ],
)
def test_any_change_is_found_and_named(sql, table, archived):
    by_force(sql)
    assert table in {one.table for one in actions.broken(fresh(archived))}
    with pytest.raises(CommandError, match="differences in 1 archived"):
        checked()


def test_what_is_added_later_is_found(archived, he):
    archived.visits.create(result="satisfied", by=he, at=moment.now())
    assert [one.table for one in actions.broken(archived)] == ["closure_visit"]


def test_a_seal_taken_away_is_missed(archived):
    by_force("DELETE FROM closure_seal")
    assert [one.table for one in actions.broken(archived)] == [""]
    assert actions.seal_unsealed() == 1
    assert actions.broken(archived) == []


def test_what_the_privacy_officer_does_later_breaks_no_seal(archived):

    Complaint.objects.filter(pk=archived.pk).update(restricted=True)
    record(What.RESTRICTED, archived, by=User.objects.system(), reason="依法限制")
    assert Event.objects.filter(what=What.RESTRICTED).exists()
    assert actions.broken(fresh(archived)) == []


def test_a_seal_stays(archived):
    for act in (lambda: Seal.objects.update(digest="0" * 64), Seal.objects.all().delete):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            act()


def test_without_a_seal_nothing_is_archived(closed, monkeypatch):
    from huiyin.journey.closure.actions import sealing

    def broken_hand(_complaint):
        raise ValueError("no ink")

    monkeypatch.setattr(sealing, "_seal", broken_hand)
    with moment.at(closed.closed_at + timedelta(days=31)):
        assert actions.archive_due() == 0
    assert fresh(closed).status == Status.CLO


def test_the_page_and_a_program_show_the_seal(archived, manager, signed_in, api):
    digest = Seal.objects.get().digest
    panel = signed_in(manager).get(f"/complaints/{archived.number}/panels/closure/")
    assert digest[:16] in panel.content.decode()
    told = api(manager).get(f"/api/v1/complaints/{archived.number}/seal").json()
    assert (told["digest"], told["holds"]) == (digest, True)
    by_force("UPDATE conversation_message SET text = 'x'")
    assert not api(manager).get(f"/api/v1/complaints/{archived.number}/seal").json()["holds"]


def test_a_seal_is_the_same_whoever_reads_the_sentences_in_it(closed):
    """Sentences are said in the reader's language: what is sealed is what stands in the table."""
    record(What.NOTED, closed, by=User.objects.system(), reason=sentence("没有安装这种接入"))
    Triage.objects.filter(complaint=closed).update(reason="多次处理失败")  # a row from before
    with translation.override("en"), moment.at(closed.closed_at + timedelta(days=31)):
        assert actions.archive_due() == 1
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert actions.broken(fresh(closed)) == []
