"""Reminders: each told once, many as one, mail after quiet hours, nothing of the customer in it."""

from __future__ import annotations

from datetime import time

import pytest

from huiyin.ground.people.models import Team
from huiyin.ground.people.words import Role
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import ComplaintAccess, Event
from huiyin.journey.complaint.words import Sight, What
from huiyin.journey.conversation.models import Letter
from huiyin.surface.notices import reminding
from huiyin.surface.notices.models import DigestRule, Notice, QuietHours, Reminder
from huiyin.surface.notices.rules import is_flood, is_over, quiet_until
from tests.clocks.conftest import quality_agent, taken_in  # noqa: F401 — fixtures
from tests.conftest import at, person
from tests.together import at_once

MORNING = "2026-11-25 10:00"
TOLD = (What.CLOCK_WARNED, What.CLOCK_MISSED, What.REMINDED, What.LATE_NOTICE)


@pytest.fixture(autouse=True)
def _rules_are_read_again():
    from huiyin.journey.clocks.models import forget

    forget()
    yield
    forget()


@pytest.fixture
def lead(quality_agent):  # noqa: F811
    user = person(
        "lead", "罗组长", Role.LEAD, teams=[quality_agent.teams.get()], email="lead@example.com"
    )
    Team.objects.filter(code="quality").update(lead=user)
    return user


@pytest.fixture
def supervisor(quality_agent):  # noqa: F811
    user = person(
        "sup", "苏主管", Role.SUPERVISOR, teams=[quality_agent.teams.get()], email="sup@example.com"
    )
    Team.objects.filter(code="quality").update(duty_supervisor=user)
    return user


def lived(clock, *moments: str) -> None:
    """The worker at each of these moments: sweeping, following, telling."""
    for when in moments:
        with clock(when):
            sweep()
            done = set(Reminder.objects.values_list("event", flat=True))
            for event in Event.objects.filter(what__in=TOLD).exclude(pk__in=done).order_by("pk"):
                run_later(event.pk)
            reminding.tell_waiting()


def bell(user) -> list[str]:
    return list(user.notices.order_by("pk").values_list("text", flat=True))


@pytest.mark.django_db
def test_a_rung_is_told_to_whoever_was_on_duty_once(taken_in, lead, supervisor, clock):  # noqa: F811
    complaint = taken_in(MORNING, severity=2)
    lived(clock, "2026-11-25 11:00", "2026-11-25 11:00", "2026-11-25 11:05")
    assert f"{complaint.number} 提醒：签收 已用 50%，11-25 12:00 到期" in bell(lead)
    assert len([text for text in bell(lead) if "签收" in text]) == 1
    lived(clock, "2026-11-25 11:36")
    assert Notice.objects.get(user=supervisor, text__contains="签收").urgent
    letter = Letter.objects.get(recipient="sup@example.com")  # two limits, one letter
    assert letter.subject == "2 项提醒：逐级提醒 2"
    assert f"{complaint.number} 逐级上报：签收 已用 80%，11-25 12:00 到期" in letter.body
    for secret in ("王芳", "13800138000", complaint.tracking_code, "电饭煲"):
        assert secret not in letter.subject + letter.body


@pytest.mark.django_db
def test_a_reader_of_english_is_reminded_in_english(taken_in, lead, clock):  # noqa: F811
    lead.language = "en"
    lead.save()
    taken_in(MORNING, severity=2)
    lived(clock, "2026-11-25 11:00")
    assert "签收" not in bell(lead)[0]


@pytest.mark.django_db
def test_whoever_is_barred_meanwhile_hears_nothing(taken_in, lead, clock):  # noqa: F811
    complaint = taken_in(MORNING, severity=2)
    with clock("2026-11-25 11:00"):
        sweep()
        for event in complaint.events.filter(what=What.REMINDED):
            run_later(event.pk)
        ComplaintAccess.objects.create(
            complaint=complaint, user=lead, sight=Sight.BARRED, by=lead, at=at(MORNING)
        )
        reminding.tell_waiting()
    assert bell(lead) == []
    assert not Reminder.objects.filter(user=lead, noticed_at=None).exists()


@pytest.mark.django_db
def test_after_three_days_of_darkness_each_person_is_told_once(
    taken_in,  # noqa: F811
    lead,
    supervisor,
    quality_agent,  # noqa: F811
    clock,
):
    for number in range(12):
        taken_in(MORNING, severity=2, said=f"第 {number} 件：电饭煲不加热")
    with clock("2026-11-28 10:00"):
        sweep()
        for event in Event.objects.filter(what__in=TOLD).order_by("pk"):
            run_later(event.pk)
        reminding.tell_waiting()  # the flood still comes in
    assert Notice.objects.filter(user=supervisor).count() == 0
    lived(clock, "2026-11-28 10:01")
    waiting = Reminder.objects.filter(user=supervisor).count()
    assert waiting > 20
    [text] = bell(supervisor)
    assert f"等 12 件投诉共 {waiting} 项提醒" in text
    assert len(bell(lead)) == len(bell(quality_agent)) == 1
    [letter] = Letter.objects.filter(recipient="sup@example.com")
    assert letter.body.count("· TS2026-") <= 50 and "逐级提醒 72" in letter.subject
    lived(clock, "2026-11-28 10:02", "2026-11-28 10:30")
    assert Letter.objects.filter(recipient="sup@example.com").count() == 1


