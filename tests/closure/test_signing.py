"""Signatures of closing: who must give them is told, finds them in the inbox, signs or refuses."""

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Demand, SignRequest
from huiyin.journey.complaint.words import What
from huiyin.surface.inbox import lists
from huiyin.surface.notices import actions as notices
from tests.closure.test_demanding import ended
from tests.conftest import person
from tests.roads import carry_out, close, fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db
SAFETY = "safety-sign-off"


def asked(complaint):
    """As the worker does after the solution."""
    actions.call_signers(complaint.events.filter(what=What.EXECUTED).last())
    return complaint


@pytest.fixture
def demand(db):
    return Demand.objects.get(code=SAFETY)


@pytest.fixture
def unsafe(make_complaint, after_sales, li):
    return asked(ended(make_complaint, after_sales, li, "SF.01.01"))


def waiting(user) -> list[str]:
    return [f"{one.kind.key} {one.number}" for one in lists.page(user)[0]]


def test_who_must_sign_is_told_once_and_finds_it_in_the_inbox(unsafe, li, manager, chen, sun):
    asked(unsafe)  # the worker may do it twice
    [event] = unsafe.events.filter(what=What.SIGN_OFF_ASKED)
    notices.tell_signers(event)
    [notice] = manager.notices.all()
    assert "待您签核：安全事项已由经理签核" in notice.text
    assert notice.page == f"/inbox/sign-off/{SignRequest.objects.get().pk}/"
    assert waiting(manager) == [f"sign-off {unsafe.number}"]
    assert lists.total(manager) == 1
    for who in (li, chen, sun):
        assert waiting(who) == []
        assert not who.notices.filter(event=event).exists()


