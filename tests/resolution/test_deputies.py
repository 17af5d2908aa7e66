"""Authority cannot be passed: four eyes, who has to do with the case, deputies, machines."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.complaint.actions import bar, unbar
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.investigation.actions import find
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.actions.awaiting import waiting_for
from huiyin.journey.resolution.models import AuthorityLimit, Offer
from huiyin.surface.notices.actions import tell_approvers
from huiyin.surface.notices.models import Notice
from tests.conftest import person
from tests.resolution.drafts import anew, draft, round_of
from tests.roads import FOUND, assigned, fresh, propose

pytestmark = pytest.mark.django_db


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
