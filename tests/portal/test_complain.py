"""Complaining without an account."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.ground import moment
from huiyin.ground.privacy.models import PrivacyNotice
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Letter
from huiyin.journey.intake.rules import spoken_code
from huiyin.surface.portal import actions, rules
from huiyin.surface.portal.models import Count
from huiyin.surface.portal.words import Counted

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(32)


def test_a_visitor_complains_and_reads_number_and_code(visitor, complained):
    complaint = complained()

    page = visitor.get("/portal/received/").content.decode()
    assert complaint.number in page
    assert spoken_code(complaint.tracking_code) in page
    assert (complaint.channel, complaint.intake.via) == ("portal", "portal")
    assert complaint.intake.privacy_version == "v1"
    assert complaint.received_by is None
    assert complaint.messages.get().text.startswith("上周买的电饭煲")


def test_the_code_is_shown_to_the_session_that_complained_only(complained):
    complained()
    assert Client().get("/portal/received/").status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": ""}, "发生了什么"),
        ({"wanted": ""}, "您希望我们怎样处理"),
        ({"consent": None}, "请先阅读隐私声明并勾选同意"),
        ({"notice": "v0"}, "隐私声明刚刚更新"),
        ({"phone": ""}, "请留下手机或邮箱"),
        ({"phone": "12"}, "电话号码看起来不对"),
        ({"email": "a@"}, "邮箱地址看起来不对"),
        ({"website": "http://spam"}, "提交没有成功"),
        ({"key": "1"}, ""),
        ({"happened_on": "2999-01-01"}, "发生日期在将来"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(visitor, story, changes, sentence):
    answer = visitor.post("/portal/complain/", story(order_no="E77", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="E77"' in page
    assert not Complaint.objects.exists()


def test_one_may_stay_anonymous(complained):
    complaint = complained(phone="", name="", anonymous="on")
    assert not complaint.customer.contact_points.exists()


def test_staying_anonymous_drops_what_was_typed_before(complained):
    complaint = complained(anonymous="on")
    assert complaint.intake.contact == {"name": "王芳", "phone": "", "email": "", "address": ""}


def test_two_touches_make_one_complaint(visitor, story):
    typed = story()
    first = visitor.post("/portal/complain/", typed)
    again = visitor.post("/portal/complain/", typed)
    assert (first.status_code, again.status_code) == (302, 302)
    assert Complaint.objects.count() == 1


def test_files_come_along(complained):
    complaint = complained(uploads=[SimpleUploadedFile("坏了.png", PNG)])
    assert complaint.evidence.get().source == "customer"


def test_a_strange_file_is_refused_and_nothing_is_kept(visitor, story):
    bad = SimpleUploadedFile("x.svg", b"<svg onload=alert(1)>")
    answer = visitor.post("/portal/complain/", story(uploads=[bad]))
    assert answer.status_code == 422
    assert "类型不支持" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_a_flood_from_one_address_is_stopped(visitor, story):
    most = rules.LIMITS[Counted.COMPLAINT_BY_ADDRESS].most
    for _i in range(most):
        Count.one_more(Counted.COMPLAINT_BY_ADDRESS, "127.0.0.1", moment.now())
    answer = visitor.post("/portal/complain/", story())
    assert answer.status_code == 429
    assert not Complaint.objects.exists()
    # Another address is not concerned; a header of one's own invention makes no other address.
    pretended = visitor.post(
        "/portal/complain/", story(), headers={"X-Forwarded-For": "203.0.113.9"}
    )
    assert pretended.status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").post("/portal/complain/", story()).status_code == 302


def test_a_flood_in_one_persons_name_is_stopped(story, db):
    most = rules.LIMITS[Counted.COMPLAINT_BY_CONTACT].most
    answers = [
        Client(REMOTE_ADDR=f"203.0.113.{i}")
        .post("/portal/complain/", story(key=str(uuid.uuid4()), phone="+86 138-0013-8000"))
        .status_code
        for i in range(most + 1)
    ]
    assert answers == [302] * most + [429]


def received_event(complaint):
    return complaint.events.get(what=What.RECEIVED)


def test_number_and_code_are_mailed_in_our_words_only(complained):
    complaint = complained(
        email="wf@example.com", text="点击 http://evil.example 领奖", name="<b>奖</b>"
    )
    actions.send_code(received_event(complaint))
    actions.send_code(received_event(complaint))  # a later follower may run twice

    letter = Letter.objects.get(purpose="tracking_code")
    assert letter.recipient == "wf@example.com"
    assert complaint.number in letter.body
    assert spoken_code(complaint.tracking_code) in letter.body
    for word in ("evil", "领奖", "奖"):
        assert word not in letter.body + letter.subject


def test_one_address_hears_of_us_once_a_day(complained):
    for i in range(3):
        one = complained(email="victim@example.com", phone=f"1390000000{i}", key=str(uuid.uuid4()))
        actions.send_code(received_event(one))
    assert Letter.objects.filter(recipient="victim@example.com").count() == 1


def test_a_staff_registration_gets_no_mail_from_the_portal(db, li):
    from huiyin.journey.intake.actions import Contact, register

    complaint = register(by=li, channel="phone", contact=Contact(email="a@b.cn"), text="坏了")
    assert actions.send_code(received_event(complaint)) is None


def test_counts_are_forgotten(db):
    Count.one_more(Counted.ESCALATION, "x", moment.now() - timedelta(days=3))
    Count.one_more(Counted.ESCALATION, "x", moment.now())
    assert actions.forget_counts() == 1
    assert Count.objects.count() == 1


def test_counts_name_nobody(db):
    Count.one_more(Counted.LETTER, "victim@example.com", moment.now())
    assert "victim" not in Count.objects.get().key


def test_the_notice_is_readable_with_its_version(visitor):
    assert PrivacyNotice.objects.count() == 1
    page = visitor.get("/portal/privacy/").content.decode()
    assert "v1" in page and "我们收集什么" in page


@pytest.mark.parametrize("path", ["/portal/", "/portal/complain/", "/portal/follow/"])
def test_looking_changes_nothing(visitor, path, django_assert_num_queries):
    assert visitor.get(path).status_code == 200
    assert not Complaint.objects.exists() and not Count.objects.exists()
