"""The ledger's page, the panel, the chips, and the API: the same acts and the same refusals."""

from __future__ import annotations

import json
from datetime import UTC

import pytest

from huiyin.ground import moment
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.promises import actions, lists
from huiyin.journey.promises.models import Promise
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.routing.conditions import matches, picked
from huiyin.surface.operation.facts import differences
from tests.conftest import at
from tests.promises.conftest import NOW
from tests.promises.test_ledger import DUE, give
from tests.roads import assigned, fresh

SOON_DUE = at("2026-11-26 12:00")


@pytest.fixture(autouse=True)
def _now(clock):
    with clock("2026-11-26 10:00"):
        yield


@pytest.fixture
def given(complaint, li):
    return give(complaint, li, sentence="三个工作日内退款20元。")


def test_the_panel_shows_what_is_owed(complaint, given, li, signed_in):
    page = signed_in(li).get(f"/complaints/{complaint.number}/panels/promises/").content.decode()
    assert "退款 20 元" in page
    assert "12月1日18:00" in page
    assert "登记兑现" in page
    assert "解除承诺" not in page  # not by whoever owes it


def test_the_chips_tell_what_goes_into_the_ledger(complaint, li, signed_in):
    page = signed_in(li).post(
        f"/complaints/{complaint.number}/promises/detect/",
        {"text": "三个工作日内退款20元。我们会尽快补发。"},
    )
    text = page.content.decode()
    assert "退款 20 元" in text
    assert "没有写明" in text
    assert "我们会在12月1日18:00前补发。" in text
    assert not Promise.objects.exists()


def test_another_date_rewrites_the_sentence(complaint, li, signed_in):
    page = signed_in(li).post(
        f"/complaints/{complaint.number}/promises/detect/",
        {"text": "您好。三个工作日内退款20元。谢谢。", "to": "2026-12-04T15:00", "place": "0"},
    )
    text = page.content.decode()
    assert 'data-sentence="三个工作日内退款20元。"' in text
    assert ">12月4日15:00前退款20元。<" in text


def test_a_chip_that_is_waived_is_sent_with_the_reply(complaint, li, signed_in):
    number, client = complaint.number, signed_in(li)
    text = "我们会尽快补发。"
    told = client.post(f"/complaints/{number}/promises/detect/", {"text": text, "waived": [text]})
    assert 'name="waived"' in told.content.decode()
    said = {"kind": "outbound", "text": text, "channel": "phone"}
    assert client.post(f"/complaints/{number}/messages/", said).status_code == 422
    sent = client.post(f"/complaints/{number}/messages/", {**said, "waived": [text]})
    assert sent.status_code < 300
    assert complaint.waivers.get().by == li


def test_looks_are_bounded(complaint, li, signed_in):
    client = signed_in(li)
    url = f"/complaints/{complaint.number}/promises/detect/"
    answers = [client.post(url, {"text": "您好"}).status_code for _ in range(122)]
    assert answers[0] == 200
    assert answers[-1] == 429


def test_who_does_not_write_here_reads_nothing(complaint, sun, signed_in):
    url = f"/complaints/{complaint.number}/promises/detect/"
    assert signed_in(sun).post(url, {"text": "三天内退款"}).status_code == 404


def test_the_acts_by_page(complaint, given, li, chen, signed_in):
    mine = signed_in(li)
    moved = {"due_at": "2026-12-03T12:00", "reason": "客户同意周四"}
    assert mine.post(f"/promises/{given.pk}/moving/", {**moved, "due_at": "x"}).status_code == 422
    assert mine.post(f"/promises/{given.pk}/moving/", moved).status_code < 300
    assert mine.post(f"/promises/{given.pk}/releasing/", {"reason": "不要了吧"}).status_code == 403
    assert mine.post(f"/promises/{given.pk}/keeping/", {"proof": "流水号 1"}).status_code < 300
    assert mine.post(f"/promises/{given.pk}/keeping/", {"proof": "流水号 1"}).status_code == 409
    typed = {"kind": "send", "what": "寄出发票", "due_at": "2026-11-27T18:00", "amount": ""}
    url = f"/complaints/{complaint.number}/promises/"
    assert mine.post(url, {**typed, "due_at": ""}).status_code == 422
    assert mine.post(url, typed).status_code < 300
    assert complaint.promises.count() == 2


def test_the_list_filters_pages_and_counts(complaint, given, li, chen, signed_in, sun):
    late = give(
        complaint,
        li,
        source="hand:2",
        what="回电",
        kind="call",
        amount_fen=0,
        due_at=at("2026-11-26 12:00"),
    )
    actions.keep(given, by=li, proof="流水号 1")
    with moment.at(at("2026-11-26 12:01")):
        sweep()
        page = signed_in(chen).get("/promises/?view=due").content.decode()
        assert "50.0%" in page
        assert "退款 20 元" in page
        assert "回电" in page
        assert complaint.number not in signed_in(sun).get("/promises/?view=due").content.decode()
        whole = lists.overall(chen)
        assert (whole.kept, whole.broken, whole.due) == (1, 1, 2)
        [mine] = lists.rates(chen, "person")
        rows, _after = lists.page(chen, lists.Asked.read({"view": "due", "person": mine.key}))
        assert len(rows) == mine.due
        rows, _after = lists.page(chen, lists.Asked.read({"view": "broken", "person": mine.key}))
        assert rows == [late]
    found = lists.page(chen, lists.Asked.read({"view": "nonsense", "kind": "x", "person": "a;"}))
    assert found[0] == []


