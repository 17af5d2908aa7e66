"""Promises are given, kept, moved, released and broken, each once, by whom it concerns."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.clocks.models import RungFired
from huiyin.journey.promises import actions
from huiyin.journey.promises.models import Promise
from huiyin.journey.promises.words import State
from tests.conftest import at, person
from tests.promises.conftest import NOW
from tests.roads import fresh, story
from tests.together import at_once

DUE = at("2026-12-01 18:00")


def give(complaint, by, **fields):
    fields = {"kind": "refund", "what": "退款 20 元", "amount_fen": 2000, "due_at": DUE, **fields}
    fields.setdefault("source", "hand:1")
    return actions.promise(fresh(complaint), by=by, **fields)


def test_a_promise_stands_in_the_ledger_with_its_clock_and_on_the_spine(complaint, li):
    with moment.at(NOW):
        given = give(complaint, li, sentence="三个工作日内退款20元。")
    assert (given.state, given.holder, given.due_at) == (State.OPEN, li, DUE)
    clock = complaint.clocks.get(subject=given.subject)
    assert (clock.kind, clock.due_at, clock.ladder.code) == ("promise", DUE, "LADDER-PROMISE")
    assert fresh(complaint).promise_due_at == DUE
    assert story(complaint)[-1] == "promised"


def test_asked_again_by_the_same_source_it_gives_the_one_there_is(complaint, li):
    with moment.at(NOW):
        assert give(complaint, li) == give(complaint, li, what="别的")
    assert complaint.promises.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_enters_it(complaint, li):
    def one():
        with moment.at(NOW):
            return give(complaint, li).pk

    assert len(set(at_once(one, one))) == 1
    assert Promise.objects.count() == 1


def test_a_sum_above_ones_authority_is_not_promised(complaint, li):
    with moment.at(NOW), pytest.raises(NotPermitted, match="权限"):
        give(complaint, li, amount_fen=500_000)
    assert not complaint.promises.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"due_at": at("2026-11-26 09:59")}, "due_at"),
        ({"due_at": at("2028-11-26 09:59")}, "due_at"),
        ({"kind": "moon"}, "kind"),
        ({"what": " "}, "what"),
        ({"what": "退" * 201}, "what"),
        ({"amount_fen": -1}, "amount"),
    ],
)
def test_what_makes_no_promise_is_refused(complaint, li, changed, field):
    with moment.at(NOW), pytest.raises(Invalid) as refused:
        give(complaint, li, **changed)
    assert field in refused.value.fields


def test_who_takes_no_part_promises_nothing(complaint, db):
    auditor = person("audit_p", "审计", Role.AUDITOR)
    with moment.at(NOW), pytest.raises(NotPermitted):
        give(complaint, auditor)


def test_it_follows_whoever_handles_the_complaint(complaint, li, chen, after_sales):
    from huiyin.journey.routing.actions import hand_over

    wu = person("wu_p", "吴", Role.AGENT, teams=[after_sales])
    with moment.at(NOW):
        given = give(complaint, li)
        hand_over(fresh(complaint), by=chen, to=wu, note="换人办理，退款已答应客户")
    given = Promise.objects.with_all().get(pk=given.pk)
    assert given.holder == wu
    assert Promise.objects.held_by(wu).count() == 1
    assert not Promise.objects.held_by(li).exists()


def test_kept_in_time_with_proof(complaint, li):
    with moment.at(NOW):
        given = give(complaint, li)
        with pytest.raises(Invalid, match="凭证"):
            actions.keep(given, by=li, proof="")
        actions.keep(given, by=li, proof="流水号 20261126001")
    given.refresh_from_db()
    assert (given.state, given.owner, given.kept_by) == (State.KEPT, li, li)
    assert fresh(complaint).promise_due_at is None
    assert not complaint.clocks.filter(subject=given.subject, stopped_at=None).exists()
    assert "promise_kept" in story(complaint)
    with moment.at(NOW), pytest.raises(Refused):
        actions.keep(given, by=li, proof="再来一次")


def test_moved_with_the_customers_word_before_it_is_due(complaint, li):
    later = at("2026-12-03 12:00")
    with moment.at(NOW):
        given = give(complaint, li)
        with pytest.raises(Invalid, match="同意"):
            actions.move(given, by=li, due_at=later, reason="")
        actions.move(given, by=li, due_at=later, reason="客户同意周四再退")
    given.refresh_from_db()
    assert (given.due_at, given.first_due_at) == (later, DUE)
    assert complaint.clocks.get(subject=given.subject).due_at == later
    assert fresh(complaint).promise_due_at == later
    assert given.moves.get().from_due_at == DUE


def test_released_only_by_somebody_else(complaint, li, chen):
    with moment.at(NOW):
        given = give(complaint, li)
        with pytest.raises(NotPermitted):
            actions.release(given, by=li, reason="客户说不用了")
        actions.release(given, by=chen, reason="客户来电说不用了")
    given.refresh_from_db()
    assert given.state == State.RELEASED
    assert fresh(complaint).promise_due_at is None


def test_broken_by_the_clock_once(complaint, li, chen):
    with moment.at(NOW):
        given = give(complaint, li)
    with moment.at(at("2026-12-01 18:01")):
        sweep()
        sweep()
    given.refresh_from_db()
    assert given.state == State.BROKEN
    told = story(complaint)
    assert told.count("promise_broken") == 1
    assert told.count("reclassified") == 1
    assert fresh(complaint).severity == 2
    assert complaint.triages.latest("pk").reason == "承诺未按时兑现：退款 20 元"
    call = complaint.callbacks.get()
    assert (call.kind, call.post, call.source) == ("promise", "supervisor", given.subject)
    assert call.not_by == [li.pk]


def test_done_late_is_done_and_stays_broken(complaint, li):
    with moment.at(NOW):
        given = give(complaint, li)
    with moment.at(at("2026-12-02 09:00")):
        actions.keep(given, by=li, proof="流水号 1")  # the sweep had not come by
    given.refresh_from_db()
    assert (given.state, given.kept_by) == (State.BROKEN, li)
    assert "promise_broken" in story(complaint)


def test_a_new_date_after_it_was_broken_is_a_new_promise(complaint, li):
    with moment.at(NOW):
        given = give(complaint, li)
    with moment.at(at("2026-12-01 18:01")):
        sweep()
        given.refresh_from_db()
        again = actions.move(given, by=li, due_at=at("2026-12-02 12:00"), reason="客户同意明天中午")
    given.refresh_from_db()
    assert given.state == State.BROKEN
    assert (again.state, again.origin, again.amount_fen) == (State.OPEN, "promise", 2000)


def test_reminders_at_half_and_at_eighty_percent(complaint, li):
    with moment.at(NOW):
        given = give(complaint, li, due_at=at("2026-11-26 20:00"))
    for hour in ("14:59", "15:00", "17:59", "18:00"):
        with moment.at(at(f"2026-11-26 {hour}")):
            sweep()
    fired = RungFired.objects.filter(clock__subject=given.subject).order_by("pk")
    assert [float(one.rung.amount) for one in fired if one.rung] == [50, 80]
    assert "clock_warned" not in story(complaint)


def test_of_an_s1_severity_stays(complaint, li):
    complaint.carry(severity=1)
    with moment.at(NOW):
        give(complaint, li)
    with moment.at(at("2026-12-01 18:01")):
        sweep()
    assert fresh(complaint).severity == 1
    assert complaint.callbacks.count() == 1


def test_the_words_stay(complaint, li):
    with moment.at(NOW):
        given = give(complaint, li)
        for change in ({"what": "别的"}, {"amount_fen": 1}, {"sentence": "x"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Promise.objects.filter(pk=given.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Promise.objects.filter(pk=given.pk).delete()
        actions.keep(given, by=li, proof="流水号 1")
        with pytest.raises(DatabaseError), transaction.atomic():
            Promise.objects.filter(pk=given.pk).update(state="open")


def test_others_see_none_of_it(complaint, li, sun):
    with moment.at(NOW):
        give(complaint, li)
    assert not Promise.objects.visible_to(sun).exists()
    assert Promise.objects.visible_to(li).exists()
