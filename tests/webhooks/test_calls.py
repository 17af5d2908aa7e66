"""Calls against a real server that fails as real ones do: each thing is done exactly once."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from datetime import timedelta

import pytest
from django.db import connections

from huiyin.ground import moment
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.ground.webhooks import actions
from huiyin.ground.webhooks.actions import calling, posting
from huiyin.ground.webhooks.models import Call, Endpoint, key_of
from huiyin.ground.webhooks.rules import signing
from tests.together import at_once

pytestmark = pytest.mark.django_db
FEN = 5800


@pytest.fixture
def told(monkeypatch):
    """Who asked, as far as these tests go: keeps what it is told."""
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(
        calling, "listener_of", lambda _s: lambda call: heard.append((call.subject, call.state))
    )
    return heard


def ask(endpoint: Endpoint, subject: str = "test:1", fen: int | None = FEN) -> Call:
    return actions.ask(
        endpoint,
        kind="execution.step",
        subject=subject,
        about="退款 58.00 元",
        data={"case": "TS2026-000123", "amount_fen": fen},
        amount_fen=fen,
    )


def later(**span: int):
    return moment.at(moment.now() + timedelta(**span))


def run_until_settled(*calls: Call, hours: int = 60) -> None:
    """Let the time pass in which everything is tried and asked again."""
    now = moment.now()
    for minutes in range(0, hours * 60, 20):
        with moment.at(now + timedelta(minutes=minutes)):
            actions.send_due_calls()
            actions.ask_due()
        for call in calls:
            call.refresh_from_db()
        if all(call.state in ("done", "failed", "mismatch") for call in calls):
            return


def test_a_call_is_signed_and_done(endpoint, standin, told):
    call = ask(endpoint)
    assert actions.send_due_calls() == 1
    call.refresh_from_db()
    assert (call.state, call.reported_fen, call.reference) == ("done", FEN, f"R-{call.uid[-6:]}")
    assert standin.paid == {call.uid: FEN}
    assert standin.unsigned == 0
    assert standin.seen[0]["told"]["data"] == {"case": "TS2026-000123", "amount_fen": FEN}
    assert told == [("test:1", "done")]
    assert actions.send_due_calls() == 0  # nothing twice
    assert len(standin.seen) == 1


@pytest.mark.parametrize(
    "trouble", ["500", "503", "429", "reset", "lost", "html", "redirect", "big"]
)
def test_after_trouble_it_is_tried_again_with_the_same_id(trouble, endpoint, standin, told):
    standin.plan = [trouble, trouble]
    call = ask(endpoint)
    actions.send_due_calls()
    call.refresh_from_db()
    assert (call.state, call.tries, told) == ("waiting", 1, [])
    assert call.next_try_at > moment.now()
    run_until_settled(call)
    assert (call.state, call.tries) == ("done", 3)
    assert {one["id"] for one in standin.seen if one["told"]} == {call.uid}
    assert standin.paid == {call.uid: FEN}
    assert not any(one["id"] == "/elsewhere" for one in standin.seen)  # no redirect is followed


def test_what_drips_is_cut_off(endpoint, standin, told, monkeypatch):
    monkeypatch.setattr(posting, "WHOLE_SECONDS", 0.5)
    standin.plan = ["drip"]
    call = ask(endpoint)
    actions.send_due_calls()  # who waits for its end meets a broken answer instead
    call.refresh_from_db()
    assert (call.state, call.error) == ("waiting", "没有及时应答")
    run_until_settled(call)
    assert (call.state, standin.paid) == ("done", {call.uid: FEN})


def test_a_sum_that_differs_is_flagged_and_never_believed(endpoint, standin, told):
    standin.plan = ["lie"]
    call = ask(endpoint)
    actions.send_due_calls()
    call.refresh_from_db()
    assert (call.state, call.reported_fen) == ("mismatch", FEN * 10)
    assert "580.00" in call.error
    run_until_settled(call)
    assert (call.state, told) == ("mismatch", [("test:1", "mismatch")])


def test_done_without_a_sum_is_flagged(endpoint, standin, told):
    standin.plan = ["silent"]
    call = ask(endpoint)
    actions.send_due_calls()
    call.refresh_from_db()
    assert call.state == "mismatch"


def test_what_they_refuse_or_fail_ends_and_is_told(endpoint, standin, told):
    standin.plan = ["422", "failed"]
    refused, failed = ask(endpoint, "test:1"), ask(endpoint, "test:2")
    actions.send_due_calls()
    for call in (refused, failed):
        call.refresh_from_db()
    assert (refused.state, failed.state, failed.error) == ("refused", "failed", "账户已注销")
    assert sorted(told) == [("test:1", "refused"), ("test:2", "failed")]
    actions.send_again(refused)
    run_until_settled(refused)
    assert (refused.state, len({one["id"] for one in standin.seen if one["told"]})) == ("done", 2)
    with pytest.raises(Refused):
        actions.send_again(failed)


def test_what_is_taken_is_asked_for_until_it_is_done(endpoint, standin, told):
    standin.plan = ["accepted"]
    call = ask(endpoint)
    actions.send_due_calls()
    call.refresh_from_db()
    assert call.state == "accepted"
    assert actions.ask_due() == 0  # not at once
    with later(minutes=2):
        assert actions.ask_due() == 1
    call.refresh_from_db()
    assert (call.state, call.reference) == ("done", "R-asked")
    assert told == [("test:1", "accepted"), ("test:1", "done")]


def test_when_nothing_gets_through_the_outcome_is_asked_for(endpoint, standin, told):
    """The last answers were all lost, but the money went out: that is found out, not paid again."""
    standin.then = "lost"
    call = ask(endpoint)
    run_until_settled(call)
    assert (call.state, standin.paid) == ("done", {call.uid: FEN})
    assert ("test:1", "lost") in told


def test_a_system_that_is_switched_off_gets_nothing_until_it_is_on_again(endpoint, standin, told):
    Endpoint.objects.update(enabled=False)
    call = ask(endpoint)
    assert actions.send_due_calls() == 0
    Endpoint.objects.update(enabled=True)
    assert actions.send_due_calls() == 1
    call.refresh_from_db()
    assert call.state == "done"


def test_a_system_that_is_silent_holds_up_no_other(endpoint, standin, told):
    dead = Endpoint.objects.create(code="dead", name="停机的系统", url=standin.url)
    standin.secrets.append(dead.secret)
    standin.plan = ["reset"]
    first, second = ask(dead, "test:1"), ask(dead, "test:2")
    other = ask(endpoint, "test:3")
    actions.send_due_calls()
    tried = [Call.objects.get(pk=one.pk).tries for one in (first, second, other)]
    assert tried == [1, 0, 1]
    other.refresh_from_db()
    assert other.state == "done"


def test_what_is_cancelled_before_it_was_sent_never_goes_out(endpoint, standin, told):
    standin.plan = ["500"]
    sent, waiting = ask(endpoint, "test:1"), ask(endpoint, "test:2")
    assert actions.cancel(waiting)
    actions.send_due_calls()
    assert not actions.cancel(sent)  # it may have arrived
    with later(days=3):
        actions.send_due_calls()
    assert {one["id"] for one in standin.seen} == {sent.uid}


def test_an_address_that_turned_inner_is_not_called(endpoint, standin, told, settings):
    call = ask(endpoint)
    settings.WEBHOOK_INNER_HOSTS = ()
    actions.send_due_calls()
    call.refresh_from_db()
    assert (call.state, standin.seen) == ("waiting", [])
    assert "HUIYIN_WEBHOOK_INNER_HOSTS" in call.error


def test_with_two_secrets_old_and_new_verify_and_then_only_the_new(endpoint, standin, told, admin):
    old = endpoint.secret
    new = actions.rotate(endpoint, by=admin)
    assert new != old
    for secrets in ([old], [new]):
        standin.secrets[:] = secrets
        call = ask(endpoint, f"test:{secrets}")
        actions.send_due_calls()
        call.refresh_from_db()
        assert call.state == "done"
    standin.secrets[:] = [old]
    with later(hours=25):
        call = ask(endpoint, "test:3")
        actions.send_due_calls()
    call.refresh_from_db()
    assert (call.state, standin.unsigned) == ("refused", 1)


def test_the_table_alone_gives_nobody_the_secret(endpoint):
    kept = Endpoint.objects.values().get(pk=endpoint.pk)
    assert endpoint.secret not in json.dumps(kept, default=str)


def test_who_may_not_set_up_systems_rotates_nothing(endpoint, li, manager):
    for user in (li, manager):
        with pytest.raises(NotPermitted):
            actions.rotate(endpoint, by=user)
        with pytest.raises(NotPermitted):
            actions.try_out(endpoint, by=user)


def test_a_ping_says_what_is_wrong(endpoint, standin, admin):
    assert actions.try_out(endpoint, by=admin) == 200
    standin.plan = ["500"]
    with pytest.raises(Refused, match="500"):
        actions.try_out(endpoint, by=admin)
    Endpoint.objects.update(url="http://127.0.0.1:1/")
    endpoint.refresh_from_db()
    with pytest.raises(Refused, match="内部地址"):
        actions.try_out(endpoint, by=admin)


# --- what they report by themselves --------------------------------------------------------------


def report(client, endpoint, call, *, at=None, webhook_id="rep_1", secret=None, **said):
    body = json.dumps({"id": call.uid, "status": "done", "amount_fen": FEN, **said}).encode()
    key = key_of(secret or endpoint.secret)
    headers = signing.headers(
        [key], webhook_id=webhook_id, timestamp=int(at or time.time()), body=body
    )
    return client.post(
        f"/hooks/execution/{endpoint.code}/",
        body,
        content_type="application/json",
        headers=headers,
    )


def test_a_signed_report_settles_a_call_once(client, endpoint, standin, told):
    standin.plan = ["accepted"]
    call = ask(endpoint)
    actions.send_due_calls()
    for _again in range(3):
        answer = report(client, endpoint, call, reference="R-9")
        assert (answer.status_code, answer.json()) == (200, {"state": "done"})
    call.refresh_from_db()
    assert (call.state, call.reference) == ("done", "R-9")
    assert told == [("test:1", "accepted"), ("test:1", "done")]


def test_what_contradicts_a_report_before_is_flagged(client, endpoint, standin, told):
    standin.plan = ["accepted"]
    call = ask(endpoint)
    actions.send_due_calls()
    report(client, endpoint, call, webhook_id="rep_1")
    assert report(client, endpoint, call, webhook_id="rep_2", status="failed").json() == {
        "state": "mismatch"
    }


def test_an_unsigned_old_or_strange_report_changes_nothing(client, endpoint, standin, told):
    standin.plan = ["accepted"]
    call = ask(endpoint)
    actions.send_due_calls()
    other = Endpoint.objects.create(code="other", name="别的系统", url=standin.url)
    wrong = [
        report(client, endpoint, call, secret=other.secret),
        report(client, endpoint, call, at=time.time() - 400),
        report(client, Endpoint(code="nobody", salt=endpoint.salt), call),
        client.post("/hooks/execution/pay/", b"{}", content_type="application/json"),
    ]
    assert [one.status_code for one in wrong] == [401] * 4
    assert len({one.content for one in wrong}) == 1
    assert report(client, other, call).status_code == 422  # signed, but not its call
    assert report(client, endpoint, call, status="paid", webhook_id="r2").status_code == 422
    assert client.get("/hooks/execution/pay/").status_code == 405
    call.refresh_from_db()
    assert call.state == "accepted"


def test_guessing_signatures_is_limited(client, endpoint, standin, told):
    call = ask(endpoint)
    codes = {report(client, endpoint, call, at=1).status_code for _n in range(70)}
    assert codes == {401, 429}


# --- together, and killed in between -------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_call_once(endpoint, standin, monkeypatch):
    monkeypatch.setattr(calling, "listener_of", lambda _s: None)
    for n in range(12):
        ask(endpoint, f"test:{n}")
    at_once(*[actions.send_due_calls] * 3)
    assert len(standin.seen) == 12
    assert Call.objects.filter(state="done").count() == 12


@pytest.mark.django_db(transaction=True)
def test_thirty_percent_trouble_and_still_exactly_one_payment_each(endpoint, standin, monkeypatch):
    monkeypatch.setattr(calling, "listener_of", lambda _s: None)
    dice = random.Random(7)
    troubles = ["500", "reset", "lost", "html", "429"]
    standin.plan = [
        dice.choice(troubles) if dice.random() < 0.3 else dice.choice(["done", "accepted"])
        for _n in range(400)
    ]
    calls = [ask(endpoint, f"test:{n}") for n in range(40)]
    run_until_settled(*calls)
    assert {call.state for call in calls} == {"done"}
    assert standin.paid == {call.uid: FEN for call in calls}
    assert standin.unsigned == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_call_loses_and_doubles_nothing(
    endpoint, standin, monkeypatch
):
    """kill -9 after the money went out and before the answer was read."""
    monkeypatch.setattr(calling, "listener_of", lambda _s: None)
    standin.plan = ["drip"]
    call = ask(endpoint)
    connections.close_all()
    child = os.fork()
    if child == 0:  # the worker: nothing of pytest may run in it
        try:
            connections.close_all()
            actions.send_due_calls()
        finally:
            os._exit(0)
    assert standin.gate.wait(20)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    call.refresh_from_db()
    assert (call.state, call.tries, call.may_have_arrived) == ("waiting", 1, True)
    assert actions.send_due_calls() == 0  # it is taken, as far as anybody knows
    with later(minutes=3):
        assert actions.send_due_calls() == 1
    call.refresh_from_db()
    assert (call.state, standin.paid) == ("done", {call.uid: FEN})
    assert {one["id"] for one in standin.seen} == {call.uid}
