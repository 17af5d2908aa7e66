"""A reply by mail or on the customer's own page can be taken back for ten seconds, or leaves when
its writer chose."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import actions
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.words import LetterState
from huiyin.journey.promises.models import Promise
from huiyin.surface.portal.story import messages
from tests.conftest import at
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_server(settings):
    settings.EMAIL_HOST = "mail.example.com"


def said(complaint):
    return list(complaint.events.order_by("pk").values_list("what", flat=True))


def waits(complaint, by, text="您好，正在核实。", planned=None):
    return actions.reply(
        complaint,
        by=by,
        text=text,
        channel="email",
        leaves_at=actions.leaves_at(planned),
        planned=planned is not None,
    )


def test_it_leaves_after_ten_seconds_and_is_said_then(make_complaint, li, clock):
    complaint = make_complaint(assignee=li)
    with clock("2026-11-30 10:00"):
        waits(complaint, li, "我们会在12月2日18:00前给您退款20元。")
        actions.send_due_letters()
    assert mail.outbox == []
    assert said(complaint) == [What.REPLY_PLANNED]
    assert not Promise.objects.exists()
    assert not Message.objects.public().exists()  # the customer sees nothing yet
    with moment.at(at("2026-11-30 10:00") + timedelta(seconds=11)):
        actions.send_due_letters()
    assert len(mail.outbox) == 1
    assert What.REPLIED in said(complaint)
    assert Promise.objects.count() == 1
    assert Message.objects.public().count() == 1
    event = complaint.events.get(what=What.REPLIED)
    assert event.by == li


def test_taken_back_it_is_never_sent_nor_read(make_complaint, li):
    complaint = make_complaint(assignee=li)
    message = waits(complaint, li)
    actions.undo(message, by=li)
    with moment.at(moment.now() + timedelta(minutes=5)):
        actions.send_due_letters()
    assert mail.outbox == []
    assert said(complaint) == [What.REPLY_PLANNED, What.REPLY_UNDONE]
    assert Letter.objects.get().state == LetterState.UNDONE
    assert not Message.objects.public().exists()
    assert Message.objects.filter(pk=message.pk).exists()  # messages are never deleted
    with pytest.raises(Refused, match="已经发出或已撤回"):
        actions.undo(message, by=li)


def test_what_has_left_is_not_taken_back(make_complaint, li):
    message = waits(make_complaint(assignee=li), li)
    with moment.at(moment.now() + timedelta(seconds=11)):
        actions.send_due_letters()
    with pytest.raises(Refused, match="已经发出"):
        actions.undo(message, by=li)
    with pytest.raises(Refused):
        actions.plan(message, by=li, at=None)


def test_a_reply_that_may_not_go_out_is_stopped_when_it_is_written(make_complaint, li):
    complaint = make_complaint(assignee=li)
    with pytest.raises(Invalid, match="没有写明什么时候"):
        waits(complaint, li, "我们会给您退款20元。")
    assert said(complaint) == []


@pytest.mark.parametrize("away", [timedelta(minutes=-1), timedelta(0), timedelta(days=61)])
def test_a_moment_that_is_none_is_refused(away):
    now = moment.now()
    with moment.at(now), pytest.raises(Invalid):
        actions.leaves_at(now + away)


def test_it_leaves_when_its_writer_chose_and_may_change_his_mind(make_complaint, li):
    now = moment.now()
    message = waits(make_complaint(assignee=li), li, planned=now + timedelta(hours=3))
    with moment.at(now + timedelta(hours=2)):
        actions.send_due_letters()
        assert mail.outbox == []
        actions.plan(message, by=li, at=now + timedelta(hours=5))
    with moment.at(now + timedelta(hours=4)):
        actions.send_due_letters()
        assert mail.outbox == []
        actions.plan(message, by=li, at=None)
        actions.send_due_letters()
    assert len(mail.outbox) == 1


def test_only_the_writer_and_who_leads_take_it_back(make_complaint, li, sun, chen, zhou):
    complaint = make_complaint(assignee=li, team=li.teams.first())
    message = waits(complaint, li)
    for other in (sun, zhou):
        with pytest.raises(NotPermitted):
            actions.undo(message, by=other)
    actions.undo(message, by=chen)


@pytest.mark.django_db(transaction=True)
def test_of_undo_and_leaving_one_wins(make_complaint, li):
    for _round in range(3):
        Letter.objects.all().delete()
        mail.outbox.clear()
        message = waits(make_complaint(assignee=li), li)
        Letter.objects.update(next_try_at=moment.now())
        undone, _sent = at_once(partial(actions.undo, message, by=li), actions.send_due_letters)
        letter = Letter.objects.get()
        refused = isinstance(undone, Refused)
        assert (letter.state == LetterState.SENT) == refused
        assert len(mail.outbox) == int(refused)
        told = said(message.complaint)
        assert (What.REPLIED in told, What.REPLY_UNDONE in told) == (refused, not refused)


def test_the_presets_follow_the_calendar_of_the_team(make_complaint, li, clock):
    complaint = make_complaint(assignee=li)
    with clock("2026-11-27 16:00"):  # a Friday
        (_soon, soon), (_label, start) = actions.presets(complaint)
    assert soon == at("2026-11-27 17:00")
    assert start.astimezone(at("2026-11-30 09:00").tzinfo).date() == at("2026-11-30 09:00").date()


def test_one_that_cannot_leave_keeps_no_other_from_leaving(make_complaint, li, monkeypatch):
    from huiyin.journey.conversation.actions import letters

    first = waits(make_complaint(assignee=li), li)
    waits(make_complaint(assignee=li), li)
    leaves = letters._leaves

    def broken(letter):
        if letter.message_id == first.pk:
            raise RuntimeError("broken follower")
        leaves(letter)

    monkeypatch.setattr(letters, "_leaves", broken)
    with moment.at(moment.now() + timedelta(seconds=11)):
        actions.send_due_letters()
    assert len(mail.outbox) == 1
    assert Letter.objects.get(message=first).error.endswith("broken follower")


def test_page_and_api_write_plan_and_take_back(make_complaint, li, sun, signed_in, api):
    complaint = make_complaint(assignee=li)
    page, url = signed_in(li), f"/complaints/{complaint.number}/messages/"
    answer = page.post(url, {"kind": "outbound", "text": "您好", "channel": "email"})
    assert answer.status_code == 204
    message = Message.objects.get()
    undo = f"{url}{message.pk}/undo/"
    assert undo in answer["HX-Trigger"]
    assert signed_in(sun).post(undo).status_code == 404
    answer = page.post(undo)
    assert "reply-undone" in answer["HX-Trigger"]
    assert page.post(undo).status_code == 409
    bad = {"kind": "outbound", "text": "您好", "channel": "email", "planned_at": "soon"}
    assert page.post(url, bad).status_code == 422
    later = (moment.now() + timedelta(days=1)).isoformat()
    body = {"kind": "outbound", "text": "再说", "channel": "email", "planned_at": later}
    programme, there = api(li), f"/api/v1/complaints/{complaint.number}/messages"
    made = programme.post(there, body, content_type="application/json").json()
    assert (made["delivery"], made["leaves_at"] is not None) == ("queued", True)
    nearer = {"planned_at": (moment.now() + timedelta(hours=1)).isoformat()}
    answer = programme.put(f"{there}/{made['id']}/plan", nearer, content_type="application/json")
    assert answer.status_code == 200
    assert api(sun).post(f"{there}/{made['id']}/undo").status_code == 404
    assert programme.post(f"{there}/{made['id']}/undo").json()["delivery"] == "undone"
    assert programme.post(f"{there}/{made['id']}/undo").status_code == 409


def test_the_story_says_how_far_a_reply_is(make_complaint, li, signed_in):
    complaint = make_complaint(assignee=li)
    page, url = signed_in(li), f"/complaints/{complaint.number}/"
    message = waits(complaint, li)
    told = page.get(f"{url}story/").content.decode()
    assert "待发送" in told
    assert f"messages/{message.pk}/undo/" in told
    actions.undo(message, by=li)
    told = page.get(f"{url}story/").content.decode()
    assert "已撤回" in told
    assert "/undo/" not in told


# --- the customer's own page ----------------------------------------------------------------------


def on_his_page(complaint) -> list[str]:
    return [one["text"] for one in messages(complaint) if not one["is_mine"]]


def test_a_reply_on_his_page_can_be_taken_back_and_counts_when_it_is_there(
    make_complaint, li, signed_in
):
    complaint = make_complaint(channel="portal", assignee=li)
    page, url = signed_in(li), f"/complaints/{complaint.number}/messages/"
    told = {"kind": "outbound", "text": "12月9日前退款20元。", "channel": "portal"}
    answer = page.post(url, told)
    assert answer.status_code == 204
    first = Message.objects.get(kind="outbound")
    assert f"{url}{first.pk}/undo/" in answer["HX-Trigger"]
    actions.send_due_letters()
    assert on_his_page(complaint) == [] and said(complaint) == [What.REPLY_PLANNED]
    assert page.post(f"{url}{first.pk}/undo/").status_code == 204
    with moment.at(moment.now() + timedelta(minutes=1)):
        actions.send_due_letters()
    assert on_his_page(complaint) == [] and not Promise.objects.exists()

    page.post(url, told | {"text": "您好，正在核实。"})
    assert said(complaint).count(What.REPLIED) == 0
    with moment.at(moment.now() + timedelta(seconds=11)):
        assert actions.send_due_letters("portal") == 1
    assert on_his_page(complaint) == ["您好，正在核实。"]
    assert said(complaint).count(What.REPLIED) == 1
    assert Letter.objects.get(message__text="您好，正在核实。").state == LetterState.SENT
    assert mail.outbox == []  # nothing left the house
    last = Message.objects.latest("pk")
    assert page.post(f"{url}{last.pk}/undo/").status_code == 409
    shown = page.get(f"/complaints/{complaint.number}/").content.decode()
    assert "查询页已可见" in shown


def test_said_later_on_his_page_it_stands_where_it_was_said(make_complaint, li):
    complaint = make_complaint(channel="portal", assignee=li)
    tomorrow = moment.now() + timedelta(days=1)
    actions.reply(
        complaint,
        by=li,
        text="已有结果",
        channel="portal",
        leaves_at=actions.leaves_at(tomorrow),
        planned=True,
    )
    with moment.at(moment.now() + timedelta(hours=1)):
        actions.send_due_letters()
        actions.customer_wrote(complaint, by=li, text="怎么样了")
    assert [one["text"] for one in messages(complaint)] == ["怎么样了"]
    with moment.at(tomorrow + timedelta(seconds=1)):
        actions.send_due_letters()
    found = messages(complaint)
    assert [one["text"] for one in found] == ["怎么样了", "已有结果"]
    assert found[1]["at"] >= tomorrow


def test_what_is_chosen_goes_with_a_reply_on_his_page(make_complaint, li, api):
    complaint = make_complaint(channel="portal", assignee=li)
    kept = actions.add_evidence(complaint, by=li, upload=SimpleUploadedFile("检测.txt", b"ok"))
    told = {"kind": "outbound", "text": "见附件", "channel": "portal", "attached": [str(kept.uuid)]}
    answer = api(li).post(
        f"/api/v1/complaints/{complaint.number}/messages", told, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["delivery"]) == (201, "queued")
    with moment.at(moment.now() + timedelta(seconds=11)):
        actions.send_due_letters()
    assert [one.name for one in messages(complaint)[0]["files"]] == ["检测.txt"]


@pytest.mark.django_db(transaction=True)
def test_of_taking_back_and_being_said_on_his_page_one_wins(make_complaint, li):
    complaint = make_complaint(channel="portal", assignee=li)
    message = actions.reply(
        complaint, by=li, text="您好", channel="portal", leaves_at=actions.leaves_at()
    )
    Letter.objects.update(next_try_at=moment.now() - timedelta(seconds=1))
    results = at_once(partial(actions.undo, message, by=li), actions.send_due_letters)
    undone = not isinstance(results[0], Refused)
    assert undone == (on_his_page(complaint) == [])
    assert undone == (What.REPLIED not in said(complaint))


def test_words_of_the_product_itself_are_there_at_once(make_complaint, li):
    complaint = make_complaint(channel="portal", assignee=li)
    actions.reply(complaint, by=li, text="您好", channel="portal")
    assert on_his_page(complaint) == ["您好"]
    assert not Letter.objects.exists()
