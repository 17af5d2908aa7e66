"""Mailboxes are watched by one worker each; one that hangs holds up no other."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from huiyin.ground import moment
from huiyin.journey.channels.mail.actions import connecting, receiving
from huiyin.journey.channels.mail.actions.receiving import watch
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.complaint.models import Complaint
from tests.mail import imap
from tests.mail.boxes import box_at, failed, some

pytestmark = pytest.mark.django_db(transaction=True)


# -- all of them ----------------------------------------------------------------------------------
def stop_watching(monkeypatch, seconds=0.0):
    monkeypatch.setattr(receiving, "WATCH_SECONDS", seconds)


def ended() -> None:
    for thread in list(receiving._watched.values()):
        thread.join(timeout=30)
        assert not thread.is_alive()
    receiving._watched.clear()


def test_one_that_hangs_holds_up_no_other(server, box, monkeypatch):
    stop_watching(monkeypatch)
    monkeypatch.setattr(connecting, "ANSWER_SECONDS", 300.0)
    monkeypatch.setattr(receiving, "PATIENCE", 1.0)
    server.deliver(*some(1))
    with imap.silent() as port:
        other = box_at(port, address="other@example.com")
        watch()
        if thread := receiving._watched.get(box.pk):
            thread.join(timeout=60)
        assert Mail.objects.count() == 1
        assert other.pk in receiving._watched  # it hangs still
    ended()  # nobody listens there any more
    assert Mailbox.objects.get(address="other@example.com").receive_error
    assert not Mailbox.objects.get(pk=box.pk).receive_error
    assert Complaint.objects.count() == 1  # at once, not at the next round


def test_of_two_workers_one_watches_a_mailbox(box):
    """Another worker is another connection; when the first is done the second may."""
    held, go = threading.Event(), threading.Event()

    def other() -> None:
        with receiving._alone(box.pk) as mine:
            assert mine
            held.set()
            go.wait(20)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(20)
    with receiving._alone(box.pk) as mine:
        assert not mine
    go.set()
    thread.join()
    with receiving._alone(box.pk) as mine:
        assert mine


def test_a_worker_that_died_leaves_its_mailboxes_to_another(box):
    """Its lease ends by itself; as long as it lives it renews it at each round."""
    until = moment.now() + receiving.LEASE
    later = until + timedelta(seconds=1)
    Mailbox.objects.filter(pk=box.pk).update(watched_by=receiving._me(), watched_until=until)
    with receiving._alone(box.pk) as mine:
        assert not mine
    receiving._watched[box.pk] = threading.current_thread()
    with moment.at(later - timedelta(seconds=2)):
        receiving._renew()
    with moment.at(later), receiving._alone(box.pk) as mine:
        assert not mine
    receiving._watched.clear()
    with moment.at(later + receiving.LEASE), receiving._alone(box.pk) as mine:
        assert mine
    assert not receiving._watched


def connections() -> int:
    """Of this database, beside our own."""
    with connection.cursor() as cursor:
        cursor.execute(  # autovacuum may be at work there, by a user of its own
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = current_user AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_many_that_hang_hold_no_connection_and_leave_room_for_the_others(
    server, box, monkeypatch, settings
):
    """Of thirty mailboxes twenty-nine hang; no more than eight are visited at once."""
    stop_watching(monkeypatch)
    monkeypatch.setattr(connecting, "ANSWER_SECONDS", 3.0)
    monkeypatch.setattr(receiving, "PATIENCE", 1.0)
    settings.MAIL_MOST_WATCHED = 8
    server.deliver(*some(1))
    before, most, seen = connections(), 0, 0
    with imap.silent() as port:
        for n in range(29):
            box_at(port, address=f"u{n}@example.com")
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            watch()
            most = max(most, len(receiving._watched))
            time.sleep(0.3)  # all of them wait now
            if len(receiving._watched) == 8:
                seen = max(seen, connections() - before)
            if not Mailbox.objects.filter(receive_error="", received_ok_at=None).exists():
                break
        ended()
    assert most == 8
    assert seen <= 2
    assert Complaint.objects.count() == 1
    assert Mailbox.objects.exclude(receive_error="").count() == 29
    told = set(Mailbox.objects.exclude(receive_error="").values_list("receive_error", flat=True))
    assert all("没有及时应答" in one for one in told), told


def test_while_waiting_for_news_no_connection_is_held(server, box, monkeypatch):
    stop_watching(monkeypatch, 300.0)
    with imap.server() as one, imap.line(one.port, most=1000) as line:
        Mailbox.objects.filter(pk=box.pk).update(imap_port=line.port)
        before = connections()
        watch()
        assert line.idles(1)
        assert box.pk in receiving._watched
        assert connections() <= before
        assert Mailbox.objects.get(pk=box.pk).watched_by == receiving._me()
    ended()  # the server is gone
    assert Mailbox.objects.get(pk=box.pk).watched_by == ""


def test_who_failed_comes_behind_the_others_but_comes(box, monkeypatch):
    first, second = box_at(1, address="a@example.com"), box_at(1, address="b@example.com")
    monkeypatch.setattr(receiving, "_begun", {first.pk: 100.0, second.pk: 150.0})
    first.receive_failed_at = moment.now()
    assert [one.pk for one, _stay in receiving._by_turns([first, second])] == [second.pk, first.pk]
    receiving._begun[second.pk] = 500.0
    assert [one.pk for one, _stay in receiving._by_turns([first, second])] == [first.pk, second.pk]


def test_a_database_that_fails_is_told_in_a_sentence(box, monkeypatch):
    def full(*_args, **_more):
        raise OperationalError("FATAL:  sorry, too many clients already")

    monkeypatch.setattr(receiving, "connected", full)
    assert "数据库" in failed(box)
    assert "sorry" not in failed(box)


def _watched_once() -> None:
    watch()
    connection.close()


@pytest.mark.parametrize("most", (1000, 3))
def test_news_are_heard_while_waiting_however_they_drip(box, monkeypatch, most):
    stop_watching(monkeypatch, 300.0)
    thread = threading.Thread(target=_watched_once)
    with imap.server() as one, imap.line(one.port, most=most) as line:
        Mailbox.objects.filter(pk=box.pk).update(imap_port=line.port)
        thread.start()
        for n in range(3):
            assert line.idles(n + 1)
            one.deliver(*some(1, n))
        assert line.idles(4)
        assert Complaint.objects.count() == 3
    thread.join()
    ended()  # the server is gone
    assert Mailbox.objects.get(pk=box.pk).receive_error == ""  # the next visit tells, if it fails


def test_what_comes_before_it_waits_is_not_forgotten(box, monkeypatch):
    """Told while something else was asked: the server tells it no second time."""
    stop_watching(monkeypatch, 300.0)
    take_new = receiving._take_new
    times: list[int] = []

    def and_then_one_comes(*what):
        kept = take_new(*what)
        if not times:
            one.deliver(*some(1))
        times.append(kept)
        return kept

    monkeypatch.setattr(receiving, "_take_new", and_then_one_comes)
    thread = threading.Thread(target=_watched_once)
    with imap.server() as one, imap.line(one.port, most=1000) as line:
        Mailbox.objects.filter(pk=box.pk).update(imap_port=line.port)
        thread.start()
        assert line.idles(1)
        assert times == [0, 1]
    thread.join()
    ended()