def test_it_is_signed_where_it_stands(unsafe, li, manager, signed_in):
    place = f"/inbox/sign-off/{SignRequest.objects.get().pk}/"
    page = signed_in(manager)
    text = page.get(place).text
    for told in ("安全事项已由经理签核", "领域手册", unsafe.number, "签核", "不同意"):
        assert told in text
    assert SignRequest.objects.get().state == "asked"  # looking decides nothing
    wrong = page.post(place, {"approve": "1", "note": "好"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    done = {"approve": "1", "note": "已下架停售，无人受伤"}
    assert "已签核" in page.post(place, done, headers={"HX-Request": "true"}).text
    assert waiting(manager) == []
    found = SignRequest.objects.get()
    assert (found.state, found.by, found.words) == ("signed", manager, "已下架停售，无人受伤")
    assert What.SIGNED_OFF in story(unsafe)
    assert actions.unmet(unsafe) == []
    assert "已经有了决定" in page.get(place).text
    close(fresh(unsafe), li)


def test_no_with_its_reason_goes_to_the_handler_who_mends_it_and_asks_again(
    unsafe, demand, li, manager, signed_in
):
    page = signed_in(manager)
    place = f"/inbox/sign-off/{SignRequest.objects.get().pk}/"
    short = page.post(place, {"approve": "0", "note": "不"}, headers={"HX-Request": "true"})
    assert short.status_code == 422
    page.post(place, {"approve": "0", "note": "缺批次检测报告"})
    assert waiting(manager) == []
    [event] = unsafe.events.filter(what=What.SIGN_OFF_REFUSED)
    notices.tell_assignee(event)
    assert "缺批次检测报告" in li.notices.get(event=event).text
    assert actions.missing_for_closing(unsafe) == [
        "不同意签核：安全事项已由经理签核。缺批次检测报告"
    ]
    with pytest.raises(Refused, match="不同意签核"):
        close(unsafe, li)
    asked(unsafe)  # what was refused is not asked by itself again
    assert waiting(manager) == []
    panel = f"/complaints/{unsafe.number}/panels/closure/"
    assert "再次提请" in signed_in(li).get(panel).text
    again = f"/complaints/{unsafe.number}/sign-offs/{SAFETY}/asking/"
    answer = signed_in(li).post(again, {"words": "检测报告已上传"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert waiting(manager) == [f"sign-off {unsafe.number}"]
    assert lists.page(manager)[0][0].why == "检测报告已上传"
    with pytest.raises(Refused, match="不需要再提请"):
        actions.ask_again(unsafe, by=li, demand=demand, words="再提请一次")
    actions.sign_off(unsafe, by=manager, demand=demand, words="检测报告已核对")
    assert actions.missing_for_closing(unsafe) == []


def test_only_the_role_that_is_asked_signs_or_refuses(unsafe, demand, li, chen, manager):
    for who in (li, chen):
        with pytest.raises(NotPermitted):
            actions.refuse_sign_off(unsafe, by=who, demand=demand, words="不能同意")
    with pytest.raises(Refused, match="不需要再提请"):
        actions.ask_again(unsafe, by=li, demand=demand, words="请尽快签核")
    with pytest.raises(NotPermitted):
        actions.ask_again(unsafe, by=person("x", "旁人", Role.QA), demand=demand, words="请签核吧")
    with pytest.raises(Invalid):
        actions.refuse_sign_off(unsafe, by=manager, demand=demand, words="长" * 501)
    actions.refuse_sign_off(unsafe, by=manager, demand=demand, words="缺检测报告")
    with pytest.raises(Refused, match="已经有人不同意"):
        actions.refuse_sign_off(unsafe, by=manager, demand=demand, words="还是不同意")
    actions.sign_off(unsafe, by=manager, demand=demand, words="另行核对过了")
    with pytest.raises(Refused, match="已经齐了"):
        actions.refuse_sign_off(unsafe, by=manager, demand=demand, words="又不同意了")


def test_each_solution_is_asked_for_anew(unsafe, demand, li, chen, manager):
    actions.refuse_sign_off(unsafe, by=manager, demand=demand, words="批次没有查全")
    actions.rework(unsafe, by=chen, reason="批次没有查全")
    assert waiting(manager) == []
    actions.take_up(unsafe, by=li)
    carry_out(unsafe, li, fen=0)
    asked(unsafe)
    assert waiting(manager) == [f"sign-off {unsafe.number}"]
    assert [one.state for one in SignRequest.objects.all()] == ["refused", "asked"]


def test_another_category_asks_others_and_no_longer_the_first(
    unsafe, manager, make_complaint, after_sales, li
):
    officer = person("yin", "隐私官", Role.PRIVACY)
    unsafe.carry(category="PR.01.01")
    actions.call_signers(unsafe.events.last())
    officer.__dict__.pop("written_about", None)
    assert waiting(officer) == [f"sign-off {unsafe.number}"]
    assert waiting(manager) == []
    assert {one.demand.code: one.state for one in SignRequest.objects.all()} == {
        SAFETY: "void",
        "privacy-sign-off": "asked",
    }


def test_a_demand_put_out_of_use_waits_for_nobody(unsafe, demand, manager, signed_in):
    place = f"/inbox/sign-off/{SignRequest.objects.get().pk}/"
    demand.enabled = False
    demand.save()
    assert waiting(manager) == []
    answer = signed_in(manager).post(
        place, {"approve": "1", "note": "已核对过了"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422


def test_a_program_refuses_and_asks_again(unsafe, li, manager, api):
    place = f"/api/v1/complaints/{unsafe.number}/sign-offs/{SAFETY}"

    def send(who, rest, words):
        body = {"words": words}
        return api(who).post(f"{place}{rest}", body, content_type="application/json").status_code

    [one] = api(manager).get("/api/v1/inbox?kind=sign-off").json()["items"]
    assert (one["number"], one["asked"]) == (unsafe.number, "安全事项已由经理签核")
    assert send(li, "/refusal", "不能同意") == 403
    assert send(manager, "/refusal", "缺检测报告") == 200
    assert send(manager, "/refusal", "缺检测报告") == 409
    assert send(li, "/asking", "报告已上传") == 200
    assert send(manager, "", "已核对报告") == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_signs(make_complaint, after_sales, li, manager):
    complaint = asked(ended(make_complaint, after_sales, li, "SF.01.01"))
    other = person("gao2", "另一位经理", Role.MANAGER)
    demand = Demand.objects.get(code=SAFETY)

    def sign(who):
        actions.sign_off(fresh(complaint), by=who, demand=demand, words="已核对过")

    def refuse():
        actions.refuse_sign_off(fresh(complaint), by=other, demand=demand, words="缺检测报告")

    at_once(lambda: sign(manager), lambda: sign(other), refuse, lambda: asked(complaint))
    assert complaint.sign_offs.count() == 1
    assert not SignRequest.objects.filter(state="asked").exists()
