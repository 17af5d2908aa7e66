"""Signatures, answers, waiting: on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground.webhooks.models import key_of
from huiyin.ground.webhooks.rules import answers, signing
from huiyin.ground.webhooks.rules.answers import Answer, becomes, read, wait_after

BODY = b'{"test": 2432232314}'


def test_the_signature_is_that_of_standard_webhooks():
    """The example of its specification."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = signing.signature(
        key, webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=BODY
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def headers(key: bytes, body: bytes = BODY, at: int = 1000) -> dict[str, str]:
    return signing.headers([key], webhook_id="msg_1", timestamp=at, body=body)


def test_only_what_is_signed_with_a_valid_secret_now_is_believed():
    old, new = b"o" * 32, b"n" * 32
    assert signing.verified([new, old], headers(old), BODY, now=1000) == "msg_1"
    assert signing.verified([new], headers(old), BODY, now=1000) == ""
    assert signing.verified([new], headers(new), BODY + b" ", now=1000) == ""
    for now in (1000 - 301, 1000 + 301):
        assert signing.verified([new], headers(new), BODY, now=now) == ""
    another = {**headers(new), signing.ID: "msg_2"}
    assert signing.verified([new], another, BODY, now=1000) == ""


def test_with_two_secrets_both_sign():
    both = signing.headers([b"a" * 32, b"b" * 32], webhook_id="m", timestamp=5, body=BODY)
    assert signing.verified([b"a" * 32], both, BODY, now=5) == "m"
    assert signing.verified([b"b" * 32], both, BODY, now=5) == "m"


@pytest.mark.parametrize("sent", ["", "x", "-5", "1" * 30, "１０００"])
def test_a_time_that_is_none_is_refused(sent):
    given = {**headers(b"n" * 32), signing.TIMESTAMP: sent}
    assert signing.verified([b"n" * 32], given, BODY, now=1000) == ""


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"status": "paid"}', b"\xff\xfe", b"<html>", b"[" * 100_000,
     b'{"status": "done", "amount_fen": "5800"}', b'{"status": "done", "amount_fen": 58.0}',
     b'{"status": "done", "amount_fen": true}', b'{"status": "done", "amount_fen": -1}'],
)  # fmt: skip
def test_what_is_no_answer_is_none(body):
    assert read(body) is None


def test_an_answer_is_read_without_what_does_not_belong_into_it():
    body = b'{"status": "done", "reference": "R-1\\n\\u0000x", "amount_fen": 5800}'
    assert read(body) == Answer("done", reference="R-1 x", amount_fen=5800)


@pytest.mark.parametrize(
    ("state", "answer", "then"),
    [
        ("waiting", Answer("accepted"), "accepted"),
        ("waiting", Answer("done", amount_fen=5800), "done"),
        ("waiting", Answer("done", amount_fen=5700), "mismatch"),
        ("waiting", Answer("done"), "mismatch"),  # says nothing of the sum
        ("waiting", Answer("failed"), "failed"),
        ("accepted", Answer("done", amount_fen=5800), "done"),
        ("lost", Answer("done", amount_fen=5800), "done"),
        ("done", Answer("done", amount_fen=5800), "done"),
        ("done", Answer("failed"), "mismatch"),
        ("done", Answer("accepted"), "done"),
        ("failed", Answer("done", amount_fen=5800), "mismatch"),
        ("cancelled", Answer("done", amount_fen=5800), "mismatch"),
        ("mismatch", Answer("done", amount_fen=5800), "mismatch"),
    ],
)
def test_what_becomes_of_a_call(state, answer, then):
    assert becomes(state, answer, wanted_fen=5800, reported_fen=5800) == then


def test_tries_wait_longer_and_longer_and_end():
    assert wait_after(1, 0.5) == timedelta(seconds=10)
    waits = [wait_after(n, 0.5) or timedelta() for n in range(1, 9)]
    assert (wait_after(1, 0.0) or timedelta(1)) < waits[0] < (wait_after(1, 1.0) or timedelta())
    assert waits == sorted(waits)
    assert wait_after(9, 0.5) is None
    assert wait_after(1, 0.5, retry_after=120) == timedelta(seconds=120)
    assert wait_after(1, 0.5, retry_after=10**9) == timedelta(hours=1)


def test_which_refusals_are_final():
    assert [s for s in (400, 401, 408, 409, 422, 429, 500, 503) if answers.is_final_refusal(s)] == [
        400,
        401,
        422,
    ]
