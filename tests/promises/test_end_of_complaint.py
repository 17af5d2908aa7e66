"""Promises when a complaint ends: released with a withdrawal, owed beyond a closing."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.clocks.models import RungFired
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.promises import actions, lists
from huiyin.journey.promises.words import State
from tests.conftest import at, person
from tests.promises.conftest import NOW
from tests.promises.test_ledger import give
from tests.roads import close, fresh, story, to_visit
from tests.together import at_once

DUE = at("2026-12-01 18:00")


def followed(complaint: Complaint, what: What) -> None:
    """As the worker does it; twice, since it may."""
    event = complaint.events.get(what=what)
    run_later(event.pk)
    run_later(event.pk)


def withdrawn(complaint: Complaint, by) -> None:
    closure.withdraw(fresh(complaint), by=by, reason="客户来电说不投诉了")
    followed(complaint, What.WITHDRAWN)


# --- withdrawal -----------------------------------------------------------------------------------


def test_a_withdrawal_releases_what_was_promised(complaint, li, chen):
    with moment.at(NOW):
        given = give(complaint, li)
        kept = give(complaint, li, source="hand:2", kind="call", what="回电", amount_fen=0)
        actions.keep(kept, by=li, proof="已通话")
    with moment.at(at("2026-11-27 10:00")):
        withdrawn(complaint, chen)
    given.refresh_from_db()
    kept.refresh_from_db()
    assert (given.state, given.released_at) == (State.RELEASED, at("2026-11-27 10:00"))
    assert given.owner == li  # whose it was stays on record
    assert kept.state == State.KEPT
    assert story(complaint).count("promise_released") == 1
    assert fresh(complaint).promise_due_at is None
    with moment.at(at("2026-12-02 10:00")):
        sweep()
    assert "promise_broken" not in story(complaint)
    assert not complaint.callbacks.exists()


def test_what_was_broken_before_the_withdrawal_stays_broken(complaint, li, chen):
    with moment.at(NOW):
        given = give(complaint, li)
    with moment.at(at("2026-12-02 10:00")):  # nothing swept since: late is late
        withdrawn(complaint, chen)
    given.refresh_from_db()
    assert given.state == State.BROKEN
    assert "promise_released" not in story(complaint)


@pytest.mark.django_db(transaction=True)
def test_kept_and_withdrawn_at_once_it_ends_once(complaint, li, chen):
    with moment.at(NOW):
        given = give(complaint, li)

    def keep():
        with moment.at(at("2026-11-27 10:00")):
            actions.keep(given, by=li, proof="流水号 1")

    def withdraw():
        with moment.at(at("2026-11-27 10:00")):
            withdrawn(complaint, chen)

    at_once(keep, withdraw)
    given.refresh_from_db()
    assert given.state in (State.KEPT, State.RELEASED)
    told = story(complaint)
    assert told.count("promise_kept") + told.count("promise_released") == 1


def test_a_released_one_is_neither_kept_nor_moved(complaint, li, chen):
    with moment.at(NOW):
        given = give(complaint, li)
        withdrawn(complaint, chen)
        given.refresh_from_db()
        with pytest.raises(Refused):
            actions.keep(given, by=li, proof="流水号 1")
        with pytest.raises(Refused):
            actions.move(given, by=li, due_at=at("2026-12-05 10:00"), reason="客户同意周六")


def test_in_the_ledger_it_stands_among_the_released(complaint, li, chen, signed_in):
    with moment.at(NOW):
        give(complaint, li)
        withdrawn(complaint, chen)
        page = signed_in(chen).get("/promises/?view=released").content.decode()
        assert complaint.number in page
        assert complaint.number not in signed_in(chen).get("/promises/").content.decode()
        assert lists.overall(chen).due == 0  # nobody failed, nobody kept


# --- closing --------------------------------------------------------------------------------------


@pytest.fixture
def closed(make_complaint, after_sales, li, chen):
    """Closed on Thursday at ten, with a manual promised for eight in the evening."""
    visitor = person("he", "何回访", Role.VISITOR)
    with moment.at(NOW):
        made = to_visit(make_complaint, after_sales, li)
        closure.visit(made, by=visitor, result="satisfied")
        owed = {"kind": "send", "what": "寄送保养手册", "amount_fen": 0}
        give(made, li, **owed, due_at=at("2026-11-26 20:00"))
        close(fresh(made), li)
        followed(made, What.CLOSED)
    return made


def test_a_promise_outlives_the_closing_and_reminds(closed, li):
    given = closed.promises.get(kind="send")
    assert (fresh(closed).status, given.state) == ("CLO", State.OPEN)
    assert closed.clocks.filter(subject=given.subject, stopped_at=None).count() == 1
    assert fresh(closed).promise_due_at == given.due_at
    for hour in ("14:59", "15:01", "18:01"):
        with moment.at(at(f"2026-11-26 {hour}")):
            sweep()
    fired = RungFired.objects.filter(clock__subject=given.subject).order_by("pk")
    assert [float(one.rung.amount) for one in fired if one.rung] == [50, 80]


def test_beyond_the_closing_it_is_kept_as_before(closed, li):
    given = closed.promises.get(kind="send")
    with moment.at(at("2026-11-26 15:00")):
        actions.keep(given, by=li, proof="运单号 SF1")
    with moment.at(at("2026-11-26 20:01")):
        sweep()
    given.refresh_from_db()
    assert given.state == State.KEPT
    assert "promise_broken" not in story(closed)


def test_broken_after_the_closing_a_supervisor_calls_and_it_stays_closed(closed, li, chen):
    before = fresh(closed).severity
    with moment.at(at("2026-11-26 20:01")):
        sweep()
        sweep()
    given = closed.promises.get(kind="send")
    assert given.state == State.BROKEN
    assert story(closed).count("promise_broken") == 1
    now = fresh(closed)
    assert (now.status, now.severity, now.promise_due_at) == ("CLO", before, None)
    call = closed.callbacks.get(kind="promise")
    assert (call.post, call.not_by) == ("supervisor", [li.pk])


def test_the_ledger_shows_what_outlived_the_closing(closed, li, chen, signed_in):
    with moment.at(at("2026-11-26 11:00")):
        assert closed.number in signed_in(chen).get("/promises/").content.decode()
    with moment.at(at("2026-11-26 20:01")):
        sweep()
        page = signed_in(chen).get("/promises/?view=broken").content.decode()
    assert closed.number in page
    assert "寄送保养手册" in page


def test_what_fell_due_while_no_worker_ran_is_broken_all_the_same(closed):
    given = closed.promises.get(kind="send")
    closed.clocks.filter(subject=given.subject, stopped_at=None).delete()  # nobody followed yet
    with moment.at(at("2026-11-27 09:00")):
        followed(closed, What.CLOSED)
        sweep()
    given.refresh_from_db()
    assert given.state == State.BROKEN
    assert story(closed).count("promise_broken") == 1