def test_each_figure_of_person_team_and_remedy_opens_its_rows(
    complaint, li, chen, signed_in, make_complaint, logistics, sun
):
    voucher, refund = Remedy.objects.get(code="RMD.05"), Remedy.objects.get(code="RMD.04")
    other = assigned(make_complaint, logistics, sun)  # not hers to see, in no figure of hers
    for place, (made, by, remedy, kept) in enumerate(
        (
            (complaint, li, voucher, True),
            (complaint, li, refund, False),
            (complaint, li, refund, True),
            (other, sun, refund, False),
        )
    ):
        one = give(made, by, source=f"hand:{place}", amount_fen=0, remedy=remedy, due_at=SOON_DUE)
        if kept:
            actions.keep(one, by=by, proof="流水号 1")
    with moment.at(at("2026-11-26 12:01")):
        sweep()
        page = signed_in(chen).get("/promises/?view=due")
        for key, _title, found in page.context["figures"]:
            assert found, key
            for one in found:
                for view, count in (("kept", one.kept), ("broken", one.broken), ("due", one.due)):
                    link = f"?view={view}&amp;days=30&amp;{key}={one.key}"
                    assert link in page.text
                    opened = signed_in(chen).get("/promises/" + link.replace("&amp;", "&"))
                    assert len(opened.context["rows"]) == count, (key, one.name, view)
        whole = page.context["overall"]
        assert (whole.kept, whole.due) == (2, 3)
        opened = signed_in(chen).get("/promises/?view=due&days=30")
        assert len(opened.context["rows"]) == 3


def test_pages_of_the_list_follow_each_other(complaint, li, chen):
    for count in range(5):
        give(complaint, li, source=f"hand:{count}", amount_fen=0)
    first, after = lists.page(chen, lists.Asked.read({}), 2)
    second, then = lists.page(chen, lists.Asked.read({"after": str(after)}), 2)
    third, end = lists.page(chen, lists.Asked.read({"after": str(then)}), 2)
    assert [len(first), len(second), len(third)] == [2, 2, 1]
    assert end is None
    assert len({one.pk for one in (*first, *second, *third)}) == 5


def test_programs_read_and_act_alike(complaint, given, li, chen, api):
    client = api(li)
    number = complaint.number

    def post(url, **body):
        return client.post(url, json.dumps(body), content_type="application/json")

    messages = f"/api/v1/complaints/{number}/messages"
    refused = post(messages, kind="outbound", text="我们会尽快补发。", channel="phone")
    assert refused.status_code == 422
    assert refused.json()["fields"]["better"] == "我们会在12月1日18:00前补发。"
    sent = post(
        messages,
        kind="outbound",
        text="我们会尽快补发。",
        channel="phone",
        waived=["我们会尽快补发。"],
    )
    assert sent.status_code == 201
    listed = client.get("/api/v1/promises").json()["items"]
    assert [one["id"] for one in listed] == [given.pk]
    assert listed[0]["owner"] == "li"
    read = post(f"/api/v1/complaints/{number}/promises/detect", text="明天下午三点前回电").json()
    assert (read[0]["kind"], read[0]["stops"]) == ("call", False)
    assert client.get("/api/v1/promises/rates").status_code == 403
    assert api(chen).get("/api/v1/promises/rates").status_code == 200
    kept = post(f"/api/v1/promises/{given.pk}/keeping", proof="流水号 1")
    assert kept.json()["state"] == "kept"
    assert (
        post(
            f"/api/v1/promises/{given.pk}/moving",
            due_at="2026-12-09T10:00:00",
            reason="客户同意改期",
        ).status_code
        == 409
    )


def test_the_spine_says_what_the_ledger_says(complaint, given):
    assert not list(differences())
    Complaint.objects.filter(pk=complaint.pk).update(promise_due_at=None)
    [found] = [one for one in differences() if one.fact == "promise_due_at"]
    assert found.recorded == str(DUE.astimezone(UTC))


def test_a_view_can_ask_for_promises_that_are_near(complaint, given, li, make_complaint):
    other = make_complaint()
    near = {"all": [{"field": "promise_hours", "is": "at_most", "value": "150"}]}
    far = {"all": [{"field": "promise_hours", "is": "at_most", "value": "3"}]}
    assert matches(near, fresh(complaint), now=NOW)
    assert not matches(far, fresh(complaint), now=NOW)
    assert not matches(near, fresh(other), now=NOW)
    assert list(Complaint.objects.filter(picked(near, NOW))) == [complaint]


def test_who_hands_over_sees_what_is_owed(complaint, given, li, signed_in):
    client = signed_in(li)
    page = client.get(f"/complaints/{complaint.number}/promises/owed/").content.decode()
    assert "还有 1 项承诺没有兑现" in page
    panel = client.get(f"/complaints/{complaint.number}/panels/routing/").content.decode()
    assert "promises/owed/" in panel
