"""What the category asks before closing; who vouches for it; the letter as a draft."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Demand, Feedback, SignOff
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import Description, add_evidence
from huiyin.journey.intake.models import Field
from tests.conftest import person
from tests.roads import close, feed_back, fresh, solved

pytestmark = pytest.mark.django_db


def ended(make, team, li, category, **fields):
    """Told and judged by the customer: nothing is missing but what its category asks."""
    complaint = solved(make, team, li, category=category, **fields)
    feed_back(complaint, li)
    actions.judge(complaint, solved=True)
    return complaint


@pytest.fixture
def unsafe(make_complaint, after_sales, li):
    return ended(make_complaint, after_sales, li, "SF.01.01")


def test_no_safety_sign_off_no_closing(unsafe, li, manager):
    assert actions.missing_for_closing(unsafe) == ["待签核：安全事项已由经理签核（经理）"]
    with pytest.raises(Refused, match="安全事项已由经理签核"):
        close(unsafe, li)
    demand = Demand.objects.get(code="safety-sign-off")
    with pytest.raises(NotPermitted, match="由经理签核"):
        actions.sign_off(
            unsafe, by=person("s", "主管", Role.SUPERVISOR), demand=demand, words="核对过"
        )
    with pytest.raises(NotPermitted):
        actions.sign_off(unsafe, by=li, demand=demand, words="核对过了")
    with pytest.raises(Refused, match="不能免"):
        actions.waive(unsafe, by=li, demand=demand, words="不需要签核")
    with pytest.raises(Invalid, match="至少 4 个字"):
        actions.sign_off(unsafe, by=manager, demand=demand, words="ok")
    actions.sign_off(unsafe, by=manager, demand=demand, words="已下架停售，无人受伤")
    with pytest.raises(Refused, match="已经齐了"):
        actions.sign_off(unsafe, by=manager, demand=demand, words="再签一次吧")
    close(unsafe, li)


def test_a_signature_is_for_one_solution(unsafe, li, chen, manager):
    demand = Demand.objects.get(code="safety-sign-off")
    actions.sign_off(unsafe, by=manager, demand=demand, words="已下架停售")
    from tests.roads import carry_out

    actions.rework(unsafe, by=chen, reason="批次没有查全")
    actions.take_up(unsafe, by=li)
    carry_out(unsafe, li, fen=0)
    assert actions.unmet(unsafe) == [demand]


def test_an_order_number_is_filled_in_or_its_lack_explained(make_complaint, after_sales, li):
    complaint = ended(make_complaint, after_sales, li, "PD.01.01")
    demand = Demand.objects.get(code="goods-order")
    assert actions.unmet(complaint) == [demand]
    actions.waive(complaint, by=li, demand=demand, words="门店现金购买，没有订单号")
    assert actions.unmet(complaint) == []
    other = ended(make_complaint, after_sales, li, "PD.01.01", order_no="A-1")
    assert actions.unmet(other) == []


def test_evidence_of_the_right_kind_answers(make_complaint, after_sales, li):
    Demand.objects.filter(code="contract-evidence").update(what="contract")
    from huiyin.journey.closure.models.demands import demands

    demands.forget()
    complaint = ended(make_complaint, after_sales, li, "CT.02.01")
    assert [d.code for d in actions.unmet(complaint)] == ["contract-evidence"]
    for kind, left in (("photo", 1), ("contract", 0)):
        upload = SimpleUploadedFile(f"{kind}.txt", b"text of it", content_type="text/plain")
        add_evidence(complaint, by=li, upload=upload, described=Description(kind=kind))
        assert len(actions.unmet(complaint)) == left


def test_whoever_must_sign_sees_it_from_the_solution_on(make_complaint, after_sales, li):
    officer = person("yin", "隐私官", Role.PRIVACY)
    complaint = solved(make_complaint, after_sales, li, category="PR.01.01")
    assert not Complaint.objects.visible_to(officer).filter(pk=complaint.pk).exists()
    actions.call_signers(complaint.events.get(what=What.EXECUTED))
    officer.__dict__.pop("written_about", None)
    assert Complaint.objects.visible_to(officer).filter(pk=complaint.pk).exists()


def test_the_page_shows_what_is_missing_with_the_way_to_it(unsafe, manager, li, signed_in):
    place = f"/complaints/{unsafe.number}"
    panel = signed_in(manager).get(f"{place}/panels/closure/").content.decode()
    assert "待签核" in panel and f"{place}/sign-offs/safety-sign-off/" in panel
    panel = signed_in(li).get(f"{place}/panels/closure/").content.decode()
    assert "sign-offs" not in panel
    answer = signed_in(manager).post(
        f"{place}/sign-offs/safety-sign-off/",
        {"words": "已下架停售"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204 and SignOff.objects.exists()


def test_a_program_reads_what_is_missing_and_signs(unsafe, manager, api):
    place, client = f"/api/v1/complaints/{unsafe.number}", api(manager)
    missing = client.get(f"{place}/closure/missing").json()
    assert missing == [
        {"text": "待签核：安全事项已由经理签核（经理）", "demand": "safety-sign-off"}
    ]
    signed = client.post(
        f"{place}/sign-offs/safety-sign-off",
        {"words": "已下架停售"},
        content_type="application/json",
    )
    assert signed.status_code == 200
    assert client.get(f"{place}/closure/missing").json() == []
    assert len(client.get(f"{place}/closure/demands").json()) == 1


# --- the letter ----------------------------------------------------------------------------------


def test_the_letter_is_drafted_from_the_record(make_complaint, after_sales, li):
    complaint = solved(make_complaint, after_sales, li)
    draft = actions.draft(complaint)
    assert "加热盘接触不良" in draft.measures
    assert "部分退款 ¥20.00，已经办好" in draft.result
    assert draft.kinds == ["refund"]


def test_the_draft_speaks_the_language_of_the_customer(make_complaint, after_sales, li):
    complaint = solved(make_complaint, after_sales, li)
    complaint.customer.language = "en"
    assert "Partial refund" in actions.draft(complaint).result


def test_kinds_of_response_are_chosen_and_kept(make_complaint, after_sales, li, signed_in):
    complaint = solved(make_complaint, after_sales, li)
    client, place = signed_in(li), f"/complaints/{complaint.number}/feedback/"
    html = client.get(place).content.decode()
    assert "附录 G" in html and 'value="refund" checked' in html
    body = {
        "measures": "换了加热盘",
        "result": "已恢复正常",
        "kinds_shown": "1",
        "kinds": ["apology", "refund"],
    }
    answer = client.post(place, body | {"channel": "phone"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204, answer.headers
    assert Feedback.objects.get().kinds == ["refund", "apology"]
    assert fresh(complaint).messages.filter(channel="phone").exists()


def test_kinds_that_are_none_are_refused(make_complaint, after_sales, li):
    complaint = solved(make_complaint, after_sales, li)
    with pytest.raises(Invalid, match="请从列表里选择"):
        actions.feed_back(complaint, by=li, measures="换新", result="已退", kinds=["gold"])


def test_a_stranger_reads_no_draft(make_complaint, after_sales, li, sun, api, signed_in):
    complaint = solved(make_complaint, after_sales, li)
    assert signed_in(sun).get(f"/complaints/{complaint.number}/feedback/").status_code == 404
    answer = api(sun).get(f"/api/v1/complaints/{complaint.number}/feedback/draft")
    assert answer.status_code == 404


def test_a_call_that_was_agreed_is_made_before_closing(make_complaint, after_sales, li):
    from datetime import timedelta

    from huiyin.ground import moment
    from huiyin.journey.callbacks import actions as callbacks
    from tests.conftest import at

    with moment.at(at("2026-11-23 10:00")):
        complaint = ended(make_complaint, after_sales, li, "")
        when = moment.now() + timedelta(hours=3)
        call = callbacks.arrange(complaint, by=li, reason="客户要求再说明", appointment_at=when)
        assert actions.missing_for_closing(complaint) == ["还有约好的回电没有打"]
        with pytest.raises(Refused, match="约好的回电没有打"):
            close(complaint, li)
        callbacks.answer(call, by=li, result="talked", words="已经说明清楚")
        close(complaint, li)


@pytest.mark.parametrize(
    ("need", "what", "told"),
    [
        ("field", "order_no", "订单号"),
        ("field", "happened_on", "发生日期"),
        ("field", "severity", "严重程度"),
        ("field", "answer.nothing_such", "answer.nothing_such"),
        ("evidence", "any", "任何一种证据"),
        ("evidence", "cctv, photo", "监控录像、照片"),
    ],
)
def test_what_is_asked_for_is_named_as_people_know_it(need, what, told):
    assert actions.what_in_words(Demand(need=need, what=what)) == told


def test_a_field_of_the_registration_is_named_by_its_label(db):
    field = Field.objects.first()
    assert field is not None
    demand = Demand(need="field", what=f"answer.{field.key}")
    assert actions.what_in_words(demand) == field.label


def test_the_console_shows_no_keys(admin, signed_in):
    text = signed_in(admin).get("/console/closing-demands/").text
    assert "订单号" in text and "任何一种证据" in text
    assert "order_no" not in text and ">any<" not in text
