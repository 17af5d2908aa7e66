"""Every section for every role: who sees it, that it stands with no row and with many."""

import pytest
from django.urls import reverse

from huiyin.ground.people.words import Role
from huiyin.surface.console.knobs import WORDS, told_knobs
from huiyin.surface.console.models import ConfigChange
from huiyin.surface.console.permissions import can_open_console
from huiyin.surface.console.sections import BY_NAME, SECTIONS
from tests.conftest import person

pytestmark = pytest.mark.django_db

ROLES = [*Role.values, ""]


@pytest.mark.parametrize("role", ROLES)
def test_each_section_opens_exactly_for_whom_it_is_meant(role, signed_in):
    user = person("somebody", "某人", *([role] if role else []))
    client = signed_in(user)
    assert client.get("/console/").status_code == (200 if can_open_console(user, None) else 403)
    for section in SECTIONS:
        answer = client.get(reverse("console:section", args=[section.name]))
        expected = 200 if section.may_see(user, None) else 403
        assert answer.status_code == expected, section.name
        answer = client.get(reverse("console:new", args=[section.name]))
        if section.parent:
            continue
        if expected == 403:
            assert answer.status_code == 403, section.name
        elif section.may_change is None or not section.may_add:
            assert answer.status_code == 404, section.name
        else:
            assert answer.status_code == (200 if section.can_change(user) else 403), section.name


@pytest.mark.parametrize("name", [s.name for s in SECTIONS])
def test_nobody_who_has_not_signed_in_sees_a_section(name, client):
    answer = client.get(reverse("console:section", args=[name]))
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")


def test_every_section_is_complete():
    assert len(BY_NAME) == len(SECTIONS)
    for section in SECTIONS:
        assert section.model
        assert section.empty, section.name
        assert section.may_change is None or section.fields or section.form, section.name
        for child in section.children:
            assert BY_NAME[child].parent
        if section.log:
            assert section.may_change is None


def test_a_section_that_does_not_exist_is_not_found(admin, signed_in):
    client = signed_in(admin)
    assert client.get("/console/nothing/").status_code == 404
    assert client.get("/console/users/999999/").status_code == 404
    assert client.get("/console/users/x/").status_code == 404


def test_no_get_changes_anything(admin, li, signed_in):
    client = signed_in(admin)
    for url in (
        reverse("console:state", args=["users", li.pk]),
        reverse("console:act", args=["users", li.pk, "password"]),
    ):
        assert client.get(url).status_code == 405


def test_searching_and_filtering_narrow_the_list(admin, li, zhou, sun, signed_in):
    client = signed_in(admin)

    def names(query):
        page = client.get(f"/console/users/?{query}")
        return {line["row"].username for line in page.context["rows"]}

    assert names("") == {"admin", "li", "zhou", "sun"}
    assert names("q=李") == {"li"}
    assert names("role=agent") == {"li", "sun"}
    assert names("q=nobody") == set()
    client.post(reverse("console:state", args=["users", sun.pk]), {"state": "retired"})
    assert "sun" not in names("")
    assert names("state=retired") == {"sun"}
    assert "sun" in names("state=all")


@pytest.mark.parametrize("name", [s.name for s in SECTIONS if not s.parent and not s.log])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(
    name, admin, manager, secadmin, signed_in, django_assert_max_num_queries
):
    section = BY_NAME[name]
    user = next(u for u in (admin, manager, secadmin) if section.may_see(u, None))
    client = signed_in(user)
    client.get(reverse("console:section", args=[name]))
    with django_assert_max_num_queries(14):
        client.get(reverse("console:section", args=[name]))


def test_a_log_is_read_page_by_page(secadmin, signed_in, admin):
    ConfigChange.objects.bulk_create(
        ConfigChange(
            by=admin, section="users", subject_id="1", subject=f"<b>第{i}项</b>", did="changed",
            at="2026-11-01T00:00Z",
        )
        for i in range(120)
    )  # fmt: skip
    client = signed_in(secadmin)
    seen, url = [], "/console/changes/"
    while url:
        page = client.get(url)
        seen += [line["row"].subject for line in page.context["rows"]]
        more = page.context["more"]
        url = f"/console/changes/?before={more}" if more else ""
    assert len(seen) == len(set(seen)) == 120
    assert "<b>第" not in page.text
    part = client.get("/console/changes/?part=1", headers={"HX-Request": "true"})
    assert "<html" not in part.text


def test_every_knob_is_told_in_chinese_and_no_secret_ever(admin, signed_in, monkeypatch):
    monkeypatch.setenv("HUIYIN_SMTP_PASSWORD", "hunter2-hunter2")
    assert {knob.name for knob in told_knobs()} == set(WORDS)
    page = signed_in(admin).get("/console/settings/").text
    assert "hunter2" not in page
    assert "postgresql://" not in page
    assert "HUIYIN_SMTP_PASSWORD" in page


def test_a_managers_outbox_holds_no_letter_of_a_restricted_complaint(
    manager, admin, signed_in, make_complaint
):
    from huiyin.ground import moment
    from huiyin.journey.conversation.models import Letter

    def letter(complaint, state="failed"):
        return Letter.objects.create(
            complaint=complaint, purpose="reply", recipient="wf@example.com",
            subject=f"关于 {complaint.number}", body="您好", state=state,
            next_try_at=moment.now(), created_at=moment.now(),
        )  # fmt: skip

    seen, hidden = letter(make_complaint()), letter(make_complaint(restricted=True))
    client = signed_in(manager)
    page = client.get("/console/letters/")
    assert [line["row"] for line in page.context["rows"]] == [seen]
    assert "w***@example.com" in page.text
    assert "wf@example.com" not in page.text
    assert client.get(f"/console/letters/{hidden.pk}/").status_code == 404
    assert client.post(f"/console/letters/{hidden.pk}/acts/retry/").status_code == 404
    assert client.post(f"/console/letters/{seen.pk}/acts/retry/").status_code == 302
    seen.refresh_from_db()
    assert (seen.state, seen.tries) == ("queued", 0)
    assert client.post(f"/console/letters/{seen.pk}/acts/retry/").status_code == 409
    assert signed_in(admin).get("/console/letters/").status_code == 403
