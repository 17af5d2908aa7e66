"""进展告知: due anew with every reply, sooner when somebody urges; interim replies, decisions."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.actions import explained
from huiyin.journey.conversation.actions import reply
from huiyin.journey.routing import actions as routing
from huiyin.journey.triage.actions import confirm
from tests.conftest import at, person
from tests.roads import fresh

MORNING = "2026-11-25 10:00"  # Wednesday


@pytest.fixture
def complaint(taken_in, quality_agent, clock):
    one = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(one, by=quality_agent)
    return one


def replied(complaint, by, clock, when, text="我们正在核实"):
    with clock(when):
        reply(fresh(complaint), by=by, text=text, channel="phone")


def update(complaint):
    return complaint.clocks.filter(kind="update", stopped_at=None).first()


@pytest.mark.django_db
def test_it_begins_with_the_first_response_and_each_reply_begins_it_anew(
    complaint, quality_agent, clock
):
    assert update(complaint) is None
    replied(complaint, quality_agent, clock, "2026-11-25 11:00")
    first = update(complaint)
    assert first.due_at == at("2026-11-26 16:00")  # twelve working hours: half of three days
    assert fresh(complaint).next_due_kind == "update"
    replied(complaint, quality_agent, clock, "2026-11-26 10:00")
    second = update(complaint)
    assert second.pk != first.pk and second.started_at == at("2026-11-26 10:00")
    assert not complaint.clocks.get(pk=first.pk).is_late


@pytest.mark.django_db
def test_what_a_machine_sends_is_no_progress(complaint, quality_agent, clock):
    from huiyin.ground.people.models import User

    replied(complaint, quality_agent, clock, "2026-11-25 11:00")
    before = update(complaint).pk
    with clock("2026-11-25 12:00"):
        reply(fresh(complaint), by=User.objects.system(), text="自动回复", channel="phone")
    assert update(complaint).pk == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("severity", "category", "expected"),
    [
        (1, "PD.01.07", "2026-11-25 14:30"),  # every four hours, day and night
        (2, "PD.01.07", "2026-11-26 15:30"),  # daily, and the category's own is the nearer one
        (3, "PD.01.10", "2026-11-28 00:00"),  # complex: every two working days
    ],
)
def test_the_rhythm_is_the_policys(taken_in, manager, clock, severity, category, expected):
    complaint = fresh(taken_in(MORNING, severity=severity, category=category))
    replied(complaint, manager, clock, "2026-11-25 10:30")
    assert update(complaint).due_at == at(expected)


@pytest.mark.django_db
def test_an_urging_makes_it_due_within_four_hours_and_never_later(
    complaint, quality_agent, clock, manager
):
    replied(complaint, quality_agent, clock, "2026-11-25 11:00")
    with clock("2026-11-25 14:00"):
        routing.urge(complaint, by=manager, words="客户又来电")
    hurried = update(complaint)
    assert hurried.due_at == at("2026-11-25 18:00")
    assert hurried.first_due_at == at("2026-11-26 16:00")
    assert explained(hurried).at == hurried.due_at
    assert "催办后告知" in hurried.words
    with clock("2026-11-25 15:00"):
        routing.urge(complaint, by=manager, words="再催")
    assert update(complaint).due_at == at("2026-11-25 18:00")  # not later
    with clock("2026-11-25 16:00"):  # a corrected triage does not give the time back
        confirm(fresh(complaint), by=manager, category=complaint.category, severity=4)
    assert update(complaint).due_at == at("2026-11-25 18:00")
    replied(complaint, quality_agent, clock, "2026-11-25 17:00")
    assert update(complaint).label == ""


@pytest.mark.django_db
def test_an_overdue_one_stays_overdue_when_somebody_urges(complaint, quality_agent, clock, manager):
    replied(complaint, quality_agent, clock, "2026-11-25 11:00")
    with clock("2026-11-26 17:00"):
        clocks.sweep()
        routing.urge(complaint, by=manager, words="催")
    late = update(complaint)
    assert late.due_at == at("2026-11-26 16:00") and late.missed_at


@pytest.mark.django_db
def test_while_it_is_the_customers_turn_no_progress_is_owed(complaint, quality_agent, clock):
    replied(complaint, quality_agent, clock, "2026-11-25 11:00")
    with clock("2026-11-25 12:00"):
        routing.wait(fresh(complaint), by=quality_agent, whom="customer", reason="等发票")
    assert update(complaint) is None
    with clock("2026-11-27 09:00"):
        routing.resume(fresh(complaint), by=quality_agent)
    assert update(complaint).started_at == at("2026-11-27 09:00")


@pytest.mark.django_db
def test_of_an_s1_the_interim_is_a_decision_and_no_reply_settles_it(
    taken_in, quality_agent, manager, clock, api
):
    complaint = fresh(taken_in(MORNING, severity=1))
    assert complaint.clocks.get(kind="interim").due_at == at("2026-11-25 12:00")
    replied(complaint, manager, clock, "2026-11-25 10:10")
    replied(complaint, manager, clock, "2026-11-25 10:20")
    assert complaint.clocks.get(kind="interim").stopped_at is None
    path = f"/api/v1/complaints/{complaint.number}/interim"
    with clock("2026-11-25 11:00"):
        said = {"text": "同批次停售，留样 3 件"}
        assert api(manager).post(path, {"text": " "}, "application/json").status_code == 422
        assert api(manager).post(path, said, "application/json").status_code == 201
        assert api(manager).post(path, said, "application/json").status_code == 409
    assert complaint.clocks.get(kind="interim").stopped_at == at("2026-11-25 11:00")
    note = complaint.messages.order_by("-pk").first()
    assert note is not None and note.kind == "note" and "停售" in note.text


@pytest.mark.django_db
def test_of_a_complex_one_the_reply_after_the_first_is_the_interim(
    taken_in, quality_agent, clock, signed_in, manager
):
    complaint = fresh(taken_in(MORNING, category="PD.01.10"))
    assert complaint.clocks.get(kind="interim").due_at == at("2026-12-01 00:00")
    replied(complaint, manager, clock, "2026-11-25 11:00")
    assert complaint.clocks.get(kind="interim").stopped_at is None
    with clock("2026-11-27 11:00"):
        page = signed_in(manager)
        assert "阶段答复" in page.get(f"/complaints/{complaint.number}/").content.decode()
        said = {"text": "检测已送出，下周二有结果"}
        assert page.post(f"/complaints/{complaint.number}/interim/", said).status_code == 204
    assert complaint.clocks.get(kind="interim").stopped_at == at("2026-11-27 11:00")
    last = complaint.messages.order_by("-pk").first()
    assert last is not None and last.kind == "outbound"


@pytest.mark.django_db
def test_who_does_not_handle_it_settles_no_interim(taken_in, li, clock):
    complaint = fresh(taken_in(MORNING, severity=1))
    other = person("other", "别组", Role.AGENT)
    with pytest.raises(Refused):
        clocks.give_interim(complaint, by=other, text="停售")


@pytest.mark.django_db
def test_a_lowered_severity_drops_what_is_not_asked_any_more(taken_in, zhou, clock):
    complaint = fresh(taken_in(MORNING, severity=1))
    with clock("2026-11-25 10:30"):
        confirm(complaint, by=zhou, category=complaint.category, severity=3, reason="核实无人受伤")
    assert complaint.clocks.get(kind="interim").stopped_at == at("2026-11-25 10:30")


@pytest.mark.django_db
def test_whatever_solves_it_ends_the_rhythm(complaint, quality_agent, clock):
    from huiyin.journey.closure.actions import withdraw

    replied(complaint, quality_agent, clock, "2026-11-25 11:00")
    with clock("2026-11-25 12:00"):
        withdraw(fresh(complaint), by=quality_agent, reason="客户说已自行解决")
    assert update(complaint) is None
