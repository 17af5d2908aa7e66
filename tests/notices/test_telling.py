"""The bell and the letters: who is told, once, in which words, and what is never told."""

from __future__ import annotations

import json
import logging

import pytest

from huiyin.flow import FLOW
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.words import Role
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.events import record, run_later
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Letter
from huiyin.journey.intake.actions import register
from huiyin.journey.intake.rules import spoken_code
from huiyin.journey.triage.actions import reject
from huiyin.surface.notices import actions
from huiyin.surface.notices.models import LetterTemplate, Notice
from huiyin.surface.notices.rules import PLACEHOLDERS, filled, unknown_placeholders
from tests.conftest import person
from tests.roads import fresh

pytestmark = pytest.mark.django_db

STORY = "上周在贵店买的电饭煲第一天就不加热，客服一直不处理，我要求退货退款。"


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND", severity=3)


def happened(what, complaint, by, **facts):
    return record(what, complaint, by=by, **facts)


def told():
    return sorted(Notice.objects.values_list("user__username", flat=True))


# --- the bell -------------------------------------------------------------------------------------


def test_whoever_has_it_is_told_once_however_often_the_follower_runs(complaint, li, zhou):
    event = happened(What.URGED, complaint, zhou, words="客户又来电催了")
    for _ in range(3):
        actions.tell_assignee(event)
    notice = Notice.objects.get()
    assert (notice.user, notice.text, notice.urgent) == (
        li,
        f"{complaint.number} 催办：客户又来电催了",
        False,
    )


def test_who_did_it_himself_is_left_in_peace(complaint, li):
    actions.tell_assignee(happened(What.URGED, complaint, li))
    assert told() == []


def test_who_does_not_see_it_when_it_is_told_hears_nothing(complaint, li, zhou, logistics):
    event = happened(What.URGED, complaint, zhou)
    complaint.carry(restricted=True)
    actions.tell_assignee(event)
    assert told() == []


def test_who_has_left_hears_nothing(complaint, li, zhou):
    li.is_active = False
    li.save()
    actions.tell_assignee(happened(What.URGED, complaint, zhou))
    assert told() == []


def test_s1_misses_and_escalations_are_urgent(complaint, chen, zhou):
    actions.tell_supervisor(happened(What.ESCALATED, complaint, zhou, reason="要主管"))
    assert Notice.objects.get(user=chen).urgent


def test_without_a_duty_supervisor_those_present_are_told(complaint, zhou, after_sales):
    person("on", "在岗主管", Role.SUPERVISOR, teams=[after_sales])
    person("off", "离岗主管", Role.SUPERVISOR, teams=[after_sales], presence="away")
    actions.tell_supervisor(happened(What.CLOCK_MISSED, complaint, zhou, clock="解决"))
    assert told() == ["on"]


def test_what_has_nobody_tells_nobody(make_complaint, zhou):
    orphan = make_complaint(status="TRI")
    event = happened(What.URGED, orphan, zhou)
    for follower in (actions.tell_assignee, actions.tell_supervisor, actions.tell_team):
        follower(event)
    assert told() == []


def test_a_notice_speaks_the_language_of_its_reader(complaint, li, zhou):
    li.language = "en"
    li.save()
    actions.tell_assignee(happened(What.URGED, fresh(complaint), zhou))
    assert "催办" not in Notice.objects.get().text


def test_every_later_follower_may_run_twice(complaint, li, zhou, chen, manager):
    named = {
        What.BARRED: {"person": zhou.pk, "name": zhou.name},
        What.SIGN_OFF_ASKED: {"role": Role.MANAGER, "demand": "manager"},
    }
    for what, follow in FLOW.items():
        if not follow.later or what == What.RECEIVED:
            continue
        event = happened(what, complaint, zhou, reason="原因", **named.get(what, {}))
        run_later(event.pk)
        before = Notice.objects.count(), Letter.objects.count()
        run_later(event.pk)
        assert (Notice.objects.count(), Letter.objects.count()) == before, what


def test_the_bell_shows_what_one_still_sees_and_counts_what_is_unread(
    complaint, li, zhou, signed_in
):
    actions.tell_assignee(happened(What.URGED, complaint, zhou, words="<b>快</b>"))
    page = signed_in(li)
    bell = page.get("/notices/bell/").content.decode()
    assert "<b>1</b>" in bell
    assert "&lt;b&gt;快" in bell
    complaint.carry(restricted=True)
    hidden = page.get("/notices/bell/").content.decode()
    assert complaint.number not in hidden
    assert "<b>1</b>" not in hidden


def test_reading_empties_the_bell_of_oneself_only(complaint, li, zhou, chen, signed_in, api):
    event = happened(What.CLOCK_MISSED, complaint, zhou, clock="解决")
    actions.tell_assignee(event)
    actions.tell_supervisor(event)
    assert signed_in(li).post("/notices/reading/").status_code == 200
    assert Notice.objects.get(user=li).read_at
    assert Notice.objects.get(user=chen).read_at is None
    assert api(chen).get("/api/v1/notices").json()[0]["complaint"] == complaint.number
    assert api(chen).post("/api/v1/notices/reading").json() == {"read": 1}
    assert api(chen).post("/api/v1/notices/reading").json() == {"read": 0}


# --- letters --------------------------------------------------------------------------------------


def registered(by, **contact):
    who = Contact(name="王芳", phone="13800138000", email="wf@example.com")
    return register(by=by, channel="phone", contact=who, text=STORY, wanted="退货退款", **contact)


