"""挂起: asked by one, decided by another, never S1; it wakes by itself, and each act is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.models import Suspension
from huiyin.journey.closure.actions import withdraw
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.words import What
from huiyin.journey.routing import actions as routing
from tests.conftest import at, person
from tests.roads import fresh
from tests.together import at_once

MORNING = "2026-11-25 10:00"  # Wednesday
ASKED: dict[str, Any] = {
    "reason_code": "agreed_date",
    "note": "客户出差，约定下周一再联系",
    "wake_on": date(2026, 11, 30),
}


@pytest.fixture
def supervisor(quality_agent):
    return person("sup", "苏主管", Role.SUPERVISOR, teams=[quality_agent.teams.get()])


@pytest.fixture
def complaint(taken_in, quality_agent, clock):
    one = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(one, by=quality_agent)
    return one


@pytest.fixture
def asked(complaint, quality_agent, clock):
    with clock("2026-11-25 14:00"):
        return clocks.ask_suspension(complaint, by=quality_agent, **ASKED)


def granted(asked, by, clock, when="2026-11-25 15:00"):
    with clock(when):
        clocks.decide_suspension(asked, by=by, approve=True, channel="phone")
    return fresh(asked.complaint)


@pytest.mark.django_db
def test_granted_it_stands_still_the_customer_is_told_and_it_wakes_by_itself(
    asked, supervisor, clock
):
    complaint = granted(asked, supervisor, clock)
    assert complaint.status == "SUS"
    resolution = complaint.clocks.get(kind="resolution")
    pause = resolution.pauses.get()
    assert (pause.whom, pause.began_at) == ("suspended", at("2026-11-25 15:00"))
    told = complaint.messages.order_by("-pk").first()
    assert "2026-11-30" in told.text and Suspension.objects.get().told == told
    assert complaint.clocks.own().running().count() == 0 and complaint.next_due_at is None
    with clock("2026-11-30 08:59"):
        assert clocks.wake_due() == 0
    with clock("2026-11-30 09:00"):
        assert clocks.wake_due() == 1
        assert clocks.wake_due() == 0
    complaint = fresh(complaint)
    assert complaint.status == "HND"
    moved = complaint.clocks.get(kind="resolution")
    # Nothing of three working days had passed before Wednesday's pause: they count from Monday on.
    assert moved.due_at == at("2026-12-04 00:00") and moved.paused_at is None
    assert complaint.clocks.filter(kind="update", stopped_at=None).exists()
    woken = Suspension.objects.get()
    assert woken.woken_by is not None
    assert (woken.state, woken.woken_by.is_system) == ("woken", True)
    assert complaint.events.get(what=What.WOKEN).by.is_system


@pytest.mark.django_db
def test_whoever_asks_does_not_decide_and_a_lead_neither(complaint, supervisor, clock):
    with clock("2026-11-25 14:00"):
        asked = clocks.ask_suspension(complaint, by=supervisor, **ASKED)
        with pytest.raises(Refused, match="自己的申请要由别人审批"):
            clocks.decide_suspension(asked, by=supervisor, approve=True)
        lead = person("lead", "组长", Role.LEAD, teams=[complaint.team])
        with pytest.raises(NotPermitted, match="值班主管或经理"):
            clocks.decide_suspension(asked, by=lead, approve=True)
        with pytest.raises(Refused, match="等待审批"):
            clocks.ask_suspension(complaint, by=supervisor, **ASKED)


@pytest.mark.django_db
def test_refused_with_a_reason_nothing_stands_still(asked, supervisor, quality_agent, clock):
    with clock("2026-11-25 15:00"):
        with pytest.raises(Invalid, match="不同意的原因"):
            clocks.decide_suspension(asked, by=supervisor, approve=False)
        clocks.decide_suspension(asked, by=supervisor, approve=False, words="客户要求今天答复")
        with pytest.raises(Refused, match="已经处理过"):
            clocks.decide_suspension(asked, by=supervisor, approve=True)
        run_later(asked.complaint.events.get(what=What.SUSPENSION_REFUSED).pk)
    assert fresh(asked.complaint).status == "HND"
    assert not asked.complaint.clocks.exclude(paused_at=None).exists()
    assert "客户要求今天答复" in quality_agent.notices.first().text


@pytest.mark.django_db
def test_never_an_s1_and_never_where_a_policy_forbids(taken_in, quality_agent, manager, clock):
    critical = fresh(taken_in(MORNING, severity=1))
    with clock("2026-11-25 10:20"):
        routing.dispatch(critical, by=manager, team=quality_agent.teams.get(), to=quality_agent)
        routing.accept(fresh(critical), by=quality_agent)
        with pytest.raises(Refused, match="S1 紧急投诉不能挂起"):
            clocks.ask_suspension(fresh(critical), by=quality_agent, **ASKED)
    sent = fresh(taken_in(MORNING, channel="regulator"))
    with clock("2026-11-25 10:20"):
        routing.accept(sent, by=quality_agent)
        with pytest.raises(Refused, match="监管转办，这条投诉不允许挂起"):
            clocks.ask_suspension(fresh(sent), by=quality_agent, **ASKED)


@pytest.mark.django_db
def test_what_became_s1_while_it_was_asked_is_not_suspended(asked, supervisor, zhou, clock):
    from huiyin.journey.triage.actions import confirm

    complaint = asked.complaint
    with clock("2026-11-25 14:30"):
        confirm(complaint, by=zhou, category=complaint.category, severity=1, reason="有人受伤")
        with pytest.raises(Refused, match="S1"):
            clocks.decide_suspension(
                Suspension.objects.get(), by=supervisor, approve=True, channel="phone"
            )
    assert Suspension.objects.get().state == "asked"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day",
    [None, date(2026, 11, 25), date(2026, 11, 28), date(2026, 12, 3), date(2026, 11, 20)],
)
def test_a_day_that_is_none_today_a_weekend_or_too_far_is_refused(
    complaint, quality_agent, clock, day
):
    with clock("2026-11-25 14:00"), pytest.raises(Invalid, match="2026-12-02 以前的一个工作日"):
        clocks.ask_suspension(complaint, by=quality_agent, **{**ASKED, "wake_on": day})


@pytest.mark.django_db
def test_renewed_once_the_pause_goes_on_and_no_third_time(asked, supervisor, quality_agent, clock):
    complaint = granted(asked, supervisor, clock)
    with clock("2026-11-27 10:00"):
        with pytest.raises(Invalid, match="续期要晚于"):
            clocks.ask_suspension(complaint, by=quality_agent, **ASKED)
        later = {**ASKED, "wake_on": date(2026, 12, 4)}
        again = clocks.ask_suspension(complaint, by=quality_agent, **later)
        assert again.renews
    complaint = granted(again, supervisor, clock, "2026-11-27 11:00")
    assert complaint.clocks.get(kind="resolution").pauses.count() == 1
    assert sorted(Suspension.objects.values_list("state", flat=True)) == ["granted", "renewed"]
    with clock("2026-11-30 09:00"):
        assert clocks.wake_due() == 0  # the first day no longer counts
    with clock("2026-12-04 09:00"):
        assert clocks.wake_due() == 1
        with pytest.raises(Refused, match="已挂起并续过一次"):
            clocks.ask_suspension(
                fresh(complaint), by=quality_agent, **{**ASKED, "wake_on": date(2026, 12, 7)}
            )


@pytest.mark.django_db
def test_a_wait_that_lasted_keeps_its_own_stretch(complaint, quality_agent, supervisor, clock):
    with clock("2026-11-25 11:00"):
        routing.wait(complaint, by=quality_agent, whom="customer", reason="等发票")
    with clock("2026-11-26 10:00"):
        asked = clocks.ask_suspension(fresh(complaint), by=quality_agent, **ASKED)
    granted(asked, supervisor, clock, "2026-11-26 11:00")
    with clock("2026-11-27 09:30"):
        clocks.wake(fresh(complaint), by=quality_agent, reason="客户提前回来了")
    rows = complaint.clocks.get(kind="resolution").pauses.values_list("whom", "ended_at")
    assert list(rows) == [
        ("customer", at("2026-11-26 11:00")),
        ("suspended", at("2026-11-27 09:30")),
    ]


@pytest.mark.django_db
def test_what_ended_while_it_stood_still_is_not_woken(asked, supervisor, quality_agent, clock):
    complaint = granted(asked, supervisor, clock)
    with clock("2026-11-26 10:00"):
        withdraw(complaint, by=quality_agent, reason="客户说已自行解决")
    with clock("2026-12-01 09:00"):
        assert clocks.wake_due() == 0
    assert Suspension.objects.get().state == "lapsed"


@pytest.mark.django_db
def test_page_api_and_who_has_something_to_decide(
    complaint, quality_agent, supervisor, manager, sun, signed_in, api, clock
):
    address = f"/complaints/{complaint.number}/suspensions/"
    typed = {**ASKED, "wake_on": "2026-11-30"}
    with clock("2026-11-25 14:00"):
        assert signed_in(sun).post(address, typed).status_code == 404
        page = signed_in(quality_agent).get(f"/complaints/{complaint.number}/").content.decode()
        assert 'data-dialog="#suspension"' in page
        assert signed_in(quality_agent).post(address, {**typed, "wake_on": "x"}).status_code == 422
        assert signed_in(quality_agent).post(address, typed).status_code == 204
        one = Suspension.objects.get()
        assert list(clocks.suspensions_waiting_for(supervisor)) == [one]
        assert list(clocks.suspensions_waiting_for(manager)) == [one]
        assert not clocks.suspensions_waiting_for(quality_agent).exists()
        other = person("sup9", "他组主管", Role.SUPERVISOR, teams=[])
        assert not clocks.suspensions_waiting_for(other).exists()
        page = signed_in(supervisor).get(f"/complaints/{complaint.number}/").content.decode()
        assert "同意挂起" in page
        page = signed_in(quality_agent).get(f"/complaints/{complaint.number}/").content.decode()
        assert "同意挂起" not in page and "等待本组值班主管或经理审批" in page
        path = f"/api/v1/complaints/{complaint.number}/suspensions"
        yes = {"approve": True, "channel": "phone"}
        mine = api(quality_agent).post(f"{path}/{one.pk}/decision", yes, "application/json")
        assert mine.status_code == 403
        done = api(supervisor).post(f"{path}/{one.pk}/decision", yes, "application/json")
        assert done.status_code == 200 and done.json()["state"] == "granted"
        assert api(supervisor).get(path).json()[0]["decided_by"] == "sup"
        page = signed_in(quality_agent).get(f"/complaints/{complaint.number}/").content.decode()
        assert "挂起至 2026-11-30" in page
        waking = f"/api/v1/complaints/{complaint.number}/waking"
        woken = api(quality_agent).post(waking, {"reason": "客户来电"}, "application/json")
        assert woken.status_code == 204
        again = api(quality_agent).post(waking, {}, "application/json")
        assert again.status_code == 409
    assert fresh(complaint).status == "HND"


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_decide_once(asked, supervisor, manager, clock):
    def by(who, approve):
        def act():
            with clock("2026-11-25 15:00"):
                one = Suspension.objects.get(pk=asked.pk)
                how = {"words": "不行", "channel": "phone"}
                return clocks.decide_suspension(one, by=who, approve=approve, **how)

        return act

    results = at_once(by(supervisor, True), by(manager, True))
    assert sum(isinstance(one, Suspension) for one in results) == 1
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert asked.complaint.events.filter(what=What.SUSPENDED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_wake_it_once(asked, supervisor, clock):
    complaint = granted(asked, supervisor, clock)

    def wake():
        with clock("2026-11-30 09:00"):
            return clocks.wake_due()

    results = at_once(wake, wake, wake)
    assert not [one for one in results if isinstance(one, Exception)]
    wake()
    assert complaint.events.filter(what=What.WOKEN).count() == 1
