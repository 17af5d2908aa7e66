"""What is sent again because its answer was lost is there once, and reaches the customer once."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions
from huiyin.journey.conversation.models import Evidence, Letter, Message, Once
from tests.conftest import at, person
from tests.together import at_once

pytestmark = pytest.mark.django_db
once_module = import_module("huiyin.journey.conversation.actions.once")


def sent(client, complaint, text="您好，正在核实。", key="k-1", **more):
    told = {"kind": "outbound", "channel": "email", "text": text, "key": key, **more}
    return client.post(f"/complaints/{complaint.number}/messages/", told)


def test_a_page_that_sends_again_has_said_it_once(make_complaint, li, signed_in):
    complaint, page = make_complaint(assignee=li), signed_in(li)
    first, again = sent(page, complaint), sent(page, complaint)
    assert first.status_code == again.status_code == 204
    assert "message-written" in again["HX-Trigger"]  # the box is emptied as after the first
    assert "undo" in again["HX-Trigger"]  # and can still be taken back
    assert Message.objects.count() == Letter.objects.count() == 1
    sent(page, complaint, key="k-2")  # the same words on purpose
    assert Message.objects.count() == 2


def test_notes_and_files_are_there_once_too(make_complaint, li, signed_in):
    complaint, page = make_complaint(assignee=li), signed_in(li)
    for _again in range(2):
        file = SimpleUploadedFile("记录.txt", "说明".encode())
        answer = sent(page, complaint, kind="note", files=[file])
        assert answer.status_code == 204
    assert (Message.objects.count(), Evidence.objects.count()) == (1, 1)
    assert "没有重复" in answer["HX-Trigger"].encode().decode("unicode-escape")


def test_other_words_under_the_same_key_are_nobodys_silent_loss(make_complaint, li, signed_in):
    complaint, page = make_complaint(assignee=li), signed_in(li)
    sent(page, complaint)
    answer = sent(page, complaint, text="改了几个字")
    assert answer.status_code == 409
    assert Message.objects.count() == 1
    other = make_complaint(assignee=li)
    assert sent(page, other).status_code == 409  # the same words, another complaint


def test_what_was_taken_back_can_be_said_again(make_complaint, li, signed_in):
    complaint, page = make_complaint(assignee=li), signed_in(li)
    sent(page, complaint)
    actions.undo(Message.objects.get(), by=li)
    assert sent(page, complaint).status_code == 204
    assert Letter.objects.filter(pending=True).count() == 1
    sent(page, complaint)
    assert Message.objects.count() == 2  # one taken back, one said


def test_what_was_refused_leaves_the_key_free(make_complaint, li, signed_in):
    complaint, page = make_complaint(assignee=li), signed_in(li)
    assert sent(page, complaint, text="").status_code == 422
    assert not Once.objects.exists()
    assert sent(page, complaint).status_code == 204


def test_keys_of_two_people_never_meet(make_complaint, li, signed_in):
    complaint = make_complaint(assignee=li)
    other = person("wu", "吴", "manager")
    sent(signed_in(li), complaint)
    sent(signed_in(other), complaint)
    assert list(Message.objects.order_by("pk").values_list("by", flat=True)) == [li.pk, other.pk]


@pytest.mark.parametrize("key", ["有空 格", "x" * 201, "a\r\nb", "\x00"])
def test_a_key_that_is_none_is_refused_with_a_sentence(make_complaint, li, signed_in, key):
    complaint = make_complaint(assignee=li)
    answer = sent(signed_in(li), complaint, key=key)
    assert answer.status_code == 422
    assert not Message.objects.exists()


def test_programs_name_their_sendings(make_complaint, li, api):
    complaint, client = make_complaint(assignee=li), api(li)
    address, told = (
        f"/api/v1/complaints/{complaint.number}/messages",
        {"kind": "outbound", "channel": "email", "text": "您好，正在核实。"},
    )

    def write(told, key="order-1"):
        head = {"Idempotency-Key": key}
        return client.post(address, told, content_type="application/json", headers=head)

    first, again = write(told), write(told)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert write({**told, "text": "别的话"}).status_code == 409
    assert write(told, key="有").status_code in (400, 422)
    assert write(told, key="").json()["id"] != first.json()["id"]  # without a key as before
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_written(make_complaint, li):
    complaint = make_complaint(assignee=li)

    def write() -> object:
        fresh = Complaint.objects.get(pk=complaint.pk)
        return actions.once(
            fresh,
            by=li,
            key="k",
            body={"text": "您好"},
            write=lambda: actions.reply(fresh, by=li, text="您好", channel="email"),
        )

    results = at_once(write, write, write)
    assert not any(isinstance(one, Refused) for one in results)
    assert sorted(one[1] for one in results if isinstance(one, tuple)) == [False, False, True]
    assert Message.objects.count() == Letter.objects.count() == 1


# --- forgotten -----------------------------------------------------------------------------------


def test_old_keys_are_forgotten_and_their_messages_stay(make_complaint, li, settings):
    complaint = make_complaint(assignee=li)
    for day, key in ((0, "old"), (2, "young")):
        with moment.at(at("2026-11-01 10:00") + timedelta(days=day)):
            written(complaint, li, key)
    with moment.at(at("2026-12-01 09:59")):
        assert actions.forget_sent() == 0
    with moment.at(at("2026-12-01 10:01")):
        assert actions.forget_sent() == 1
        assert [one.key for one in Once.objects.all()] == ["young"]
        assert Message.objects.count() == 2
        assert actions.forget_sent() == 0
        settings.ONCE_DAYS = 1
        assert actions.forget_sent() == 1


def test_many_are_forgotten_in_portions(make_complaint, li, monkeypatch):
    complaint = make_complaint(assignee=li)
    with moment.at(at("2026-10-01 10:00")):
        for place in range(5):
            written(complaint, li, f"k-{place}")
    monkeypatch.setattr(once_module, "PORTION", 2)
    with moment.at(at("2026-12-01 10:00")):
        assert actions.forget_sent() == 5
    assert not Once.objects.exists() and Message.objects.count() == 5


def test_it_runs_by_itself():
    from huiyin.schedule import SCHEDULE

    assert [one.interval for one in SCHEDULE if one.do is actions.forget_sent] == [
        timedelta(days=1)
    ]


def written(complaint, by, key):
    return actions.once(
        complaint,
        by=by,
        key=key,
        body={"text": "说明"},
        write=lambda: actions.note(complaint, by=by, text="说明"),
    )
