"""One look for a due date everywhere: of a clock by its calendar, of a bare moment by hours."""

from __future__ import annotations

import pytest

from huiyin.ground.web.templatetags.frame import remaining
from tests.conftest import at


@pytest.mark.django_db
def test_a_long_limit_turns_amber_and_red_by_working_days(taken_in, clock):
    complaint = taken_in("2026-11-02 10:00")
    resolution = complaint.clocks.get(kind="resolution")
    resolution.due_at = at("2026-11-24 00:00")  # sixteen working days
    for when, colour in [
        ("2026-11-03 10:00", "green"),
        ("2026-11-16 09:00", "amber"),
        ("2026-11-19 09:00", "red"),
        ("2026-11-24 00:00", "over"),
    ]:
        with clock(when):
            shown = remaining(resolution)
        assert f'class="clock clock--{colour}"' in shown, when
        assert 'data-red="2026-11-19T01:00:00+00:00"' in shown


@pytest.mark.django_db
def test_a_bare_moment_goes_by_hours(clock):
    due = at("2026-11-26 10:00")
    for when, colour in [
        ("2026-11-25 09:00", "green"),
        ("2026-11-25 10:00", "amber"),
        ("2026-11-26 06:00", "red"),
        ("2026-11-26 10:00", "over"),
    ]:
        with clock(when):
            assert f"clock--{colour}" in remaining(due), when
    assert "—" in remaining(None)


def test_the_queue_shows_a_long_limit_by_working_days_too(
    signed_in, taken_in, quality_agent, clock
):
    complaint = taken_in("2026-11-02 10:00")
    due = at("2026-11-24 00:00")  # sixteen working days
    complaint.clocks.exclude(kind="resolution").update(stopped_at=at("2026-11-02 11:00"))
    complaint.clocks.filter(kind="resolution").update(due_at=due)
    complaint.carry(next_due_at=due, next_due_kind="resolution", assignee=quality_agent)
    with clock("2026-11-19 09:00"):  # four days before: by hours it would still be green
        page = signed_in(quality_agent).get("/queue/?view=mine").content.decode()
    assert complaint.number in page and 'class="clock clock--red"' in page


def test_each_supervision_is_shown_by_its_own_clock(taken_in, quality_agent, clock):
    from huiyin.journey.clocks.models import Clock

    complaint = taken_in("2026-11-02 10:00")
    other = complaint.clocks.get(kind="resolution")
    other.pk, other.kind, other.subject = None, "supervision", "supervision:7"
    other.save()
    found = Clock.objects.of_subjects({"supervision:7": complaint.pk, "supervision:8": 0})
    assert found == {"supervision:7": other}
    other.stopped_at = other.due_at
    other.save()
    assert Clock.objects.of_subjects({"supervision:7": complaint.pk}) == {}
