"""Letters that stayed for want of a mail server, longer than a day: sent by a person, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.channels.mail.actions import sending
from huiyin.journey.conversation.models import Letter
from huiyin.surface.console import held
from huiyin.surface.console.models import ConfigChange
from tests.together import at_once

pytestmark = pytest.mark.django_db
JS = {"content_type": "application/json"}
URL = "/console/letters/held/"


@pytest.fixture
def server(settings):
    settings.EMAIL_HOST = "127.0.0.1"


@pytest.fixture
def stayed(make_complaint, after_sales, li):
    """Three old ones, one of today, one on paper."""
    complaint = make_complaint(team=after_sales, assignee=li)
    Letter.objects.all().delete()

    def letter(days: int, channel: str = "email") -> Letter:
        at = moment.now() - timedelta(days=days)
        return Letter.objects.create(
            complaint=complaint,
            purpose="reply",
            channel=channel,
            recipient="a@example.com",
            subject=f"{days} 天前",
            body="您好",
            state="held",
            next_try_at=at,
            created_at=at,
        )

    for days in (40, 30, 20, 0):
        letter(days)
    letter(30, "letter")
    return complaint


def states() -> dict[str, str]:
    return dict(Letter.objects.filter(channel="email").values_list("subject", "state"))


def test_those_longer_than_a_day_are_counted_and_those_of_seen_complaints_alone(stayed, manager):
    told = held.counted(manager)
    assert told.count == 3
    assert told.oldest and (moment.now() - told.oldest).days == 40
    day = timezone.localdate(moment.now() - timedelta(days=31))
    assert held.counted(manager, day).count == 2
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    assert held.counted(person("wang5", "别组", Role.AGENT)).count == 0


def test_all_go_into_the_ordinary_queue_once_and_each_leaves_a_line(stayed, manager, server):
    assert held.send(by=manager) == 3
    assert states() == {
        "40 天前": "queued",
        "30 天前": "queued",
        "20 天前": "queued",
        "0 天前": "held",
    }
    assert Letter.objects.get(channel="letter").state == "held"
    assert ConfigChange.objects.filter(section="letters", did="retried", by=manager).count() == 3
    with pytest.raises(Refused):
        held.send(by=manager)


def test_from_a_day_on(stayed, manager, server):
    day = timezone.localdate(moment.now() - timedelta(days=31))
    assert held.send(by=manager, since=day) == 2
    assert states()["40 天前"] == "held"


def test_no_server_no_sending(stayed, manager, settings):
    settings.EMAIL_HOST = ""
    with pytest.raises(Refused, match="发信服务器"):
        held.send(by=manager)
    assert "queued" not in states().values()


def test_who_may_not(stayed, li, server, signed_in, api):
    with pytest.raises(NotPermitted):
        held.send(by=li)
    assert signed_in(li).get(URL).status_code == 403
    assert signed_in(li).post(URL, {}).status_code == 403
    assert api(li).get("/api/v1/outbox/held").status_code == 403
    assert api(li).post("/api/v1/outbox/held", {}, **JS).status_code == 403


def test_the_page_says_how_many_and_from_when_before_it_asks(
    stayed, manager, server, signed_in, settings
):
    page = signed_in(manager)
    listed = page.get("/console/letters/").content.decode()
    assert "3 封信因为没有发信服务器" in listed and "全部发送" in listed
    text = page.get(URL).content.decode()
    assert "<b>3</b> 封" in text and "全部发送" in text
    day = timezone.localdate(moment.now() - timedelta(days=31)).isoformat()
    assert "<b>2</b> 封" in page.get(f"{URL}?since={day}").content.decode()
    for odd in ("x", "2026-13-40", "9" * 300):
        assert page.get(f"{URL}?since={odd}").status_code == 422
    settings.EMAIL_HOST = ""
    assert '<form method="post">' not in page.get(URL).content.decode()
    settings.EMAIL_HOST = "127.0.0.1"
    assert page.post(URL, {"since": day}).status_code == 302
    assert sorted(states().values()) == ["held", "held", "queued", "queued"]
    assert page.post(URL, {"since": day}).status_code == 409
    page.post(URL, {})
    assert "没有这样留下的信" in page.get(URL).content.decode()
    assert "因为没有发信服务器" not in page.get("/console/letters/").content.decode()


def test_over_the_api(stayed, manager, server, api):
    client = api(manager)
    assert client.get("/api/v1/outbox/held").json()["count"] == 3
    day = timezone.localdate(moment.now() - timedelta(days=31)).isoformat()
    assert client.get(f"/api/v1/outbox/held?since={day}").json()["count"] == 2
    assert client.post("/api/v1/outbox/held", {"since": day}, **JS).json() == {"sent": 2}
    assert client.post("/api/v1/outbox/held", {}, **JS).json() == {"sent": 1}
    assert client.post("/api/v1/outbox/held", {}, **JS).status_code == 409


def test_the_oldest_go_first_when_there_are_more_than_go_at_once(
    stayed, manager, server, monkeypatch
):
    monkeypatch.setattr(held, "MOST_AT_ONCE", 2)
    assert held.send(by=manager) == 2
    assert states()["20 天前"] == "held"
    assert held.send(by=manager) == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_send_nothing_twice(stayed, manager, chen, server):
    results = at_once(lambda: held.send(by=manager), lambda: held.send(by=chen))
    sent = [int(str(one)) for one in results if not isinstance(one, Refused)]
    assert sum(sent) == 3
    assert ConfigChange.objects.filter(section="letters", did="retried").count() == 3
    assert sending.too_old(moment.now()).count() == 0
