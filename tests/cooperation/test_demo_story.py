"""The demonstration shows tasks in every state that people meet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.models import Link, Task
from huiyin.surface.demo import cast
from huiyin.surface.demo.story.asking import asking
from huiyin.surface.demo.theatre import Theatre
from tests.conftest import at

pytestmark = pytest.mark.django_db


def test_the_stories_of_departments_are_lived_through(settings):
    settings.DEMO_PASSWORD = "huiyin-demo"
    now = at("2026-11-27 15:20")  # at night and on Sundays less has been sent out
    theatre = Theatre(now - timedelta(days=8), now, None)
    people = cast.enter()
    with theatre.queue():
        for when, acts in asking(people, theatre):
            theatre.enter(when, acts)
        theatre.play()
    with moment.at(now):
        found_at_the_end(people, now)


def found_at_the_end(people, now) -> None:
    tasks = Task.objects.all()
    assert tasks.count() >= 7
    assert {"done", "disputed", "sent"} <= set(tasks.values_list("state", flat=True))
    assert tasks.late(now).exists()
    assert Link.objects.get().task.answers.get().by.is_system
    assert cooperation.waiting_for(people["du"]).exists()
    assert cooperation.more_time_for(people["li"]).exists()
    for name in ("jiang", "shen", "ning", "mei"):
        person = User.objects.get(username=name)
        assert Task.objects.of_department(person).exists(), name
    assert not tasks.filter(title__contains="贺晓玲").exists()
