"""Authority cannot be passed by edits: an approver's change, rounds, the API."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.models import AuthorityLimit, Offer, Remedy
from tests.resolution.drafts import draft, round_of
from tests.roads import propose
from tests.together import at_once

pytestmark = pytest.mark.django_db


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
