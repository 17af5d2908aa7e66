"""Text messages in: to the complaint that we wrote about to this very number, else a new one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.remembered import Remembered
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.sms.actions import Incoming, hear, look_into_folders
from huiyin.journey.channels.sms.connectors import files
from huiyin.journey.channels.sms.models import Rule, Text
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from tests.signing import tell
from tests.together import at_once

NUMBER = "13800138000"


def came(hook, text, *, key="1", number=NUMBER):
    tell(hook, {"kind": "message", "id": key, "from": number, "text": text})
    hooks.take_due()
    return Arrival.objects.latest("pk")


@pytest.fixture
def written(provider, make_complaint, li, clock):
    complaint = make_complaint()
    with clock("2026-11-25 10:00"):
        conversation.reply(complaint, by=li, text="请问什么颜色", channel="sms")
        conversation.send_due_letters()
        yield complaint


def test_an_answer_to_our_text_goes_on_there(provider, written):
    arrival = came(provider, "白色的")
    assert (arrival.outcome, arrival.complaint) == ("并入投诉", written)
    assert written.messages.latest("pk").channel == "sms"
    assert written.messages.latest("pk").text == "白色的"


def test_another_number_opens_nothing(provider, written):
    came(provider, f"我是 {written.number} 的家人，告诉我地址", number="13911112222")
    assert written.messages.count() == 1
    assert Complaint.objects.count() == 2


def test_who_was_never_written_to_begins_anew(provider, make_complaint):
    complaint = make_complaint()
    came(provider, "我要投诉")
    assert complaint.messages.count() == 0
    new = Complaint.objects.exclude(pk=complaint.pk).get()
    assert (new.channel, new.customer) == ("sms", complaint.customer)
    assert new.intake.via == "sms"


def test_texts_in_a_row_are_one_story(provider, day):
    """Before anything of ours has left, as at night."""
    came(provider, "昨天买的锅漏水", key="1")
    came(provider, "客服一直不接电话", key="2")
    complaint = Complaint.objects.get()
    assert [one.text for one in complaint.messages.order_by("pk")] == [
        "昨天买的锅漏水",
        "客服一直不接电话",
    ]
    came(provider, "我也要投诉", number="13911112222", key="3")
    assert Complaint.objects.count() == 2
    with moment.at(moment.now() + timedelta(hours=73)):
        came(provider, "另一件事", key="4")
    assert Complaint.objects.count() == 3


def test_after_the_window_or_the_end_it_is_a_new_one(provider, written):
    Complaint.objects.filter(pk=written.pk).update(status="CLO")
    came(provider, "又坏了", key="1")
    assert Complaint.objects.count() == 2
    Complaint.objects.filter(pk=written.pk).update(status="HND")
    with moment.at(moment.now() + timedelta(hours=73)):
        came(provider, "过了很久", key="2")
    assert Complaint.objects.count() == 3


def test_the_window_is_data(provider, written):
    Rule.objects.filter(kind="window").delete()
    Rule.objects.create(kind="window", value="1")
    with moment.at(moment.now() + timedelta(hours=2)):
        came(provider, "白色的")
    assert Complaint.objects.count() == 2


def test_the_same_text_again_is_one(provider, written):
    came(provider, "白色的", key="7")
    again = came(provider, "白色的", key="7")
    assert again.outcome == "先前已收到"
    assert written.messages.filter(kind="inbound").count() == 1


def test_words_that_only_hold_a_stop_word_are_words(provider, written):
    came(provider, "我不想退订，我要退款")
    assert written.messages.latest("pk").text == "我不想退订，我要退款"


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"id": "1", "from": "不是号码", "text": "x"},
        {"id": "1", "from": NUMBER, "text": ""},
        {"id": "1", "from": NUMBER, "text": "\u0000"},
        {"id": "1", "kind": "report", "status": "?"},
        {"id": "1", "kind": "else"},
        [],
    ],
)
def test_what_does_not_say_enough_waits_for_a_person(provider, told):
    tell(provider, told)
    hooks.take_due()
    assert Arrival.objects.get().state == "failed"
    assert not Text.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_texts_at_once_are_both_there():
    hook = Hook.objects.create(code="sms", name="短信", connector="sms_http", options={})
    acts = [lambda n=n: hear(hook, Incoming(f"{n}", NUMBER, f"第 {n} 条")) for n in range(3)]
    at_once(*acts, lambda: hear(hook, Incoming("0", NUMBER, "第 0 条")))
    assert Text.objects.count() == 3
    complaint = Complaint.objects.get()  # the first began it, the others go on
    assert complaint.messages.count() == 3


def test_a_folder_is_read_kept_and_put_away(folders, settings):
    place = settings.SMS_DIR / "gate" / "in"
    place.mkdir(parents=True)
    told = {"id": "f1", "from": NUMBER, "text": "锅坏了"}
    (place / "a.json").write_text(json.dumps(told))
    (place / "b.json").write_text("{")
    (place / ".c.part").write_text("half")
    (place / "d.json").symlink_to("/etc/hostname")
    assert look_into_folders() == 2
    done = sorted(one.name for one in (settings.SMS_DIR / "gate" / "done").iterdir())
    assert [one.split(".")[0] for one in done] == ["a", "b"]
    hooks.take_due()
    states = {one.key.split(":")[1]: one.state for one in Arrival.objects.all()}
    assert states == {"a.json": "taken", "b.json": "failed"}
    (place / "a.json").write_text(json.dumps(told))  # put there again: kept once
    look_into_folders()
    hooks.take_due()
    assert Complaint.objects.count() == 1


def test_a_name_that_comes_again_with_other_words_is_another_text(folders, settings):
    """Gateways number their files anew each day."""
    place = settings.SMS_DIR / "gate" / "in"
    place.mkdir(parents=True)
    for key, number in (("s1", NUMBER), ("s2", "13911112222"), ("s1", NUMBER)):
        (place / "1.json").write_text(json.dumps({"id": key, "from": number, "text": "锅坏了"}))
        assert look_into_folders() == 1
        assert not list(place.iterdir())
    hooks.take_due()
    assert Complaint.objects.count() == 2
    done = list((settings.SMS_DIR / "gate" / "done").iterdir())
    assert sorted(json.loads(one.read_text())["id"] for one in done) == ["s1", "s2"]


def test_an_id_that_comes_again_with_other_words_is_shown_to_a_person(folders, settings):
    place = settings.SMS_DIR / "gate" / "in"
    place.mkdir(parents=True)
    for text in ("锅坏了", "换货太慢"):
        (place / "1.json").write_text(json.dumps({"id": "1", "from": NUMBER, "text": text}))
        look_into_folders()
        hooks.take_due()
    assert Arrival.objects.latest("pk").error == "这个编号先前已收到，内容却不同"
    assert Complaint.objects.count() == 1


def test_long_names_and_large_files_are_put_away_too(folders, settings):
    place = settings.SMS_DIR / "gate" / "in"
    place.mkdir(parents=True)
    for end in "ab":  # the same as far as they are read
        (place / ("n" * 250 + ".json")).write_text(" " * 70_000 + end)
        assert look_into_folders() == 1
    assert len(list((settings.SMS_DIR / "gate" / "done").iterdir())) == 2
    hooks.take_due()
    assert set(Arrival.objects.values_list("state", "error")) == {("failed", "文件太大")}


def test_programs_read_texts_and_their_length(api, provider, written, li, sun):
    came(provider, "白色的")
    Complaint.objects.filter(pk=written.pk).update(assignee=li, status="HND")
    rows = api(li).get(f"/api/v1/complaints/{written.number}/texts").json()
    assert [(one["direction"], one["text"]) for one in rows] == [
        ("in", "白色的"),
        ("out", "【云朵】请问什么颜色"),
    ]
    assert api(sun).get(f"/api/v1/complaints/{written.number}/texts").status_code == 404
    found = api(li).get("/api/v1/sms-length", {"text": "汉" * 71}).json()
    assert found == {"encoding": "ucs2", "units": 71, "parts": 2}


def test_a_number_is_one_person_however_it_is_written(provider):
    find_or_create(Contact(name="王芳", phone="138 0013 8000"))
    Remembered.forget_all()
    came(provider, "第一条", number="+86 138-0013-8000")
    assert Complaint.objects.get().customer.name == "王芳"


def test_a_name_that_is_used_again_is_another_text(folders, settings):
    """A gateway that was restarted begins its names anew."""
    place = settings.SMS_DIR / "gate" / "in"
    place.mkdir(parents=True)
    for number in range(3):
        told = {"id": f"f{number}", "from": f"1380000000{number}", "text": f"第 {number} 条"}
        (place / "1.json").write_text(json.dumps(told))
        assert look_into_folders() == 1
    hooks.take_due()
    assert Complaint.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_looks_into_a_folder(folders, settings, monkeypatch):
    """The second would put away, unread, what came under the name that the first has just kept."""
    place = settings.SMS_DIR / "gate" / "in"
    place.mkdir(parents=True)
    (place / "1.json").write_text(json.dumps({"id": "f1", "from": NUMBER, "text": "锅坏了"}))
    real, found = files.keep, []

    def slow(*kept):
        monkeypatch.setattr(files, "keep", real)
        real(*kept)
        found.extend(at_once(look_into_folders))

    monkeypatch.setattr(files, "keep", slow)
    assert look_into_folders() == 1
    assert found == [0]
