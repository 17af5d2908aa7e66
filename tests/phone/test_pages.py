"""Pages, API, health, the console, the simulator's messages, and the door at the portal."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.phone import actions, connector, simulating
from huiyin.journey.channels.phone.models import Call, Extension, Rung
from huiyin.surface.portal import calling
from tests.conftest import at

pytestmark = pytest.mark.django_db


def test_the_list_finds_filters_and_is_empty(pbx, li, signed_in):
    browser = signed_in(li)
    assert "这里暂时没有通话" in browser.get("/calls/").content.decode()
    pbx.talk("one")
    pbx.tell("hangup", "one", after=60, by="customer")
    pbx.talk("two", **{"from": "13911112222"})
    found = lambda query: browser.get(f"/calls/?{query}").content.decode()  # noqa: E731
    assert "138****8000" in found("q=8000")
    assert "139****2222" not in found("q=8000")
    assert "139****2222" in found("view=live")
    assert "138****8000" in found("view=unlinked")
    assert "没有符合条件的通话" in found("q=0000")
    for hostile in ("view=x&whose=y&day=2026-99-99&before=abc", "q=%27%3B--", "before=" + "9" * 40):
        assert browser.get(f"/calls/?{hostile}").status_code == 200


def test_the_list_is_a_keyset_with_few_questions(pbx, li, signed_in, django_assert_max_num_queries):
    Call.objects.bulk_create(
        Call(
            hook=pbx.hook,
            outer_id=f"many-{place}",
            began_at=moment.now(),
            agent=li,
            state="ended",
            caller="+8613800138000",
        )
        for place in range(120)
    )
    browser = signed_in(li)
    browser.get("/calls/")
    with django_assert_max_num_queries(20):
        text = browser.get("/calls/").content.decode()
    assert text.count("data-row") == 50
    last = Call.objects.order_by("-pk")[49].pk
    assert f"before={last}" in text
    rows = browser.get(f"/calls/?before={last}", headers={"HX-Request": "true"}).content.decode()
    assert rows.count("data-row") == 50
    with django_assert_max_num_queries(16):
        browser.get("/calls/mine/")


def test_acts_by_page_and_by_api(pbx, li, sun, signed_in, api, make_complaint, after_sales):
    call = pbx.talk()
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    browser, program = signed_in(li), api(li)
    kept = browser.post(f"/calls/{call.pk}/notes/", {"notes": "记下"})
    assert kept.json() == {"notes": "记下", "merged": False}
    assert browser.post(f"/calls/{call.pk}/notice/").status_code == 204
    answer = program.post(
        f"/api/v1/phone/calls/{call.pk}/link",
        json.dumps({"number": complaint.number}),
        content_type="application/json",
    )
    assert answer.json()["complaint"] == complaint.number
    assert answer.json()["caller"] == "138****8000"
    found = program.get("/api/v1/phone/calls/mine").json()
    assert found["current"]["id"] == call.pk
    whole = program.get(f"/api/v1/phone/calls/{call.pk}").json()
    assert (whole["notes"], len(whole["events"])) == ("记下", 2)
    assert [one["did"] for one in whole["acts"]] == ["notice", "linked"]
    step = Rung.objects.get(position=4)
    refused = program.post(
        f"/api/v1/phone/calls/{call.pk}/abuse",
        json.dumps({"step": step.pk}),
        content_type="application/json",
    )
    assert refused.status_code == 409
    assert "第一次提醒" in refused.json()["detail"]
    assert api(sun).get(f"/api/v1/phone/calls/{call.pk}").status_code == 404
    assert signed_in(sun).post(f"/calls/{call.pk}/notes/", {"notes": "x"}).status_code == 404


def test_a_complaint_one_does_not_see_cannot_be_linked(pbx, sun, signed_in, make_complaint, li):
    from huiyin.ground.people.models import Team

    team = Team.objects.get(code="aftersales")
    hidden = make_complaint(team=team, assignee=li, status="HND")
    call = pbx.talk("s", agent="8002")
    answer = signed_in(sun).post(
        f"/calls/{call.pk}/link/", {"number": hidden.number}, headers={"HX-Request": "true"}
    )
    assert answer.status_code in (404, 409, 422)
    assert Call.objects.get(outer_id="s").complaint is None


def test_the_pop_shows_the_history_as_far_as_it_may_be_seen(
    pbx, li, sun, signed_in, make_complaint, after_sales, wang_fang
):
    wang_fang.care, wang_fang.preferred = ["senior"], "sms"
    wang_fang.save()
    own = make_complaint(team=after_sales, assignee=li, status="HND")
    pbx.tell("ringing", agent=["8001", "8002"])
    mine = signed_in(li).get("/calls/mine/").content.decode()
    for words in (own.number, "老年", "希望用短信答复", "138****8000", "王*"):
        assert words in mine, words
    others = signed_in(sun).get("/calls/mine/").content.decode()
    assert own.number not in others
    assert "另有 1 件由其他同事办理" in others


def test_the_page_of_channels_tells_how_the_telephone_is(pbx, manager, signed_in):
    pbx.talk()
    pbx.tell("hangup", after=60, by="customer")
    pbx.send(b"[]")
    text = signed_in(manager).get("/channels/").content.decode()
    assert "话务台" in text
    assert "有事件没有处理成" in text
    tested = signed_in(manager).post(f"/channels/hook-{pbx.hook.pk}/test/")
    assert "已验签、收下并处理" in tested.content.decode()
    assert Call.objects.count() == 1
    pbx.hook.enabled = False
    pbx.hook.save()
    tested = signed_in(manager).post(f"/channels/hook-{pbx.hook.pk}/test/")
    assert "已停用，启用后才能测试" in tested.content.decode()


def test_the_connector_is_tried_by_itself(pbx):
    assert "已验签" in connector.probe(pbx.hook)


def test_the_console_keeps_extensions_limits_and_the_ladder(phones, admin, manager, signed_in):
    assert "8001" in signed_in(admin).get("/console/extensions/").content.decode()
    assert "保持多久后提出回电" in signed_in(manager).get("/console/call-limits/").content.decode()
    assert "最后一次提醒" in signed_in(manager).get("/console/abuse-ladder/").content.decode()


def test_click_to_call_asks_the_telephone_system(pbx, li, monkeypatch):
    from huiyin.ground.webhooks.actions import posting
    from huiyin.ground.webhooks.rules import signing

    call = pbx.talk()
    with pytest.raises(Refused):
        actions.dial(call, by=li)
    pbx.hook.options = {"dial_url": "https://pbx.example/dial"}
    pbx.hook.save()
    sent = []

    def send(method, url, *, headers, body):
        sent.append((method, url, headers, body))
        return posting.Reply(200, b"")

    monkeypatch.setattr(posting, "send", send)
    actions.dial(Call.objects.select_related("hook", "agent").get(), by=li)
    (_method, url, headers, body) = sent[0]
    assert url == "https://pbx.example/dial"
    assert json.loads(body) == {"event": "dial", "agent": "8001", "to": "+8613800138000"}
    now = moment.now()
    assert signing.verified(pbx.hook.keys(now), headers, body, now=now.timestamp())
    monkeypatch.undo()
    pbx.hook.options = {"dial_url": "https://127.0.0.1/dial"}
    pbx.hook.save()
    with pytest.raises(Refused):
        actions.dial(Call.objects.select_related("hook", "agent").get(), by=li)


@pytest.mark.parametrize("name", simulating.SCENARIOS)
def test_every_scenario_of_the_simulator_is_a_whole_call(pbx, name):
    told = simulating.call(name, "sim", caller="13911112222", me="8001", other="8003")
    for one in told:
        at_ = (pbx.began + timedelta(seconds=one.after)).isoformat()
        assert pbx.send({**one.data, "at": at_}).status_code == 200
    call = Call.objects.get()
    assert call.state in ("ended", "missed")
    assert call.dropped is (name == "dropped")
    assert (call.long_hold > 0) is (name == "hold")


def test_the_simulator_is_bounded_and_says_what_is_missing(db):
    with pytest.raises(CommandError):
        call_command("simulate_calls")
    Hook.objects.create(code="pbx", name="话务台", connector="cti")
    with pytest.raises(CommandError):
        call_command("simulate_calls")


def test_the_bar_is_only_for_whoever_telephones(pbx, li, admin, signed_in):
    assert b'id="calls"' in signed_in(li).get("/calls/").content
    assert b'id="calls"' not in signed_in(admin).get("/console/").content
    Extension.objects.all().delete()
    from huiyin.journey.channels.phone.models import phones

    phones.forget()
    assert b'id="calls"' not in signed_in(li).get("/calls/").content


# --- the portal -----------------------------------------------------------------------------------


@pytest.fixture
def opened(client, make_complaint, after_sales, li):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    answer = client.post(
        "/portal/follow/", {"number": complaint.number, "code": complaint.tracking_code}
    )
    assert answer.status_code == 302
    return complaint


def test_a_customer_asks_for_a_call(client, opened, li, signed_in):
    page = client.get(f"/portal/complaints/{opened.number}/").content.decode()
    assert "请给我回电" in page
    slots = calling.slots(moment.now())
    assert 5 <= len(slots) <= 24
    when = slots[3][0]
    answer = client.post(f"/portal/complaints/{opened.number}/calls/", {"at": when, "phone": ""})
    assert answer.status_code == 302, answer.content.decode()
    task = Callback.objects.get()
    assert task.appointment_at == moment.read(when)
    assert task.kind == "asked"
    queue = signed_in(li).get("/callbacks/?view=appointed").content.decode()
    assert opened.number in queue
    other = slots[5][0]
    client.post(f"/portal/complaints/{opened.number}/calls/", {"at": other, "phone": ""})
    task = Callback.objects.get()
    assert task.appointment_at == moment.read(other)


def test_so_many_times_a_day_and_no_more(client, opened):
    slots = calling.slots(moment.now())
    answers = [
        client.post(f"/portal/complaints/{opened.number}/calls/", {"at": slots[n][0]}).status_code
        for n in range(4)
    ]
    assert answers[:3] == [302, 302, 302]
    assert answers[3] == 429


@pytest.mark.parametrize(
    "typed",
    [
        {"at": "2026-01-01T03:00:00+08:00"},
        {"at": "x"},
        {},
        {"at": "slot", "phone": "12"},
        {"at": "slot", "phone": "<b>"},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client, opened, typed):
    if typed.get("at") == "slot":
        typed["at"] = calling.slots(moment.now())[0][0]
    answer = client.post(f"/portal/complaints/{opened.number}/calls/", typed)
    assert answer.status_code == 422
    assert not Callback.objects.exists()


def test_a_number_of_somebody_else_is_not_called(client, opened):
    from huiyin.ground.customers.actions import Contact, find_or_create

    find_or_create(Contact(name="别人", phone="13900000001"))
    slot = calling.slots(moment.now())[0][0]
    url = f"/portal/complaints/{opened.number}/calls/"
    assert client.post(url, {"at": slot, "phone": "13900000001"}).status_code == 422
    assert client.post(url, {"at": slot, "phone": "13900000002"}).status_code == 302
    assert "139****0002" in Callback.objects.get().reason


def test_without_the_code_there_is_no_door(client, make_complaint):
    complaint = make_complaint()
    url = f"/portal/complaints/{complaint.number}/calls/"
    assert client.post(url, {"at": "x"}).status_code == 404


def test_slots_lie_in_our_hours_only():
    for hour in ("2026-11-27 23:50", "2026-11-28 03:00", "2026-11-30 09:00", "2026-11-30 17:55"):
        found = calling.slots(at(hour))
        moments = [one for value, _label in found if (one := moment.read(value))]
        assert len(moments) == len(found)
        assert moments == sorted(set(moments))
        assert all(one > at(hour) for one in moments)
        assert all(8 <= one.hour < 21 for one in moments)
