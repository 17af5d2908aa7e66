"""Signing in and out in the browser, one's own profile, password and presence."""

import pytest
from django.urls import reverse

from huiyin.ground.people.models import SignIn, User

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


def enter(client, username="li", password="correct horse", **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def test_signing_in_leads_to_where_one_wanted_to_go(client, li):
    answer = enter(client, next="/queue/?view=mine")
    assert (answer.status_code, answer.url) == (302, "/queue/?view=mine")
    assert client.get(reverse("people:profile")).status_code == 200
    assert SignIn.objects.get().succeeded


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
        "http:evil", "\t//evil.example", "queue", "",
    ],
)  # fmt: skip
def test_next_never_leads_away(client, li, wanted):
    assert enter(client, next=wanted).url == "/"


def test_who_is_signed_in_already_goes_on(signed_in, li):
    assert signed_in(li).get(f"{SIGN_IN}?next=/board/").url == "/board/"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client, li):
    wrong, unknown = enter(client, password="x"), enter(client, username="no", password="x")
    assert wrong.status_code == unknown.status_code == 422
    for answer in (wrong, unknown):
        assert "用户名或密码不正确" in answer.text
    strip = lambda page, name: page.text.replace(f'value="{name}"', "")  # noqa: E731
    token = wrong.context["csrf_token"], unknown.context["csrf_token"]
    left = strip(wrong, "li").replace(str(token[0]), "")
    right = strip(unknown, "no").replace(str(token[1]), "")
    assert without_nonces(left) == without_nonces(right)


def without_nonces(text):
    import re

    return re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", text)


def test_a_locked_name_is_told_how_long(client, li):
    for _ in range(5):
        enter(client, password="x")
    answer = enter(client)
    assert answer.status_code == 429
    assert "15 分钟" in answer.text


def test_a_password_never_comes_back_in_the_page(client, li):
    assert "s3cret-typed" not in enter(client, password="s3cret-typed").text


def test_a_megabyte_of_password_is_refused(client, li):
    assert enter(client, password="x" * 1_000_000).status_code in (400, 413, 422)


def test_signing_in_changes_the_session(client, li):
    client.get(SIGN_IN)
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    client.cookies["huiyin"] = key
    enter(client)
    assert client.session.session_key != key


def test_signing_out_takes_a_post(signed_in, li):
    client = signed_in(li)
    assert client.get("/sign-out/").status_code == 405
    assert client.get(reverse("people:profile")).status_code == 200
    assert client.post("/sign-out/").status_code == 302
    assert client.get(reverse("people:profile")).status_code == 302


def test_demo_accounts_are_shown_in_the_demo_only(client, li, settings):
    User.objects.filter(pk=li.pk).update(is_demo=True)
    assert not client.get(SIGN_IN).context["demo_accounts"]
    settings.DEMO = True
    assert client.get(SIGN_IN).context["demo_accounts"] == [li]


def test_a_new_password_ends_all_other_sessions(signed_in, li):
    here, elsewhere = signed_in(li), signed_in(li)
    new = "battery staple 47"
    answer = here.post("/me/password/", {"old": "correct horse", "new": new, "again": new})
    assert answer.status_code == 302
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"old": "wrong", "new": "battery staple", "again": "battery staple"}, "原密码不正确"),
        ({"old": "correct horse", "new": "battery staple", "again": "other"}, "不一致"),
        ({"old": "correct horse", "new": "short", "again": "short"}, "8"),
    ],
)
def test_a_new_password_is_refused_with_a_sentence(signed_in, li, typed, told):
    answer = signed_in(li).post("/me/password/", typed)
    assert answer.status_code == 422
    assert told in answer.text
    li.refresh_from_db()
    assert li.check_password("correct horse")


def test_the_profile_changes_name_language_and_look_but_no_role(signed_in, li):
    client = signed_in(li)
    answer = client.post(
        "/me/",
        {
            "name": "李大明", "email": "li@example.com", "language": "en", "theme": "dark",
            "roles": "manager", "is_active": "", "username": "boss", "is_system": "on",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    li.refresh_from_db()
    assert (li.name, li.language, li.theme) == ("李大明", "en", "dark")
    assert (li.username, li.roles, li.is_active, li.is_system) == ("li", ["agent"], True, False)


def test_presence_takes_a_post_and_goes_back(signed_in, li):
    client = signed_in(li)
    assert client.get("/me/presence/").status_code == 405
    answer = client.post("/me/presence/", {"presence": "break", "next": "/me/"})
    assert (answer.status_code, answer.url) == (302, "/me/")
    li.refresh_from_db()
    assert li.presence == "break"
    assert client.post("/me/presence/", {"presence": "asleep"}).status_code == 409
    away = client.post("/me/presence/", {"presence": "away", "next": "https://evil.example"})
    assert away.url == "/"


def test_a_text_of_the_person_is_escaped(signed_in, li):
    li.name = "<script>alert(1)</script>\"'"
    li.save()
    assert "<script>alert(1)" not in signed_in(li).get("/me/").text
