"""What looks automatic and is not: no honest mail ends where nobody sees it; and what was set aside
is on a page and becomes a complaint there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.channels.mail import lists
from huiyin.journey.channels.mail.actions import arrive_due, deciding, keep
from huiyin.journey.channels.mail.models import Mail, Mailbox, Sign, signs
from huiyin.journey.channels.mail.rules.signs import found, rest, subject_of
from huiyin.journey.channels.mail.words import MailState, Nature, Outcome, Source
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Letter
from huiyin.surface.notices.actions import thank_customer
from tests.mail.letters import mail
from tests.together import at_once

pytestmark = pytest.mark.django_db

# Ordinary mails of persons, whose subject begins as those of machines do.
PERSONS = [
    "未送达的包裹，要求赔偿",
    "无法投递也不通知我，什么服务",
    "退信地址写错，发票寄丢了",
    "Returned mail: your courier sent it back twice",
    "自动回复没有用，人工客服在哪里",
    "自動回覆不能解決問題",
    "Auto: broken air conditioner in my new car",
    "已读：不回的客服，投诉",
    "Read: the attached complaint",
    "我正在休假期间被扣款",
    "不在办公室，快递放门口丢了",
    "I was out of the office and your courier left it in the rain",
    "外出时收到自动回复，没有人处理",
    "验证码一直收不到，投诉",
    "重置密码失败，客服不理",
    "Verification code never arrives",
]


def thanked(complaint: Complaint) -> bool:
    thank_customer(Event.objects.get(complaint=complaint, what=What.RECEIVED))
    return Letter.objects.filter(complaint=complaint, purpose="received").exists()


@pytest.mark.parametrize("subject", PERSONS)
def test_a_subject_alone_takes_no_mail_away(arrived, subject):
    kept = arrived(mail("买的空调坏了，2026年11月20日报修，没有人处理。", Subject=subject))
    assert (kept.state, kept.outcome) == (MailState.HANDLED, Outcome.NEW), kept.reason
    assert subject in kept.complaint.text
    assert "不自动答复" in kept.reason
    assert not thanked(kept.complaint)  # should it be a machine after all, it is not answered


MARKS = [
    {"Return_Path": "<>"},
    {"Auto_Submitted": "auto-generated"},
    {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
    {"Precedence": "bulk"},
]


@pytest.mark.parametrize(
    ("subject", "mark"), [(one, MARKS[n % len(MARKS)]) for n, one in enumerate(PERSONS[:13])]
)
def test_with_a_mark_of_a_machine_it_is_noted_and_on_the_page(arrived, chen, subject, mark):
    kept = arrived(mail(Subject=subject, **mark))
    assert (kept.state, kept.outcome, kept.complaint) == ("handled", Outcome.NOTED, None)
    rows, _more = lists.page(lists.read({"view": "automatic"}), chen)
    assert rows == [kept]


@pytest.mark.parametrize("denied", [{"X_Auto_Response_Suppress": "None"}, {"X_Autoreply": "no"}])
def test_a_header_that_says_no_is_no_mark(arrived, denied):
    kept = arrived(mail(**denied))
    assert kept.outcome == Outcome.NEW
    assert thanked(kept.complaint)


def test_who_asks_for_no_automatic_answer_gets_none_and_is_heard(arrived):
    kept = arrived(mail(X_Auto_Response_Suppress="All"))
    assert kept.outcome == Outcome.NEW
    assert not thanked(kept.complaint)


@pytest.mark.parametrize(
    "lone", [{"Return_Path": "<>"}, {"From": "postmaster@shop.example"}, {"Precedence": "bulk"}]
)
def test_one_sign_of_a_system_alone_waits_for_a_person(arrived, lone):
    kept = arrived(mail("机器漏水，要求退货。", **lone))
    assert (kept.state, kept.complaint) == (MailState.HELD, None)


def test_a_returned_mail_among_the_files_of_a_person_is_his_complaint(arrived):
    kept = arrived(
        b"From: zhao@example.net\nTo: service@example.com\nSubject: no answer to three mails\n"
        b"Message-ID: <bounced@example.net>\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: text/plain\n\n'
        b"My mails come back, see the report.\n--B\nContent-Type: message/delivery-status\n\n"
        b"Reporting-MTA: dns; mx.example.net\n\nAction: failed\nStatus: 5.1.1\n--B--\n"
    )
    assert kept.outcome == Outcome.NEW
    assert "My mails come back" in kept.complaint.text


# -- answers to letters of ours -----------------------------------------------------------------


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复: 关于您的投诉",
        "自动回复：Re: 关于您的投诉",
        "Automatic reply: 关于您的投诉",
        "外出自动回复",
    ],
)
def test_what_may_well_be_a_machine_in_a_proven_thread_waits_for_a_person(
    arrived, written_to, subject
):
    complaint, _letter, internet_id = written_to()
    kept = arrived(mail(From="wf@example.com", Subject=subject, In_Reply_To=f"<{internet_id}>"))
    assert kept.state == MailState.HELD
    assert kept.nature in (Nature.AUTO_REPLY, Nature.OUT_OF_OFFICE)
    assert not complaint.messages.exists()
    assert Complaint.objects.count() == 1


def test_an_unmarked_answer_with_our_subject_waits_without_a_thread(arrived, written_to):
    _complaint, letter, _internet_id = written_to()
    Letter.objects.filter(pk=letter.pk).update(sent_at=moment.now(), state="sent")
    kept = arrived(mail(From="wf@example.com", Subject="自动回复: 关于您的投诉"))
    assert (kept.state, kept.nature) == (MailState.HELD, Nature.AUTO_REPLY)
    other = {"From": "eve@example.net", "Message_ID": "<e@x>"}
    assert arrived(mail(Subject="自动回复: 关于您的投诉", **other)).outcome == Outcome.NEW


def test_a_customer_who_writes_of_automatic_answers_goes_on_in_his_thread(arrived, written_to):
    complaint, _letter, internet_id = written_to()
    answer = mail(
        "叫人来处理",
        From="wf@example.com",
        Subject="自动回复没有用",
        In_Reply_To=f"<{internet_id}>",
    )
    kept = arrived(answer)
    assert (kept.outcome, kept.complaint) == (Outcome.THREADED, complaint)


def test_who_answers_a_person_at_once_five_times_is_no_loop(arrived, written_to, li):
    from huiyin.journey.conversation import actions as conversation

    complaint, letter, internet_id = written_to(assignee=li)
    message = conversation.reply(complaint, by=li, text="您好", channel="email")
    Letter.objects.filter(message=message).delete()
    Letter.objects.filter(pk=letter.pk).update(message=message)
    for round_ in range(5):
        Letter.objects.filter(pk=letter.pk).update(sent_at=moment.now(), state="sent")
        told = {"From": "wf@example.com", "In_Reply_To": f"<{internet_id}>"}
        kept = arrived(mail(f"第{round_}问", Message_ID=f"<{round_}@q>", **told))
        assert kept.outcome == Outcome.THREADED


# -- lists --------------------------------------------------------------------------------------

OURS = {
    "List_Id": '"客服" <service.example.com>',
    "List_Post": "<mailto:service@example.com>",
    "List_Unsubscribe": "<mailto:leave@groups.example>",
    "Precedence": "list",
}


def test_our_address_may_be_a_list_itself(arrived):
    kept = arrived(mail(**OURS))
    assert kept.outcome == Outcome.NEW
    assert thanked(kept.complaint)


def test_a_bounce_like_subject_by_our_own_list_is_a_complaint(arrived):
    assert arrived(mail(Subject="未送达的包裹，要求赔偿", **OURS)).outcome == Outcome.NEW


def test_a_list_of_others_waits_for_a_person(arrived):
    theirs = OURS | {"List_Id": "<news.shop.example>", "List_Post": "<mailto:news@shop.example>"}
    kept = arrived(mail(**theirs))
    assert (kept.state, kept.nature) == (MailState.HELD, Nature.LIST)
    assert arrived(mail(Feedback_ID="1:x", Message_ID="<f@x>", **OURS)).state == MailState.HELD


# -- the same again -----------------------------------------------------------------------------


def test_the_same_words_a_week_later_are_a_new_complaint(arrived):
    first = arrived()
    with moment.at(moment.now() + timedelta(days=7)):
        again = arrived(mail(Message_ID="<week@example.net>"))
    assert again.outcome == Outcome.NEW
    assert again.complaint != first.complaint


@pytest.mark.parametrize("message_id", [None, "<one@example.net>"])
def test_the_very_same_mail_another_day_waits_for_a_person(arrived, message_id):
    first = arrived(mail(Message_ID=message_id))
    assert arrived(mail(Message_ID=message_id)).outcome == Outcome.DUPLICATE
    with moment.at(moment.now() + timedelta(days=7)):
        again = arrived(mail(Message_ID=message_id))
    assert (again.state, again.outcome, again.complaint) == (MailState.HELD, "", None)
    assert again.suspected == first.complaint


def test_mails_numbered_anew_count_once_whenever_that_is(service):
    by = {"source": Source.IMAP, "mailbox": service, "uid": 7}
    keep(mail(), uidvalidity=1, **by)
    arrive_due()
    with moment.at(moment.now() + timedelta(days=7)):
        keep(mail(), uidvalidity=2, **by)
        arrive_due()
    assert Mail.objects.get(uidvalidity=2).outcome == Outcome.DUPLICATE


def test_a_copy_in_another_mailbox_is_a_copy_whenever_that_is_fetched(arrived):
    arrived()
    other = Mailbox.objects.create(address="help@example.com")
    with moment.at(moment.now() + timedelta(days=3)):
        assert arrived(mailbox=other).outcome == Outcome.DUPLICATE


# -- a person takes it all the same -------------------------------------------------------------


@pytest.fixture
def noted(arrived):
    kept = arrived(mail("机器冒烟", Subject="自动回复: 您好", Auto_Submitted="auto-replied"))
    assert kept.outcome == Outcome.NOTED
    return kept


def test_what_was_noted_becomes_a_complaint_and_is_not_answered(noted, chen):
    complaint = deciding.register(noted, by=chen)
    assert (noted.outcome, noted.complaint, noted.decided_by) == (Outcome.NEW, complaint, chen)
    assert "冒烟" in complaint.text
    assert not thanked(complaint)
    assert not lists.page(lists.read({"view": "automatic"}), chen)[0]
    with pytest.raises(Refused):
        deciding.register(noted, by=chen)


def test_what_was_noted_at_a_complaint_becomes_another_and_names_the_first(
    arrived, written_to, chen
):
    first, _letter, internet_id = written_to()
    away = {"Auto_Submitted": "auto-replied", "In_Reply_To": f"<{internet_id}>"}
    kept = arrived(mail("冰箱也坏了", From="wf@example.com", **away))
    assert kept.complaint == first
    complaint = deciding.register(kept, by=chen)
    assert complaint != first
    assert kept.suspected == first
    with pytest.raises(Refused):
        deciding.read_again(kept, by=chen)


def test_what_was_noted_goes_into_a_complaint(noted, chen, make_complaint):
    complaint = make_complaint(team=chen.teams.first())
    deciding.thread(noted, complaint, by=chen)
    assert (noted.outcome, noted.complaint) == (Outcome.THREADED, complaint)
    assert complaint.messages.get().text == "机器冒烟"


def test_what_was_noted_is_read_again_after_a_sign_was_mended(noted, chen):
    for sign in Sign.objects.filter(header="auto-submitted"):
        sign.enabled = False
        sign.save()
    deciding.read_again(noted, by=chen)
    arrive_due()
    noted.refresh_from_db()
    assert (noted.state, noted.outcome) == (MailState.HANDLED, Outcome.NEW)


def test_what_was_noted_is_not_dismissed_and_agents_take_nothing(noted, chen, li):
    with pytest.raises(Refused):
        deciding.dismiss(noted, by=chen, reason="广告")
    for act in (deciding.register, deciding.read_again):
        with pytest.raises(NotPermitted):
            act(noted, by=li)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_is_refused(noted, chen):
    one, two = Mail.objects.get(pk=noted.pk), Mail.objects.get(pk=noted.pk)
    results = at_once(
        lambda: deciding.register(one, by=chen), lambda: deciding.register(two, by=chen)
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Complaint.objects.count() == 1


# -- page and API -------------------------------------------------------------------------------


def test_the_page_lists_searches_and_registers(noted, arrived, chen, li, signed_in):
    arrived(mail("第二封", Message_ID="<two@x>", Subject="外出", X_Vacation="1"))
    ordinary = arrived(mail("普通", Message_ID="<three@x>", Subject="普通来信"))
    page = signed_in(chen)
    text = page.get("/mail/?view=automatic").content.decode()
    assert text.count("mailrow card") == 2
    assert "自动回复: 您好" in text
    assert f"/mail/{ordinary.pk}/" not in text
    assert "zhao@example.net" not in text  # masked
    found_ = page.get("/mail/?view=automatic&q=外出").content.decode()
    assert found_.count("mailrow card") == 1
    assert "没有符合条件的邮件" in page.get("/mail/?view=automatic&nature=spam").content.decode()
    assert "登记为新投诉" in page.get(f"/mail/{noted.pk}/").content.decode()
    assert signed_in(li).get("/mail/?view=automatic").status_code == 403
    assert signed_in(li).post(f"/mail/{noted.pk}/register/").status_code == 403
    assert signed_in(chen).post(f"/mail/{noted.pk}/register/").status_code == 302
    noted.refresh_from_db()
    assert noted.outcome == Outcome.NEW
    assert "自动回复: 您好" in page.get("/mail/?view=settled").content.decode()
    assert page.post(f"/mail/{noted.pk}/register/").status_code == 409


def test_the_list_of_them_goes_on_by_key_and_asks_no_more_for_more(
    chen, signed_in, django_assert_max_num_queries
):
    from tests.mail.test_showing import mail_of

    page = signed_in(chen)
    assert "没有自动邮件" in page.get("/mail/?view=automatic").content.decode()
    for _place in range(53):
        mail_of(state="handled", outcome="noted", nature="auto_reply")
    with django_assert_max_num_queries(22):
        first = page.get("/mail/?view=automatic").content.decode()
    assert first.count("mailrow card") == 50
    before = first.partition("before=")[2].partition('"')[0]
    url = f"/mail/?view=automatic&before={before}"
    rest_ = page.get(url, headers={"HX-Request": "true"}).content.decode()
    assert rest_.count("mailrow card") == 3
    assert "csrfmiddlewaretoken" in rest_


def test_mails_of_complaints_one_does_not_see_are_not_listed(
    noted, chen, make_complaint, logistics, signed_in
):
    hidden = make_complaint(team=logistics, restricted=True)
    Mail.objects.filter(pk=noted.pk).update(complaint=hidden)
    page = signed_in(chen)
    assert page.get("/mail/?view=automatic").content.decode().count("mailrow card") == 0
    assert page.post(f"/mail/{noted.pk}/register/").status_code == 404


def test_a_program_lists_and_registers_them(noted, chen, li, api):
    caller = api(chen)
    (one,) = caller.get("/api/v1/mails?view=automatic").json()["items"]
    assert (one["id"], one["outcome"], one["nature"]) == (noted.pk, "noted", "auto_reply")
    assert caller.get("/api/v1/mails?view=automatic&q=没有的").json()["items"] == []
    assert api(li).get("/api/v1/mails?view=automatic").status_code == 403
    url = f"/api/v1/mails/{noted.pk}/register"
    number = caller.post(url, {}, content_type="application/json").json()["number"]
    assert Complaint.objects.filter(number=number).exists()
    assert caller.get("/api/v1/mails?view=automatic").json()["items"] == []


# -- signs --------------------------------------------------------------------------------------


def test_signs_of_machines_are_rows_that_people_edit(arrived):
    assert found(signs(), "machine", {"precedence": ["bulk"]})
    for sign in Sign.objects.filter(header__in=("precedence",)):
        sign.enabled = False
        sign.save()
    kept = arrived(mail(Subject="自动回复: 您好", Precedence="bulk"))
    assert kept.outcome == Outcome.NEW


@pytest.mark.parametrize(
    ("pattern", "subject", "beyond"),
    [
        ("自动回复*", "自动回复：关于您的投诉", "关于您的投诉"),
        ("自动回复*", "自动回复", ""),
        ("*out of the office*", "I am out of the office", ""),
        ("来自*的退信*", "来自 qq.com 的退信", ""),
        ("[自动回复]*", "[自动回复] Re: A", "re: a"),
    ],
)
def test_what_a_subject_says_beyond_its_sign(pattern, subject, beyond):
    assert rest(pattern, subject) == beyond


def test_subjects_are_compared_without_marks_of_answers():
    assert subject_of("Re: 回复：关于您的 投诉") == "关于您的 投诉"
    assert subject_of("re:") == ""
