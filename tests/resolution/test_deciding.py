"""Approval: by somebody else whose authority covers it; beyond everyone's, by three together."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.models import AuthorityLimit, Offer, Signature
from huiyin.surface.notices.actions import tell_approvers
from huiyin.surface.notices.models import Notice
from tests.conftest import person
from tests.roads import assigned, fresh, propose, story
from tests.together import at_once

pytestmark = pytest.mark.django_db
HUGE = 1_500_000  # ¥15,000: beyond the manager


def test_whose_limit_covers_it_approves_and_the_offer_goes_on(complaint, li, lead):
    offer = propose(complaint, li, fen=80_000)
    actions.decide(offer, by=lead, approve=True, note="同意")
    assert (offer.state, offer.decided_by, complaint.status) == ("offered", lead, Status.EXE)
    assert complaint.waits_for == []
    assert story(complaint)[-1] == What.APPROVED


def test_who_denies_says_why_and_it_goes_back_to_work(complaint, li, lead):
    offer = propose(complaint, li, fen=80_000)
    with pytest.raises(Invalid, match="请写明原因"):
        actions.decide(offer, by=lead, approve=False)
    actions.decide(offer, by=lead, approve=False, note="请附发票")
    assert (offer.state, complaint.status) == ("denied", Status.HND)
    assert propose(complaint, li, fen=3_000).state == "offered"


@pytest.mark.parametrize(
    ("fen", "may"),
    [
        (80_000, {"lead", "chen", "manager"}),
        (150_000, {"chen", "manager"}),
        (500_000, {"manager"}),
    ],
)
def test_who_may_approve_how_much(fen, may, complaint, li, request):
    people = {
        n: request.getfixturevalue(n) for n in ("lead", "chen", "manager", "finance", "legal")
    }
    for name, user in people.items():
        offer = propose(complaint, li, fen=fen)
        if name in may:
            actions.decide(offer, by=user, approve=True)
            actions.decline(offer, by=li)
        else:
            with pytest.raises(NotPermitted, match="超出您的审批权限，可由 "):
                actions.decide(offer, by=user, approve=True)
            actions.decide(offer, by=li, approve=False, note="撤回")


@pytest.mark.parametrize("who", ["sun", "zhou", "mate"])
def test_who_is_no_approver_decides_nothing(who, complaint, li, after_sales, request):
    mate = person("mate", "同组坐席", Role.AGENT, teams=[after_sales])
    user = mate if who == "mate" else request.getfixturevalue(who)
    offer = propose(complaint, li, fen=80_000)
    for approve in (True, False):
        with pytest.raises(NotPermitted):
            actions.decide(offer, by=user, approve=approve, note="意见")


def test_a_machine_approves_nothing(complaint, li):
    offer = propose(complaint, li, fen=80_000)
    with pytest.raises(NotPermitted):
        actions.decide(offer, by=User.objects.system(), approve=True)


def test_nobody_approves_his_own_even_with_every_role(make_complaint, after_sales):
    boss = person("boss", "多面手", Role.SPECIALIST, Role.LEAD, Role.MANAGER, teams=[after_sales])
    complaint = assigned(make_complaint, after_sales, boss)
    offer = propose(complaint, boss, fen=HUGE)
    with pytest.raises(NotPermitted, match="不能审批自己提出的方案"):
        actions.decide(offer, by=boss, approve=True)


def test_the_database_knows_four_eyes_too(complaint, li):
    offer = propose(complaint, li, fen=80_000)
    with pytest.raises(DatabaseError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(state="offered", decided_by=li)


def test_who_proposed_may_take_it_back(complaint, li):
    offer = propose(complaint, li, fen=80_000)
    actions.decide(offer, by=li, approve=False, note="金额写错了")
    assert (offer.state, complaint.status, complaint.waits_for) == ("denied", Status.HND, [])


def test_what_an_approver_lets_through_counts_in_his_month(complaint, li, lead, clock):
    AuthorityLimit.objects.filter(role=Role.LEAD).update(monthly_fen=90_000)
    offer = propose(complaint, li, fen=60_000)
    actions.decide(offer, by=lead, approve=True)
    actions.agree(offer, by=li)
    actions.execute(offer, by=li, proof="流水号")
    complaint.move_to(Status.RWK)
    second = propose(complaint, li, fen=30_001)
    with pytest.raises(NotPermitted, match="您本月的审批额度"):
        actions.decide(second, by=lead, approve=True)


def test_the_sum_of_the_case_decides_who_is_asked(complaint, li, lead, chen):
    offer = propose(complaint, li, fen=90_000)
    actions.decide(offer, by=lead, approve=True)
    actions.agree(offer, by=li)
    actions.execute(offer, by=li, proof="流水号")
    complaint.move_to(Status.RWK)
    second = propose(complaint, li, fen=20_000)
    assert complaint.waits_for == ["supervisor", "manager"]
    with pytest.raises(NotPermitted, match="值班主管、经理"):
        actions.decide(second, by=lead, approve=True)
    actions.decide(second, by=chen, approve=True)


# --- beyond everybody's limit ---------------------------------------------------------------------


def test_beyond_the_manager_three_sign_and_only_then_it_goes_on(
    complaint, li, manager, finance, legal
):
    offer = propose(complaint, li, fen=HUGE)
    assert complaint.waits_for == ["manager", "finance", "legal"]
    for signer, left in ((legal, ["manager", "finance"]), (manager, ["finance"])):
        actions.decide(offer, by=signer, approve=True)
        assert (fresh(complaint).status, fresh(complaint).waits_for) == (Status.PAP, left)
        with pytest.raises(NotPermitted, match="您已会签，还在等待"):
            actions.decide(offer, by=signer, approve=True)
    actions.decide(offer, by=finance, approve=True)
    assert (complaint.status, offer.state) == (Status.EXE, "offered")
    assert story(complaint)[-3:] == [What.SIGNED, What.SIGNED, What.APPROVED]
    assert [s.role for s in offer.signatures.all()] == ["legal", "manager", "finance"]


def test_one_person_with_two_roles_signs_once(complaint, li, manager, legal):
    both = person("both", "身兼两职", Role.FINANCE, Role.LEGAL)
    offer = propose(complaint, li, fen=HUGE)
    actions.decide(offer, by=both, approve=True)
    with pytest.raises(NotPermitted, match="您已会签"):
        actions.decide(offer, by=both, approve=True)


def test_a_lead_or_supervisor_does_not_sign_what_is_beyond_him(complaint, li, lead, chen):
    offer = propose(complaint, li, fen=HUGE)
    for user in (lead, chen):
        with pytest.raises(NotPermitted, match="经理、财务、法务会签"):
            actions.decide(offer, by=user, approve=True)


def test_any_of_the_three_may_deny_and_a_new_offer_needs_new_signatures(
    complaint, li, manager, finance, legal
):
    offer = propose(complaint, li, fen=HUGE)
    actions.decide(offer, by=manager, approve=True)
    actions.decide(offer, by=legal, approve=False, note="责任不清")
    assert complaint.status == Status.HND
    again = propose(complaint, li, fen=HUGE)
    assert actions.waiting(again).roles == ("manager", "finance", "legal")


def test_a_signature_stays(complaint, li, manager):
    offer = propose(complaint, li, fen=HUGE)
    actions.decide(offer, by=manager, approve=True)
    for act in (
        lambda: Signature.objects.update(role="legal"),
        lambda: Signature.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_house_whose_manager_is_unbounded_asks_him_alone(complaint, li, manager):
    AuthorityLimit.objects.filter(role=Role.MANAGER).update(per_case_fen=None)
    offer = propose(complaint, li, fen=HUGE)
    actions.decide(offer, by=manager, approve=True)
    assert complaint.status == Status.EXE


# --- who sees what waits --------------------------------------------------------------------------


def sees(user, complaint):
    user = User.objects.get(pk=user.pk)
    return Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists()


def test_finance_and_legal_see_what_waits_for_them_as_long_as_it_waits(
    complaint, li, manager, finance, legal
):
    assert not sees(finance, complaint)
    offer = propose(complaint, li, fen=HUGE)
    assert sees(finance, complaint)
    assert sees(legal, complaint)
    actions.decide(offer, by=legal, approve=True)
    assert not sees(legal, complaint)
    actions.decide(offer, by=finance, approve=True)
    actions.decide(offer, by=manager, approve=True)
    assert not sees(finance, complaint)  # nothing to pay before the customer agrees
    actions.agree(offer, by=li)
    assert sees(finance, complaint)
    actions.execute(offer, by=finance, proof="流水号")
    assert not sees(finance, complaint)


def test_what_a_lead_can_approve_is_none_of_finances_business(complaint, li, finance, legal):
    propose(complaint, li, fen=80_000)
    assert not sees(finance, complaint)
    assert not sees(legal, complaint)


def test_strangers_and_the_teamless_see_nothing_of_what_waits(complaint, li, sun, admin):
    teamless = person("nobody", "无组", Role.LEAD)
    roleless = person("none", "无角色")
    propose(complaint, li, fen=HUGE)
    for user in (sun, admin, teamless, roleless):
        assert not sees(user, complaint)


def test_a_restricted_one_is_not_shown_to_finance_because_it_waits(complaint, li, finance):
    propose(complaint, li, fen=HUGE)
    complaint.carry(restricted=True)
    assert not sees(finance, complaint)


def test_what_waits_is_found_by_one_query(complaint, li, finance, django_assert_num_queries):
    propose(complaint, li, fen=HUGE)
    finance = User.objects.get(pk=finance.pk)
    list(Complaint.objects.visible_to(finance))  # names once per request
    with django_assert_num_queries(1):
        assert list(Complaint.objects.visible_to(finance)) == [complaint]


def test_approvers_are_told_once_and_only_who_sees_it(
    complaint, li, lead, chen, manager, finance, legal, logistics
):
    stranger = person("other", "别组组长", Role.LEAD, teams=[logistics])
    propose(complaint, li, fen=80_000)
    event = complaint.events.get(what=What.PROPOSED)
    tell_approvers(event)
    tell_approvers(event)
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"ma", "chen", "gao"}
    assert not Notice.objects.filter(user=stranger).exists()
    assert "方案待您审批：部分退款 ¥800.00" in Notice.objects.all()[0].text


def test_who_still_has_to_sign_is_told_when_another_has(complaint, li, manager, finance, legal):
    offer = propose(complaint, li, fen=HUGE)
    actions.decide(offer, by=manager, approve=True)
    tell_approvers(complaint.events.get(what=What.SIGNED))
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"qian", "fa"}


# --- two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_at_once_one_decides(complaint, li, lead, chen):
    offer = propose(complaint, li, fen=80_000)

    def decide(user, approve):
        mine = Offer.objects.select_related("complaint", "remedy").get(pk=offer.pk)
        actions.decide(mine, by=user, approve=approve, note="意见")
        return "decided"

    results = at_once(lambda: decide(lead, True), lambda: decide(chen, False))
    assert results.count("decided") == 1
    assert any(isinstance(r, Refused) for r in results)
    kept = Offer.objects.get(pk=offer.pk)
    assert (kept.state, fresh(complaint).status) in {
        ("offered", Status.EXE),
        ("denied", Status.HND),
    }


@pytest.mark.django_db(transaction=True)
def test_three_who_sign_at_once_lose_no_signature(complaint, li, manager, finance, legal):
    offer = propose(complaint, li, fen=HUGE)

    def sign(user):
        mine = Offer.objects.select_related("complaint", "remedy").get(pk=offer.pk)
        actions.decide(mine, by=user, approve=True)
        return "signed"

    results = at_once(*(lambda u=u: sign(u) for u in (manager, finance, legal)))
    assert results == ["signed"] * 3
    assert fresh(complaint).status == Status.EXE


# --- page and API ---------------------------------------------------------------------------------


def test_the_page_offers_approval_to_whom_it_waits_for(complaint, li, lead, chen, signed_in):
    offer = propose(complaint, li, fen=150_000)
    panel = f"/complaints/{complaint.number}/panels/resolution/"
    assert "等待审批：值班主管、经理" in signed_in(lead).get(panel).content.decode()
    assert 'id="decision"' not in signed_in(lead).get(panel).content.decode()
    assert 'id="decision"' in signed_in(chen).get(panel).content.decode()
    assert 'id="taking-back"' in signed_in(li).get(panel).content.decode()
    answer = signed_in(chen).post(
        f"/complaints/{complaint.number}/offers/{offer.pk}/approval/",
        {"approve": "1"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204
    assert fresh(complaint).status == Status.EXE


def test_who_no_longer_sees_it_after_signing_is_sent_home(complaint, li, legal, signed_in):
    offer = propose(complaint, li, fen=HUGE)
    answer = signed_in(legal).post(
        f"/complaints/{complaint.number}/offers/{offer.pk}/approval/",
        {"approve": "1"},
        headers={"HX-Request": "true"},
    )
    assert answer["HX-Redirect"] == "/"


def test_a_program_decides(complaint, li, lead, sun, api):
    offer = propose(complaint, li, fen=80_000)
    url = f"/api/v1/complaints/{complaint.number}/offers/{offer.pk}/approval"
    told = api(li).get(f"/api/v1/complaints/{complaint.number}/offers").json()[0]
    assert (told["waits_for"], told["jointly"]) == (["lead", "supervisor", "manager"], False)
    body = {"approve": True}
    assert api(sun).post(url, body, content_type="application/json").status_code == 404
    assert api(li).post(url, body, content_type="application/json").status_code == 403
    assert api(lead).post(url, body, content_type="application/json").json()["state"] == "offered"
    assert api(lead).post(url, body, content_type="application/json").status_code == 409
