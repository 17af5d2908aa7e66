"""Authority cannot be passed: by kind, share, splitting, deputies, budgets, machines, edits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.complaint.actions import bar, unbar
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.investigation.actions import find
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.actions.awaiting import waiting_for
from huiyin.journey.resolution.models import AuthorityLimit, Budget, JointRule, Offer, Remedy
from huiyin.surface.notices import budgets
from huiyin.surface.notices.actions import tell_approvers
from huiyin.surface.notices.models import Notice
from tests.conftest import person
from tests.resolution.drafts import draft
from tests.roads import FOUND, assigned, carry_out, fresh, propose
from tests.together import at_once

pytestmark = pytest.mark.django_db


def round_of(complaint, by, *drafts):
    return actions.propose_round(complaint, by=by, drafts=drafts)


def coupon(fen):
    return draft("RMD.05", fields={"voucher": "无门槛券", "face": fen})


def away(user, deputy=None):
    user.presence, user.deputy = Presence.AWAY, deputy
    user.save()


@pytest.fixture
def deputy(after_sales):
    """Of another trade, on duty, without any limit of his own."""
    found = person("dai", "代班", Role.VISITOR, teams=[after_sales])
    found.presence = Presence.PRESENT
    found.save()
    return found


def anew(user):
    return User.objects.get(pk=user.pk)


# --- by kind, by share of the order, by month -----------------------------------------------------


@pytest.mark.parametrize(("fen", "state"), [(2_000, "offered"), (2_001, "waiting")])
def test_a_coupon_has_a_limit_of_its_own_and_its_face_counts(fen, state, complaint, li):
    [offer] = round_of(complaint, li, coupon(fen))
    assert (offer.state, offer.amount_fen, offer.value_fen) == (state, 0, fen)
    assert offer.authority["limit"]["kind"] == "goodwill"


def test_a_coupon_and_a_refund_do_not_eat_each_others_limit_but_one_month(complaint, li):
    carry_out(complaint, li, fen=5_000)
    complaint.move_to(Status.RWK)
    AuthorityLimit.objects.filter(role=Role.AGENT, kind="").update(monthly_fen=6_000)
    [offer] = round_of(complaint, li, coupon(1_001))
    assert (offer.state, offer.authority["bound"]) == ("waiting", "month")
    actions.take_back(complaint, by=li, reason="太多")
    assert round_of(complaint, li, coupon(1_000))[0].state == "offered"


def test_refund_and_compensation_share_one_limit(complaint, li):
    carry_out(complaint, li, fen=3_000)
    complaint.move_to(Status.RWK)
    [offer] = round_of(complaint, li, draft("RMD.06", 2_001))
    assert (offer.state, offer.authority["bound"]) == ("waiting", "case")


@pytest.mark.parametrize(
    ("order", "fen", "state"),
    [
        (10_000, 1_000, "offered"),
        (10_000, 1_001, "waiting"),
        (1_000_000, 5_000, "offered"),
        (1_000_000, 5_001, "waiting"),  # a dear order, truly or not, widens nothing
        (None, 5_000, "offered"),
    ],
)
def test_a_tenth_of_the_order_bounds_an_agent_too(order, fen, state, complaint, li):
    assert round_of(complaint, li, draft("RMD.04", fen, order_fen=order))[0].state == state


def test_a_promise_is_judged_without_writing_anything(complaint, li, chen):
    assert actions.may_promise(li, complaint, 5_000).within
    assert not actions.may_promise(li, complaint, 5_001).within
    assert not actions.may_promise(li, complaint, 2_001, kind="goodwill").within
    assert actions.may_promise(chen, complaint, 5_001).within
    assert actions.may_promise(chen, complaint, 100, kind="punitive").bound == "joint"
    assert not Offer.objects.exists()


# --- what several always sign ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "one",
    [
        ("RMD.15", 10, {}),
        ("RMD.16", 10, {}),
        ("RMD.19", 10, {}),
        ("RMD.08", 0, {"wording": "我们按退一赔三赔给您"}),
        ("RMD.04", 10, {"basis": "食品安全法，十倍"}),
    ],
)
def test_three_times_ten_times_and_injury_are_signed_by_three_however_small(
    one, make_complaint, after_sales, manager, legal, finance
):
    complaint = assigned(make_complaint, after_sales, manager)
    remedy, fen, told = one
    [offer] = round_of(complaint, manager, draft(remedy, fen, **told))
    assert (offer.state, offer.authority["bound"]) == ("waiting", "joint")
    assert complaint.waits_for == ["manager", "finance", "legal"]
    with pytest.raises(NotPermitted):
        actions.decide(offer, by=manager, approve=True)


def test_injury_goes_by_category_too(make_complaint, after_sales, chen):
    complaint = assigned(make_complaint, after_sales, chen, category="SF.01.02")
    assert round_of(complaint, chen, draft("RMD.06", 10))[0].state == "waiting"


def test_a_case_that_turns_into_one_of_injury_while_it_waits_is_signed_by_three(
    complaint, li, chen, manager, finance, legal
):
    [offer] = round_of(complaint, li, draft("RMD.06", 6_000))
    assert complaint.waits_for[0] == "lead"
    complaint.carry(category="SF.01.02")
    with pytest.raises(NotPermitted, match="经理、财务、法务会签"):
        actions.decide(offer, by=chen, approve=True)


def test_a_rule_made_later_changes_no_decision_that_was_made(complaint, li, manager):
    offer = propose(complaint, li, fen=6_000)
    actions.decide(offer, by=manager, approve=True)
    before = Offer.objects.values("authority", "decided_under").get(pk=offer.pk)
    JointRule.objects.create(
        code="all", name="一切退款", condition={"all": []}, roles=["legal"], valid_from="2026-01-01"
    )
    AuthorityLimit.objects.filter(role=Role.MANAGER).update(per_case_fen=1, version="2")
    assert Offer.objects.values("authority", "decided_under").get(pk=offer.pk) == before
    assert before["decided_under"]["limit"]["version"] == "1"
    assert (before["decided_under"]["limit"]["per_case_fen"]) == 1_000_000
    actions.agree(offer, by=li)
    assert fresh(complaint).status == Status.EXE


def test_a_new_limit_counts_from_its_day_and_the_old_until_then(complaint, li):
    tomorrow = moment.today() + timedelta(days=1)
    AuthorityLimit.objects.create(role=Role.AGENT, per_case_fen=1, valid_from=tomorrow, version="2")
    assert actions.may_promise(li, complaint, 5_000).within
    with moment.at(moment.now() + timedelta(days=2)):
        assert not actions.may_promise(li, complaint, 5_000).within


# --- four eyes ------------------------------------------------------------------------------------


def test_above_what_one_may_decide_alone_somebody_else_looks(make_complaint, after_sales, chen):
    complaint = assigned(make_complaint, after_sales, chen)
    [offer] = round_of(complaint, chen, draft("RMD.04", 50_001))
    assert (offer.state, offer.authority["bound"]) == ("waiting", "four_eyes")
    other = person("other", "另一位主管", Role.SUPERVISOR, teams=[after_sales])
    actions.decide(offer, by=other, approve=True)
    assert offer.state == "offered"


def test_when_the_only_one_proposed_it_the_next_are_asked(
    make_complaint, after_sales, manager, finance, legal
):
    complaint = assigned(make_complaint, after_sales, manager)
    [offer] = round_of(complaint, manager, draft("RMD.04", 400_000))
    assert complaint.waits_for == ["finance", "legal"]
    for signer in (finance, legal):
        actions.decide(offer, by=signer, approve=True)
    assert offer.state == "offered"


@pytest.mark.parametrize("how", ["has it", "had it", "found it", "is barred", "complains himself"])
def test_who_has_to_do_with_the_case_does_not_decide(how, make_complaint, after_sales, li, lead):
    customer = find_or_create(Contact(name="客户", phone="13911112222", email="ma@example.com"))
    complaint = assigned(make_complaint, after_sales, li, customer=customer)
    if how == "had it":
        complaint.assignments.create(
            team=after_sales,
            assignee=lead,
            how="dispatch",
            by=li,
            at=moment.now(),
            accepted_at=moment.now(),
            ended_at=moment.now(),
        )
    elif how == "found it":
        find(complaint, by=lead, **FOUND)
    elif how == "complains himself":
        lead.email = "Ma@Example.com"
        lead.save()
    offer = propose(fresh(complaint), li, fen=80_000)
    if how == "has it":
        Complaint.objects.filter(pk=complaint.pk).update(assignee=lead)
        offer.complaint.refresh_from_db()
    if how == "is barred":
        bar(offer.complaint, by=lead, person=lead, reason="与客户是亲属")
    for approve in (True, False):
        with pytest.raises(NotPermitted):
            actions.decide(offer, by=anew(lead), approve=approve, note="意见")
    assert Offer.objects.get(pk=offer.pk).state == "waiting"


def test_who_stands_aside_sees_it_no_more_and_it_goes_to_the_next(
    complaint, li, manager, finance, legal
):
    offer = propose(complaint, li, fen=500_000)
    assert complaint.waits_for == ["manager"]
    actions.recuse(offer, by=manager, reason="与客户是亲属")
    assert fresh(complaint).waits_for == ["finance", "legal"]
    assert not Complaint.objects.visible_to(anew(manager)).filter(pk=complaint.pk).exists()
    tell_approvers(complaint.events.get(what=What.BARRED))
    assert set(Notice.objects.values_list("user__username", flat=True)) >= {"qian", "fa"}
    unbar(fresh(complaint), by=legal, person=manager, reason="并非亲属关系")
    assert fresh(complaint).waits_for == ["manager"]


def test_nobody_stands_aside_from_what_is_decided(complaint, li, manager):
    offer = propose(complaint, li, fen=500_000)
    actions.decide(offer, by=manager, approve=True)
    with pytest.raises(Refused, match="不在这一步"):
        actions.recuse(offer, by=manager, reason="与客户是亲属")
    assert Complaint.objects.visible_to(anew(manager)).filter(pk=complaint.pk).exists()


# --- deputies -------------------------------------------------------------------------------------


def test_the_deputy_of_who_is_away_decides_in_his_name_and_it_is_told_so(
    complaint, li, lead, deputy
):
    away(lead, deputy)
    offer = propose(complaint, li, fen=80_000)
    assert list(waiting_for(anew(deputy))) == [offer]
    assert Complaint.objects.visible_to(anew(deputy)).filter(pk=complaint.pk).exists()
    actions.decide(offer, by=anew(deputy), approve=True)
    kept = Offer.objects.get(pk=offer.pk)
    assert (kept.state, kept.decided_by, kept.decided_for) == ("offered", deputy, lead)
    assert complaint.events.get(what=What.APPROVED).facts["for"] == lead.name
    assert kept.decided_under["limit"]["role"] == "lead"


def test_who_is_present_has_no_deputy(complaint, li, lead, deputy):
    lead.presence, lead.deputy = Presence.PRESENT, deputy
    lead.save()
    offer = propose(complaint, li, fen=80_000)
    assert list(waiting_for(anew(deputy))) == []
    with pytest.raises(NotPermitted):
        actions.decide(offer, by=anew(deputy), approve=True)


def test_the_deputys_decision_counts_in_the_others_month(
    complaint, make_complaint, after_sales, li, lead, deputy
):
    AuthorityLimit.objects.filter(role=Role.LEAD, kind="").update(monthly_fen=100_000)
    away(lead, deputy)
    actions.decide(propose(complaint, li, fen=60_000), by=anew(deputy), approve=True)
    somebody = find_or_create(Contact(name="另一位", phone="13900001111", email=""))
    second = propose(assigned(make_complaint, after_sales, li, customer=somebody), li, fen=60_000)
    with pytest.raises(NotPermitted, match="本月"):
        actions.decide(second, by=anew(deputy), approve=True)


def test_a_deputy_does_not_approve_what_he_proposed_in_anybodys_name(complaint, li, lead):
    away(lead, li)
    li.presence = Presence.PRESENT
    li.save()
    offer = propose(complaint, li, fen=80_000)
    with pytest.raises(NotPermitted):
        actions.decide(offer, by=anew(li), approve=True)


def test_a_deputy_does_not_approve_what_the_absent_proposed(
    make_complaint, after_sales, lead, manager, deputy
):
    complaint = assigned(make_complaint, after_sales, lead)
    offer = propose(complaint, lead, fen=80_000)
    away(lead, deputy)
    with pytest.raises(NotPermitted):
        actions.decide(offer, by=anew(deputy), approve=True)


def test_a_deputy_signs_once_in_one_name(complaint, li, manager, finance, legal):
    away(manager, finance)
    finance.presence = Presence.PRESENT
    finance.save()
    offer = propose(complaint, li, fen=1_500_000)
    actions.decide(offer, by=anew(finance), approve=True)
    with pytest.raises(NotPermitted, match="您已会签"):
        actions.decide(offer, by=anew(finance), approve=True)
    assert [(s.role, s.by, s.for_whom) for s in offer.signatures.all()] == [
        ("finance", finance, None)
    ]


def test_the_database_knows_whose_name_it_may_not_be(complaint, li, lead, legal, finance):
    offer = propose(complaint, li, fen=80_000)
    for change in (
        {"decided_by": lead, "decided_for": li},
        {"decided_by": User.objects.system()},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Offer.objects.filter(pk=offer.pk).update(
                state="offered", decided_at=moment.now(), **change
            )
    for by, name in ((User.objects.system(), None), (li, None), (legal, li)):
        with pytest.raises(DatabaseError), transaction.atomic():
            offer.signatures.create(role="legal", by=by, for_whom=name, at=moment.now())


def test_a_machine_neither_approves_nor_denies(complaint, li):
    offer = propose(complaint, li, fen=80_000)
    for approve in (True, False):
        with pytest.raises(NotPermitted):
            actions.decide(offer, by=User.objects.system(), approve=approve, note="自动")


# --- splitting ------------------------------------------------------------------------------------


def test_what_was_split_off_counts_with_the_whole(complaint, li, chen, make_complaint, after_sales):
    from huiyin.journey.grouping.models import Bond

    other = find_or_create(Contact(name="家人", phone="13900003333", email=""))
    child = assigned(make_complaint, after_sales, li, customer=other)
    propose(child, li, fen=3_000)
    assert propose(complaint, li, fen=3_000).state == "offered"
    actions.decline(complaint.offers.get(), by=li)
    bond = Bond.objects.create(
        kind="split", complaint=child, other=complaint, by=chen, at=moment.now()
    )
    assert propose(complaint, li, fen=2_001).state == "waiting"
    actions.take_back(complaint, by=li, reason="重新计算")
    Bond.objects.filter(pk=bond.pk).update(ended_at=moment.now())
    assert propose(complaint, li, fen=2_001).state == "waiting"  # undoing it widens nothing


def test_what_was_merged_counts_with_the_master(complaint, li, chen, make_complaint, after_sales):
    member = assigned(make_complaint, after_sales, li)
    actions.decline(propose(member, li, fen=100), by=li)
    carry_out(member, li, fen=3_000)
    member.move_to(Status.RWK)
    grouping.merge(member, into=complaint, by=chen, reason="同一件事")
    with moment.at(moment.now() + timedelta(days=40)):  # the month of the customer has passed
        assert propose(fresh(complaint), li, fen=2_001).state == "waiting"


def test_the_same_order_under_another_name_counts_too(li, make_complaint, after_sales):
    other = find_or_create(Contact(name="换个名字", phone="13900004444", email=""))
    first = assigned(make_complaint, after_sales, li, order_no="SO-1")
    second = assigned(make_complaint, after_sales, li, order_no="SO-1", customer=other)
    propose(first, li, fen=3_000)
    assert propose(second, li, fen=2_001).state == "waiting"


def test_options_of_one_round_are_alternatives_and_the_dearest_counts(
    complaint, make_complaint, after_sales, li
):
    offers = round_of(complaint, li, draft("RMD.04", 3_000), draft("RMD.06", 4_000))
    assert [one.state for one in offers] == ["offered", "offered"]
    second = assigned(make_complaint, after_sales, li)
    assert actions.promised_fen(second) == 7_000 or actions.promised_fen(second) == 4_000
    actions.agree(offers[0], by=li)
    assert actions.promised_fen(second) == 3_000
    assert Offer.objects.get(pk=offers[1].pk).state == "passed"


# --- budgets --------------------------------------------------------------------------------------


@pytest.fixture
def budget(after_sales):
    today = moment.today()
    return Budget.objects.create(
        team=after_sales, first_day=today, last_day=today, amount_fen=10_000, source="2026 年预算"
    )


def customer(n):
    return find_or_create(Contact(name=f"客户{n}", phone=f"1390002{n:04d}", email=""))


def test_a_budget_warns_at_its_mark_and_beyond_it_a_manager_or_finance_decides(
    budget, make_complaint, after_sales, li, lead, manager, finance
):
    cases = [assigned(make_complaint, after_sales, li, customer=customer(n)) for n in range(3)]
    assert propose(cases[0], li, fen=4_000).warnings == []
    warned = propose(cases[1], li, fen=4_000)
    assert [row["budget"] for row in warned.warnings] == [budget.pk]
    event = cases[1].events.get(what=What.PROPOSED)
    budgets.warn(event)
    told = Notice.objects.filter(user=manager)
    assert "预算即将用完：售后组" in told.get().text
    over = propose(cases[2], li, fen=2_001)
    assert (over.state, over.authority["bound"]) == ("waiting", "budget")
    assert cases[2].waits_for == ["manager", "finance"]
    with pytest.raises(NotPermitted):
        actions.decide(over, by=lead, approve=True)
    actions.decide(over, by=finance, approve=True)
    assert over.state == "offered"
    assert actions.budget_state(budget).used_fen == 10_001


def test_finance_alone_does_not_let_through_what_is_beyond_the_proposer(
    budget, make_complaint, after_sales, li, finance, manager
):
    complaint = assigned(make_complaint, after_sales, li)
    offer = propose(complaint, li, fen=20_000)
    assert complaint.waits_for == ["manager"]
    with pytest.raises(NotPermitted):
        actions.decide(offer, by=finance, approve=True)


def test_what_is_declined_goes_back_into_the_budget(budget, complaint, li):
    actions.decline(propose(complaint, li, fen=5_000), by=li)
    assert actions.budget_state(budget).used_fen == 0


def test_a_department_pays_for_the_teams_below_it(make_complaint, after_sales, li):
    from huiyin.ground.people.models import Department

    above = Department.objects.create(code="above", name="客户中心")
    below = Department.objects.create(code="below", name="售后部", parent=above)
    after_sales.department = below
    after_sales.save()
    today = moment.today()
    made = Budget.objects.create(department=above, first_day=today, last_day=today, amount_fen=100)
    complaint = assigned(make_complaint, after_sales, li)
    assert propose(fresh(complaint), li, fen=101).authority["bound"] == "budget"
    assert actions.budget_state(made).used_fen == 101


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_both_fit_into_one_budget(make_complaint, after_sales, li, chen):
    today = moment.today()
    Budget.objects.create(
        team=after_sales, first_day=today, last_day=today, amount_fen=6_000, source="预算"
    )
    cases = [assigned(make_complaint, after_sales, li, customer=customer(n)) for n in range(2)]
    results = at_once(
        lambda: propose(fresh(cases[0]), li, 4_000), lambda: propose(fresh(cases[1]), chen, 4_000)
    )
    assert sorted(one.state for one in results) == ["offered", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_split_a_sum_to_one_customer(make_complaint, after_sales, li):
    mate = person("mate", "同组坐席", Role.AGENT, teams=[after_sales])
    cases = [assigned(make_complaint, after_sales, who) for who in (li, mate)]
    results = at_once(
        lambda: propose(fresh(cases[0]), li, 4_000), lambda: propose(fresh(cases[1]), mate, 4_000)
    )
    assert sorted(one.state for one in results) == ["offered", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_do_not_both_fit_into_one_month(
    make_complaint, after_sales, li, lead
):
    AuthorityLimit.objects.filter(role=Role.LEAD, kind="").update(monthly_fen=100_000)
    cases = [assigned(make_complaint, after_sales, li, customer=customer(n)) for n in range(2)]
    offers = [propose(one, li, fen=60_000) for one in cases]

    def approve(offer):
        mine = Offer.objects.select_related("complaint__customer", "remedy").get(pk=offer.pk)
        actions.decide(mine, by=anew(lead), approve=True)
        return "approved"

    results = at_once(*(lambda o=o: approve(o) for o in offers))
    assert results.count("approved") == 1
    assert any(isinstance(one, NotPermitted) for one in results)


# --- changing -------------------------------------------------------------------------------------


def test_an_approver_puts_another_in_its_place_and_the_proposer_sees_it_first(complaint, li, lead):
    offer = propose(complaint, li, fen=80_000)
    changed = actions.change(offer, by=lead, draft=draft("RMD.04", 60_000), reason="瑕疵没有那么大")
    old = Offer.objects.get(pk=offer.pk)
    assert (old.state, old.amount_fen, old.decided_by) == ("changed", 80_000, lead)
    assert (changed.state, changed.amount_fen, changed.by) == ("waiting", 60_000, li)
    assert (changed.changed_from, changed.round, changed.choice) == (old, 1, 1)
    assert (complaint.status, complaint.waits_for) == (Status.PAP, [])
    assert actions.current_round(complaint) == [changed]
    with pytest.raises(NotPermitted):
        actions.acknowledge(changed, by=lead)
    actions.acknowledge(changed, by=li)
    assert (changed.state, complaint.status) == ("offered", Status.EXE)
    facts = complaint.events.filter(what=What.OFFER_CHANGED).first().facts
    assert (facts["before"]["amount"], facts["amount"]) == ("¥800.00", "¥600.00")


def test_a_change_beyond_the_approver_or_without_reason_or_of_nothing_is_refused(
    complaint, li, lead
):
    from huiyin.ground.refusal import Invalid

    offer = propose(complaint, li, fen=80_000)
    with pytest.raises(NotPermitted, match="超出您的审批权限"):
        actions.change(offer, by=lead, draft=draft("RMD.04", 100_001), reason="再多给一点")
    with pytest.raises(Invalid, match="为什么修改"):
        actions.change(offer, by=lead, draft=draft("RMD.04", 60_000), reason=" ")
    same = draft("RMD.04", 80_000, wording=offer.wording)
    with pytest.raises(Refused, match="没有任何改动"):
        actions.change(offer, by=lead, draft=same, reason="没有改")
    with pytest.raises(NotPermitted, match="会签"):
        actions.change(offer, by=lead, draft=draft("RMD.15", 60_000), reason="改成三倍")
    with pytest.raises(NotPermitted):
        actions.change(offer, by=li, draft=draft("RMD.04", 60_000), reason="自己改")
    assert Offer.objects.get().state == "waiting"


def test_a_change_counts_in_the_month_of_who_made_it(
    complaint, li, lead, make_complaint, after_sales
):
    AuthorityLimit.objects.filter(role=Role.LEAD, kind="").update(monthly_fen=50_000)
    offer = propose(complaint, li, fen=80_000)
    with pytest.raises(NotPermitted):
        actions.change(offer, by=lead, draft=draft("RMD.04", 60_000), reason="少一点")
    changed = actions.change(offer, by=lead, draft=draft("RMD.04", 40_000), reason="少一点")
    actions.acknowledge(changed, by=li)
    assert actions.verdict(lead, complaint, 10_001, but=1, eyes=True).bound == "month"


def test_who_proposed_may_refuse_the_change_and_the_decision_stays(complaint, li, lead):
    offer = propose(complaint, li, fen=80_000)
    changed = actions.change(offer, by=lead, draft=draft("RMD.04", 10_000), reason="少一点")
    actions.decide(changed, by=li, approve=False, note="客户不会接受")
    kept = Offer.objects.get(pk=changed.pk)
    assert (kept.state, kept.decided_by, complaint.status) == ("passed", lead, Status.HND)


@pytest.mark.parametrize(
    "edit",
    [
        {"decided_by": None},
        {"decision_note": "后补"},
        {"decided_under": {}},
        {"authority": {}},
        {"value_fen": 10**9},
        {"amount_fen": 1},
        {"fields": {"a": 1}},
        {"order_fen": 1},
        {"round": 9},
        {"team": None},
    ],
)
def test_nothing_is_edited_after_approval(edit, complaint, li, lead):
    offer = propose(complaint, li, fen=80_000)
    actions.decide(offer, by=lead, approve=True)
    for state in ("offered", "agreed"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Offer.objects.filter(pk=offer.pk).update(state=state, **edit)
    with pytest.raises(DatabaseError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_of_a_change_and_an_approval_at_once_one_wins(complaint, li, lead, chen):
    offer = propose(complaint, li, fen=80_000)

    def mine():
        return Offer.objects.select_related("complaint__customer", "remedy").get(pk=offer.pk)

    def change():
        actions.change(mine(), by=lead, draft=draft("RMD.04", 60_000), reason="少一点")
        return "done"

    def approve():
        actions.decide(mine(), by=chen, approve=True)
        return "done"

    results = at_once(change, approve)
    assert results.count("done") == 1
    states = sorted(Offer.objects.values_list("state", flat=True))
    assert states in (["changed", "waiting"], ["offered"])


# --- rounds ---------------------------------------------------------------------------------------


def test_a_round_waits_until_none_of_its_options_waits(complaint, li, lead):
    near, far = round_of(complaint, li, draft("RMD.04", 3_000), draft("RMD.06", 80_000))
    assert (near.state, far.state, complaint.status) == ("offered", "waiting", Status.PAP)
    with pytest.raises(Refused):
        actions.tell(near, by=li)
    actions.decide(far, by=lead, approve=False, note="太多")
    assert complaint.status == Status.EXE
    assert [one.state for one in actions.current_round(complaint)] == ["offered", "denied"]


def test_when_all_options_are_denied_it_goes_back_to_work(complaint, li, lead):
    both = round_of(complaint, li, draft("RMD.04", 70_000), draft("RMD.06", 80_000))
    for one in both:
        actions.decide(one, by=lead, approve=False, note="依据不足")
    assert (complaint.status, complaint.waits_for) == (Status.HND, [])


@pytest.mark.parametrize("count", [0, 4])
def test_a_round_has_one_to_three_options(count, complaint, li):
    with pytest.raises(Refused, match="1 到 3"):
        round_of(complaint, li, *[draft("RMD.08")] * count)


def test_a_remedy_takes_its_own_fields(complaint, li):
    with pytest.raises(Refused, match="面额"):
        round_of(complaint, li, draft("RMD.05"))
    assert Remedy.objects.get(code="RMD.05").money_kind == "goodwill"


def test_through_the_api_nothing_is_wider(complaint, li, lead, api):
    url = f"/api/v1/complaints/{complaint.number}/offers"
    body = {
        "remedy": "RMD.05",
        "basis": "关怀",
        "due_on": str(moment.today()),
        "fields": {"voucher": "券", "face": 40_000},
        "state": "offered",
        "value_fen": 0,
        "authority": {},
        "money_kind": "",
    }
    made = api(li).post(url, body, content_type="application/json")
    assert made.status_code == 201, made.content.decode()
    assert (made.json()["state"], Offer.objects.get().value_fen) == ("waiting", 40_000)
    again = f"{url}/{made.json()['id']}/approval"
    answer = api(li).post(again, {"approve": True, "by": lead.pk}, content_type="application/json")
    assert answer.status_code == 403
