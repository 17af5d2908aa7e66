"""Talks: what the customer asks for instead, rounds that are kept, and when it is stuck."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.resolution import actions, history
from huiyin.journey.resolution.models import CounterOffer, Offer, Remedy
from tests.resolution.drafts import draft
from tests.roads import fresh, propose
from tests.together import at_once

pytestmark = pytest.mark.django_db


def counter(complaint, by, words="想要换新的", **told):
    return actions.counter(complaint, by=by, words=words, **told)


def test_what_the_customer_wants_instead_is_kept_and_a_new_round_begins(complaint, li):
    first = propose(complaint, li)
    wish = counter(
        complaint,
        li,
        "退 80 元才行",
        amount_fen=8_000,
        remedy=Remedy.objects.get(code="RMD.04"),
        heard_by="chat",
    )
    assert (complaint.status, wish.round, wish.amount_fen, wish.heard_by) == (
        Status.HND,
        1,
        8_000,
        "chat",
    )
    assert Offer.objects.get(pk=first.pk).state == "declined"
    facts = complaint.events.get(what=What.COUNTERED).facts
    assert (facts["remedy"], facts["amount"], facts["note"]) == (
        "部分退款",
        "¥80.00",
        "退 80 元才行",
    )
    second = propose(complaint, li, fen=4_000)
    assert (second.round, second.choice) == (2, 1)
    told = history.rounds(complaint.offers.all(), complaint.counter_offers.all())
    assert [(one.number, len(one.offers), len(one.wishes)) for one in told] == [
        (1, 1, 1),
        (2, 1, 0),
    ]


def test_a_wish_stays_as_it_was_heard(complaint, li):
    propose(complaint, li)
    counter(complaint, li)
    for act in (
        lambda: CounterOffer.objects.update(words="别的"),
        lambda: CounterOffer.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"words": " "}, "words"),
        ({"words": "话" * 1001}, "words"),
        ({"amount_fen": -1}, "amount"),
        ({"amount_fen": 10**12}, "amount"),
        ({"heard_by": "pigeon"}, "heard_by"),
        ({"heard_at": moment.now() + timedelta(days=2)}, "heard_at"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(told, name, complaint, li):
    propose(complaint, li)
    with pytest.raises(Invalid) as refused:
        counter(complaint, li, **{"words": "不够", **told})
    assert set(refused.value.fields) == {name}
    assert fresh(complaint).status == Status.EXE


def test_before_any_offer_and_after_agreement_there_is_no_counter_offer(complaint, li):
    with pytest.raises(Refused, match="还没有提出过方案"):
        counter(complaint, li)
    actions.agree(propose(complaint, li), by=li)
    with pytest.raises(Refused, match="客户已同意"):
        counter(complaint, li)


@pytest.mark.parametrize("who", ["sun", "finance", "zhou"])
def test_only_the_handler_writes_down_what_the_customer_wants(who, complaint, li, request):
    propose(complaint, li)
    with pytest.raises(NotPermitted):
        counter(complaint, request.getfixturevalue(who))


def test_none_of_the_options_is_one_answer(complaint, li):
    drafts = [draft("RMD.04", 1_000), draft("RMD.08")]
    actions.propose_round(complaint, by=li, drafts=drafts)
    actions.decline_round(complaint, by=li, note="都不行")
    assert set(Offer.objects.values_list("state", flat=True)) == {"declined"}
    assert complaint.status == Status.HND
    with pytest.raises(Refused):
        actions.decline_round(complaint, by=li)


def test_one_refused_option_leaves_the_others(complaint, li):
    drafts = [draft("RMD.04", 1_000), draft("RMD.08")]
    one, other = actions.propose_round(complaint, by=li, drafts=drafts)
    actions.decline(one, by=li)
    assert complaint.status == Status.EXE
    actions.agree(other, by=li)
    assert Offer.objects.get(pk=one.pk).state == "declined"


def test_who_proposed_takes_a_round_back_and_nobody_else(complaint, li, lead, chen):
    drafts = [draft("RMD.04", 1_000), draft("RMD.06", 90_000)]
    actions.propose_round(complaint, by=li, drafts=drafts)
    with pytest.raises(Refused, match="只有提出人"):
        actions.take_back(complaint, by=chen, reason="不合适")
    with pytest.raises(Invalid):
        actions.take_back(complaint, by=li, reason="")
    actions.take_back(complaint, by=li, reason="写错了")
    assert [one.state for one in actions.current_round(complaint)] == ["passed", "denied"]
    assert (complaint.status, complaint.waits_for) == (Status.HND, [])
    with pytest.raises(Refused):
        actions.take_back(complaint, by=li, reason="再撤一次")


# --- stuck ----------------------------------------------------------------------------------------


def stuck(complaint):
    return actions.stuck(complaint, list(complaint.offers.all()))


def test_refused_three_times_escalation_is_proposed(complaint, li):
    for n in range(3):
        assert stuck(complaint) is None
        actions.decline(propose(complaint, li, fen=1_000 + n), by=li)
    found = stuck(complaint)
    assert (found.why, found.refused) == ("refused", 3)
    assert "3 次没有接受" in found.sentence
    actions.agree(propose(complaint, li), by=li)
    assert stuck(complaint) is None


def test_what_an_approver_denied_is_no_refusal_of_the_customer(complaint, li, lead):
    for _n in range(3):
        offer = propose(complaint, li, fen=80_000)
        actions.decide(offer, by=lead, approve=False, note="太多")
    assert stuck(complaint) is None


def test_a_customer_who_says_nothing_for_a_week_counts_as_stuck(complaint, li):
    propose(complaint, li)
    assert stuck(complaint) is None
    with moment.at(moment.now() + timedelta(days=8)):
        assert stuck(complaint).why == "silent"


# --- two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_yes_and_something_else_at_once_one_is_written_down(complaint, li):
    offer = propose(complaint, li)

    def agree():
        mine = Offer.objects.select_related("complaint__customer", "remedy").get(pk=offer.pk)
        actions.agree(mine, by=li)
        return "yes"

    def want():
        counter(fresh(complaint), li)
        return "else"

    results = at_once(agree, want)
    assert len([one for one in results if isinstance(one, str)]) == 1
    assert any(isinstance(one, Refused) for one in results)


@pytest.mark.django_db(transaction=True)
def test_of_two_options_taken_at_once_one_is(complaint, li):
    drafts = [draft("RMD.04", 1_000), draft("RMD.08")]
    offers = actions.propose_round(complaint, by=li, drafts=drafts)

    def take(offer):
        mine = Offer.objects.select_related("complaint__customer", "remedy").get(pk=offer.pk)
        actions.agree(mine, by=li)
        return "taken"

    results = at_once(*(lambda o=o: take(o) for o in offers))
    assert results.count("taken") == 1
    assert sorted(Offer.objects.values_list("state", flat=True)) == ["agreed", "passed"]


# --- page and API ---------------------------------------------------------------------------------


def panel(client, complaint):
    return client.get(f"/complaints/{complaint.number}/panels/resolution/").content.decode()


def posted(client, complaint, place, body):
    url = f"/complaints/{complaint.number}/{place}/"
    return client.post(url, body, headers={"HX-Request": "true"})


def test_the_panel_shows_options_rounds_and_when_it_is_stuck(complaint, li, signed_in):
    page = signed_in(li)
    assert "还没有方案" in panel(page, complaint)
    for _n in range(3):
        drafts = [draft("RMD.04", 1_000), draft("RMD.08")]
        actions.propose_round(complaint, by=li, drafts=drafts)
        assert "客户另提要求" in panel(page, complaint)
        answer = posted(page, complaint, "counter-offers", {"words": "至少打八折", "amount": ""})
        assert answer.status_code == 204
        complaint = fresh(complaint)
    text = panel(page, complaint)
    assert "协商经过（3 轮）" in text
    assert "已经 3 次没有接受" in text
    assert text.count("rounds__wish") == 3


def test_the_page_says_at_the_field_what_to_do(complaint, li, signed_in):
    propose(complaint, li)
    answer = posted(
        signed_in(li), complaint, "counter-offers", {"words": "要更多", "amount": "八十"}
    )
    assert answer.status_code == 422
    assert "金额请写数字" in json.loads(answer["HX-Trigger"])["fields-refused"]["amount"]
    assert not CounterOffer.objects.exists()


def test_the_approver_changes_on_the_page_and_the_proposer_confirms(complaint, li, lead, signed_in):
    offer = propose(complaint, li, fen=80_000)
    assert 'id="decision"' in panel(signed_in(lead), complaint)
    answer = posted(
        signed_in(lead),
        complaint,
        f"offers/{offer.pk}/change",
        {"amount": "600", "note": "瑕疵轻微"},
    )
    assert answer.status_code == 204
    changed = Offer.objects.get(state="waiting")
    assert (changed.amount_fen, changed.basis) == (60_000, offer.basis)
    text = panel(signed_in(li), complaint)
    assert "修改并批准了方案" in text
    assert "按修改后的办" in text
    assert "按修改后的办" not in panel(signed_in(lead), complaint)
    confirmed = posted(signed_in(li), complaint, f"offers/{changed.pk}/acknowledgement", {})
    assert confirmed.status_code == 204
    assert fresh(complaint).status == Status.EXE


def test_who_stands_aside_on_the_page_is_sent_home_or_told(complaint, li, lead, signed_in):
    offer = propose(complaint, li, fen=80_000)
    answer = posted(
        signed_in(lead), complaint, f"offers/{offer.pk}/recusal", {"reason": "与客户是亲属"}
    )
    assert answer["HX-Redirect"] == "/"
    assert fresh(complaint).status == Status.PAP


def test_a_program_negotiates_two_rounds(complaint, li, lead, api):
    base = f"/api/v1/complaints/{complaint.number}"
    client = api(li)

    def send(place, body, who=None):
        answer = (who or client).post(f"{base}/{place}", body, content_type="application/json")
        return answer.status_code, answer.json() if answer.content else None

    option = {"remedy": "RMD.04", "basis": "条款", "due_on": str(moment.today())}
    assert client.get(f"{base}/authority?amount_fen=5001").json() == {
        "within": False,
        "bound": "case",
        "limit_fen": 5_000,
    }
    status, made = send(
        "rounds", {"options": [option | {"amount_fen": 1_000}, option | {"remedy": "RMD.08"}]}
    )
    assert (status, [one["choice"] for one in made]) == (201, [1, 2])
    assert send("counter-offers", {"words": "要 80 元", "amount_fen": 8_000})[0] == 201
    status, made = send("rounds", {"options": [option | {"amount_fen": 8_000}]})
    assert (status, made[0]["round"], made[0]["state"]) == (201, 2, "waiting")
    offer = made[0]["id"]
    change = option | {"amount_fen": 7_000, "reason": "按瑕疵程度"}
    status, new = send(f"offers/{offer}/change", change, api(lead))
    assert (status, new["changed_from"], new["to_be_seen"]) == (200, offer, True)
    assert send(f"offers/{new['id']}/acknowledgement", {})[1]["state"] == "offered"
    assert send("rounds/refusal", {"note": "还是不行"})[0] == 200
    assert [one["words"] for one in client.get(f"{base}/counter-offers").json()] == ["要 80 元"]
    status, made = send("rounds", {"options": [option | {"amount_fen": 9_000}]})
    assert send("rounds/withdrawal", {"reason": "写错了"})[1][0]["state"] == "denied"
    assert send("rounds", {"options": []})[0] == 422
    assert send("rounds", {"options": [option] * 4})[0] == 422