def received(complaint):
    event = complaint.events.get(what=What.RECEIVED)
    actions.thank_customer(event)
    actions.thank_customer(event)
    return Letter.objects.get(purpose="received")


def test_the_acknowledgement_tells_number_code_time_limits_and_where_to_follow(li, settings):
    settings.BASE_URL = "https://help.example.com"
    complaint = registered(li)
    letter = received(complaint)
    clocks = {c.kind: c.due_at for c in complaint.clocks.all()}
    from django.utils import timezone

    for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION):
        assert timezone.localtime(clocks[kind]).strftime("%Y-%m-%d %H:%M") in letter.body
    assert complaint.number in letter.subject
    assert spoken_code(complaint.tracking_code) in letter.body
    assert "https://help.example.com/portal/" in letter.body
    assert "{" not in letter.subject + letter.body
    assert letter.recipient == "wf@example.com"


def test_a_customer_who_reads_english_is_thanked_in_english(li):
    complaint = registered(li)
    complaint.customer.language = "en"
    complaint.customer.save()
    assert "We have received your complaint" in received(complaint).subject


def test_the_administrators_words_are_used(li):
    LetterTemplate.objects.filter(code="received").update(subject_zh="{organisation} 收到 {number}")
    complaint = registered(li)
    assert received(complaint).subject.endswith(f"收到 {complaint.number}")


def test_a_template_switched_off_or_a_customer_without_mail_gets_no_letter(li):
    complaint = registered(li)
    LetterTemplate.objects.update(enabled=False)
    actions.thank_customer(complaint.events.get(what=What.RECEIVED))
    LetterTemplate.objects.update(enabled=True)
    nobody = find_or_create(Contact(name="李四", phone="13900000000", email=""))
    complaint.customer = nobody
    complaint.save(update_fields=["customer"])
    actions.thank_customer(fresh(complaint).events.get(what=What.RECEIVED))
    assert not Letter.objects.exists()


def test_who_is_not_taken_up_reads_why_and_where_else_to_go(make_complaint, zhou):
    complaint = make_complaint(status="REG")
    from huiyin.journey.triage.words import RejectReason

    reason = RejectReason.values[0]
    reject(complaint, by=zhou, reason=reason, remedies="可向物业主管部门反映，电话 12345")
    event = complaint.events.get(what=What.REJECTED)
    actions.tell_customer_result(event)
    body = Letter.objects.get(purpose="rejected").body
    assert str(RejectReason(reason).label) in body
    assert "可向物业主管部门反映" in body


def test_who_is_closed_reads_that_it_can_be_opened_again(complaint, li, settings):
    settings.BASE_URL = "https://help.example.com"
    actions.tell_customer_result(happened(What.CLOSED, complaint, li))
    body = Letter.objects.get(purpose="closed").body
    assert "30 天内" in body
    assert "https://help.example.com/portal/" in body
    assert spoken_code(complaint.tracking_code) not in body


def test_every_letter_uses_known_placeholders_only_and_both_languages_the_same():
    import re

    for row in LetterTemplate.objects.all():
        texts = (row.subject_zh, row.body_zh, row.subject_en, row.body_en)
        assert all(texts), row.code
        assert [unknown_placeholders(text) for text in texts] == [[]] * 4
        chinese, english = (set(re.findall(r"\{(\w+)\}", a + b)) for a, b in (texts[:2], texts[2:]))
        assert chinese == english, row.code


@pytest.mark.parametrize(
    ("template", "result"),
    [
        ("{number}", "TS1"),
        ("{unknown} {number.__class__}", "{unknown} {number.__class__}"),
        ("{{number}}", "{TS1}"),
        ("%(number)s {0} ${number}", "%(number)s {0} $TS1"),
    ],
)
def test_templates_are_filled_and_never_run(template, result):
    assert filled(template, {"number": "TS1"}) == result


def test_what_a_customer_typed_is_not_filled_a_second_time():
    assert filled("{name}", {"name": "{code}", "code": "SECRET"}) == "{code}"
    assert "code" in PLACEHOLDERS


# --- the key stays with the customer --------------------------------------------------------------


def test_the_tracking_code_is_in_no_notice_no_event_no_log_and_no_page_of_ours(
    li, chen, manager, caplog, signed_in, api, after_sales
):
    caplog.set_level(logging.DEBUG)
    complaint = registered(li)
    complaint.carry(team=after_sales, assignee=li)
    for event in complaint.events.all():
        run_later(event.pk)
    code = complaint.tracking_code
    shown = [
        *Notice.objects.values_list("text", flat=True),
        *(json.dumps(e.facts, ensure_ascii=False) for e in complaint.events.all()),
        caplog.text,
        signed_in(li).get(f"/complaints/{complaint.number}/").content.decode(),
        api(li).get(f"/api/v1/complaints/{complaint.number}").content.decode(),
        api(li).get(f"/api/v1/complaints/{complaint.number}/messages").content.decode(),
    ]
    for text in shown:
        assert code not in text
        assert spoken_code(code) not in text
    letter = Letter.objects.get(purpose="received")
    assert spoken_code(code) in letter.body
    assert spoken_code(code)[:5] not in letter.shown_body
    console = signed_in(manager).get(f"/console/letters/{letter.pk}/")
    assert console.status_code == 200
    assert spoken_code(code) not in console.content.decode()