@pytest.mark.django_db
def test_at_night_mail_waits_and_comes_as_one_in_the_morning(
    taken_in,  # noqa: F811
    lead,
    supervisor,
    clock,
):
    first = taken_in("2026-11-25 20:30", severity=2)
    second = taken_in("2026-11-25 20:40", severity=2)
    lived(clock, "2026-11-25 22:10", "2026-11-25 22:20", "2026-11-25 22:35")
    mine = bell(supervisor)
    assert any(first.number in text for text in mine)  # the bell does not wait
    assert not Letter.objects.filter(recipient="sup@example.com").exists()
    lived(clock, "2026-11-26 07:59")
    assert not Letter.objects.filter(recipient="sup@example.com").exists()
    lived(clock, "2026-11-26 08:00", "2026-11-26 08:01")
    letter = Letter.objects.filter(recipient="sup@example.com").order_by("pk").first()
    assert letter is not None
    assert first.number in letter.body and second.number in letter.body


@pytest.mark.django_db
def test_s1_is_mailed_at_night_too(taken_in, lead, clock):  # noqa: F811
    taken_in("2026-11-25 23:30", severity=1)
    lived(clock, "2026-11-25 23:31")
    assert Letter.objects.filter(recipient="lead@example.com").exists()


@pytest.mark.django_db
def test_a_persons_own_hours_beat_the_roles_and_those_everybodys(lead, db):
    everybody = QuietHours.objects.get()
    assert reminding._quiet_hours(lead) == everybody
    of_role = QuietHours.objects.create(role=Role.LEAD, begins=time(20), ends=time(9))
    assert reminding._quiet_hours(lead) == of_role
    own = QuietHours.objects.create(user=lead, begins=time(1), ends=time(2))
    assert reminding._quiet_hours(lead) == own


@pytest.mark.parametrize(
    ("now", "begins", "ends", "expected"),
    [
        ("2026-11-25 21:59", 22, 8, None),
        ("2026-11-25 22:00", 22, 8, "2026-11-26 08:00"),
        ("2026-11-26 07:59", 22, 8, "2026-11-26 08:00"),
        ("2026-11-26 08:00", 22, 8, None),
        ("2026-11-26 12:30", 12, 14, "2026-11-26 14:00"),
        ("2026-11-26 12:30", 12, 12, None),
    ],
)
def test_when_it_is_quiet(now, begins, ends, expected):
    found = quiet_until(at(now), time(begins), time(ends))
    assert found == (at(expected) if expected else None)


def test_what_a_flood_is_and_when_it_is_over():
    assert not is_flood(1, 40, 5)  # one alone is told by itself
    assert not is_flood(3, 2, 5)
    assert is_flood(3, 3, 5)
    begin = at("2026-11-28 10:00:00")
    assert not is_over(begin, at("2026-11-28 10:00:20"), at("2026-11-28 10:00:40"))
    assert is_over(begin, at("2026-11-28 10:00:20"), at("2026-11-28 10:00:50"))
    assert is_over(begin, at("2026-11-28 10:02:59"), at("2026-11-28 10:03:00"))


@pytest.mark.django_db
def test_with_nothing_waiting_two_questions_are_asked(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert reminding.tell_waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once(taken_in, lead, supervisor, clock):  # noqa: F811
    taken_in(MORNING, severity=2)
    with clock("2026-11-25 11:40"):
        sweep()
        for event in Event.objects.filter(what__in=TOLD):
            run_later(event.pk)

    def tell():
        with clock("2026-11-25 11:40"):
            return reminding.tell_waiting()

    assert not [one for one in at_once(tell, tell, tell) if isinstance(one, Exception)]
    tell()
    assert Letter.objects.filter(recipient="sup@example.com").count() == 1
    assert not Reminder.objects.filter(noticed_at=None).exists()


@pytest.mark.django_db
def test_what_was_told_long_ago_is_forgotten(taken_in, lead, clock):  # noqa: F811
    taken_in(MORNING, severity=2)
    lived(clock, "2026-11-25 11:00")
    with clock("2027-02-01 11:00"):
        assert reminding.forget_told() == 0
    with clock("2027-03-01 11:00"):
        assert reminding.forget_told() > 0
    assert DigestRule.objects.count() == 1
