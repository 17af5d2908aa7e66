"""Signing in: right, wrong, locked, and two hundred at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from huiyin.ground import moment
from huiyin.ground.people import actions
from huiyin.ground.people.models import ApiToken, SignIn
from huiyin.ground.refusal import Invalid, Refused, TooMany


@pytest.fixture(autouse=True)
def _passwords_are_kept_as_in_production(settings):
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]


@pytest.mark.django_db
def test_passwords_are_kept_with_argon2(li):
    assert li.password.startswith("argon2$argon2id$")


@pytest.mark.django_db
def test_the_right_password_opens_whatever_the_case_of_the_name(li):
    assert actions.sign_in(" Ｌi ", "correct horse", address="127.0.0.1") == li


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "password"),
    [("li", "wrong"), ("nobody", "correct horse"), ("li", "x" * 1_000_000), ("li", "")],
)
def test_every_wrong_pair_gets_the_same_sentence(li, name, password):
    with pytest.raises(Invalid, match="用户名或密码不正确"):
        actions.sign_in(name, password, address="127.0.0.1")


@pytest.mark.django_db
def test_the_stored_hash_is_no_password(li):
    with pytest.raises(Invalid):
        actions.sign_in("li", li.password, address=None)


@pytest.mark.django_db
def test_a_disabled_account_is_answered_like_an_unknown_one(li):
    li.is_active = False
    li.save()
    with pytest.raises(Invalid, match="用户名或密码不正确"):
        actions.sign_in("li", "correct horse", address=None)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["li", "nobody"])
def test_five_failures_lock_for_fifteen_minutes_known_or_not(li, clock, name):
    with clock("2026-11-23 10:00"):
        for _ in range(5):
            with pytest.raises(Invalid):
                actions.sign_in(name, "wrong", address=None)
        with pytest.raises(TooMany):
            actions.sign_in(name, "correct horse", address=None)
    with clock("2026-11-23 10:15"):
        if name == "li":
            assert actions.sign_in(name, "correct horse", address=None) == li
        else:
            with pytest.raises(Invalid):
                actions.sign_in(name, "correct horse", address=None)


@pytest.mark.django_db(transaction=True)
def test_of_many_wrong_tries_at_once_five_are_checked(li):
    def attempt(_):
        try:
            actions.sign_in("li", "wrong", address=None)
        except Refused as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(attempt, range(40)))
    assert answers.count(Invalid) == 5
    assert answers.count(TooMany) == 35
    assert SignIn.objects.filter(succeeded=False).count() == 5


@pytest.mark.django_db
def test_a_new_password_is_not_short_common_or_the_name(li):
    for bad in ("short", "password", "12345678901", "x" * 129):
        with pytest.raises(Invalid):
            actions.change_password(li, old="correct horse", new=bad)
    actions.change_password(li, old="correct horse", new="牛奶 battery staple")
    assert li.check_password("牛奶 battery staple")


@pytest.mark.django_db
def test_a_new_password_ends_the_other_sessions(li, client):
    client.force_login(li)
    assert client.get("/api/v1/docs").status_code == 200
    li.set_password("another horse battery")
    li.save()
    assert not client.get("/healthz").wsgi_request.user.is_authenticated


@pytest.mark.django_db
def test_a_token_works_until_it_is_revoked_expired_or_its_owner_gone(li, client):
    _token, secret = ApiToken.issue(li, "test", moment.now() + timedelta(days=1))
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/complaints", headers=headers).status_code == 200
    assert secret not in str(ApiToken.objects.values_list())
    with moment.at(moment.now() + timedelta(days=2)):
        assert client.get("/api/v1/complaints", headers=headers).status_code == 401
    li.is_active = False
    li.save()
    answer = client.get("/api/v1/complaints", headers=headers)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
