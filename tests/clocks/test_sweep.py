"""Warned before, missed after, each exactly once: twice in a row, after days of darkness, by many
processes of which some lose their database."""

from __future__ import annotations

import multiprocessing
import os
import random
import threading
import time
from collections import Counter

import psycopg
import pytest
from django.db import connection, connections

from huiyin.ground import moment
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.routing import actions as routing
from huiyin.surface.notices import reminding
from tests.conftest import at
from tests.roads import fresh
from tests.together import at_once

MORNING = "2026-11-25 10:00"
TOLD = (What.CLOCK_WARNED, What.CLOCK_MISSED)


def told(complaint=None) -> list[tuple[str, str]]:
    events = Event.objects.filter(what__in=TOLD).order_by("pk")
    if complaint:
        events = events.filter(complaint=complaint)
    return [(event.what, event.facts["kind"]) for event in events]


@pytest.mark.django_db
def test_warned_before_and_missed_after_each_once(taken_in, clock):
    complaint = taken_in(MORNING)  # sign-in until 15:00, first response until 10:00 tomorrow
    for moment_, expected in [
        ("2026-11-25 13:30", []),
        ("2026-11-25 14:05", [("clock_warned", "sign_in")]),
        ("2026-11-25 14:59", [("clock_warned", "sign_in")]),
        ("2026-11-25 15:00", [("clock_warned", "sign_in"), ("clock_missed", "sign_in")]),
    ]:
        with clock(moment_):
            sweep()
            assert sweep() == 0
        assert told(complaint) == expected, moment_
    assert complaint.clocks.get(kind="sign_in").missed_at == at("2026-11-25 15:00")


@pytest.mark.django_db
def test_after_three_days_of_darkness_what_was_due_comes_in_order(taken_in, clock):
    first = taken_in("2026-11-25 09:30")
    second = taken_in("2026-11-25 10:00", severity=1)
    with clock("2026-11-28 10:00"):
        assert sweep() > 5
        assert sweep() == 0
    missed = [
        (event.complaint_id, event.facts["kind"], event.facts["due_at"])
        for event in Event.objects.filter(what=What.CLOCK_MISSED).order_by("pk")
    ]
    assert [when for _one, _kind, when in missed] == sorted(when for _o, _k, when in missed)
    assert {one for one, _kind, _when in missed} == {first.pk, second.pk}
    assert not Event.objects.filter(what=What.CLOCK_WARNED).exists()  # late already: no warning


@pytest.mark.django_db
def test_what_was_done_late_while_nobody_swept_is_still_a_miss(taken_in, quality_agent, clock):
    complaint = fresh(taken_in(MORNING))
    with clock("2026-11-28 10:00"):
        routing.accept(complaint, by=quality_agent)
        sweep()
    assert told(complaint).count(("clock_missed", "sign_in")) == 1
    assert complaint.clocks.get(kind="sign_in").is_late


@pytest.mark.django_db
def test_a_sweep_with_nothing_due_asks_three_questions(taken_in, clock, django_assert_num_queries):
    for _ in range(3):
        taken_in(MORNING)
    with clock("2026-11-25 10:05"), django_assert_num_queries(3):
        assert sweep() == 0


@pytest.mark.django_db
def test_a_paused_clock_is_neither_warned_nor_missed(taken_in, quality_agent, clock):
    complaint = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(complaint, by=quality_agent)
        routing.wait(complaint, by=quality_agent, whom="customer", reason="等发票")
    with clock("2026-12-24 10:00"):
        sweep()
    assert ("clock_missed", "resolution") not in told(complaint)


@pytest.mark.django_db
def test_one_bad_clock_does_not_hold_up_the_others(taken_in, clock, monkeypatch):
    from huiyin.journey.clocks.actions import sweeping

    bad, good = taken_in("2026-11-25 09:00"), taken_in(MORNING)
    real = sweeping.record_miss

    def breaks(one, now):
        if one.complaint_id == bad.pk:
            raise RuntimeError("broken row")
        real(one, now)

    monkeypatch.setattr(sweeping, "record_miss", breaks)
    with clock("2026-11-25 16:00"):
        sweep()
    assert told(good) == [("clock_missed", "sign_in")]
    assert told(bad) == []


@pytest.mark.django_db
def test_the_person_and_the_supervisor_are_told(taken_in, chen, quality_agent, clock):
    from huiyin.journey.complaint.events import run_later

    complaint = taken_in(MORNING)
    with clock("2026-11-25 15:01"):
        sweep()
        run_later(complaint.events.get(what=What.CLOCK_MISSED).pk)
        reminding.tell_waiting()
    assert quality_agent.notices.filter(complaint=complaint, urgent=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_and_an_act_in_between_settle_everything_once(
    taken_in, quality_agent, clock
):
    complaints = [fresh(taken_in(MORNING)) for _ in range(4)]

    def late_sweep():
        with clock("2026-11-25 15:30"):
            return sweep()

    def sign(complaint):
        def act():
            with clock("2026-11-25 15:30"):
                routing.accept(complaint, by=quality_agent)

        return act

    results = at_once(late_sweep, late_sweep, *(sign(one) for one in complaints))
    assert not [one for one in results if isinstance(one, Exception)]
    late_sweep()
    assert Counter(told()) == {("clock_missed", "sign_in"): 4}
    assert Complaint.objects.filter(status="HND").count() == 4


OPEN = 30
WORKERS = 10


def _sweeping(now) -> None:
    """A worker in a process of its own: sweeps until all is quiet, whatever its database does."""
    connections.close_all()
    with moment.at(now):
        quiet, until = 0, time.monotonic() + 40
        while quiet < 3 and time.monotonic() < until:
            try:
                quiet = 0 if sweep() else quiet + 1
            except Exception:
                quiet = 0
                for one in connections.all(initialized_only=True):
                    one.close()
            time.sleep(0.02)
    os._exit(0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_processes_and_killed_connections_record_each_miss_exactly_once(taken_in):
    """Every few milliseconds a worker loses its connection; nothing is lost, nothing doubled."""
    for number in range(OPEN):
        taken_in(MORNING, said=f"第 {number} 件：电饭煲不加热")
    due = Clock.objects.filter(due_at__lte=at("2026-11-29 10:00")).count()
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    workers = [
        fork.Process(target=_sweeping, args=(at("2026-11-29 10:00"),)) for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    stop = threading.Event()
    kills: list[object] = []
    killed = threading.Thread(target=_kill_now_and_then, args=(stop, kills))
    killed.start()
    for worker in workers:
        worker.join(timeout=60)
    stop.set()
    killed.join()
    assert len(kills) >= 5
    with moment.at(at("2026-11-29 10:00")):
        sweep()  # what was at hand when the last connection died
    missed = Counter(
        (event.complaint_id, event.facts["kind"])
        for event in Event.objects.filter(what=What.CLOCK_MISSED)
    )
    assert len(missed) == due == 2 * OPEN
    assert set(missed.values()) == {1}
    assert Clock.objects.filter(missed_at=None, due_at__lte=at("2026-11-29 10:00")).count() == 0


def _kill_now_and_then(stop: threading.Event, kills: list) -> None:
    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    dsn = {name: parameters[name] for name in names if name in parameters}
    dice = random.Random(7)
    with psycopg.connect(**dsn, autocommit=True) as killer:
        while not stop.wait(0.05):
            mine = killer.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                "AND usename = current_user AND pid <> pg_backend_pid()"
            ).fetchall()
            if mine:
                killer.execute("SELECT pg_terminate_backend(%s)", dice.choice(mine))
                kills.append(mine)
