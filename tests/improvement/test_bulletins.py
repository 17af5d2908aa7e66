"""Bulletins: to whom, confirmed once, reminded of, withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.conversation.models import Letter
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Bulletin, Reading
from tests.together import at_once

pytestmark = pytest.mark.django_db
TEXT = "电饭煲容量以 4 升为准，请按新说法答复客户。"


def published(by, **to) -> Bulletin:
    due = moment.now() + timedelta(days=2)
    return actions.publish(by=by, title="电饭煲新说法", text=TEXT, due_at=due, **to)


def test_its_readers_are_those_of_the_team_and_each_confirms_once(after_sales, li, chen, sun):
    one = published(chen, teams=[after_sales])
    assert [r.user for r in one.readings.all()] == [li]  # whoever writes it need not read it
    assert Bulletin.objects.visible_to(li).filter(pk=one.pk).exists()
    assert not Bulletin.objects.visible_to(sun).filter(pk=one.pk).exists()
    first = actions.confirm_reading(one, by=li)
    again = actions.confirm_reading(one, by=li)
    assert first.read_at == again.read_at
    with pytest.raises(Refused):
        actions.confirm_reading(one, by=sun)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.filter(bulletin=one).update(read_at=None)


@pytest.mark.django_db(transaction=True)
def test_a_reader_in_two_windows_confirms_once(after_sales, li, chen):
    one = published(chen, teams=[after_sales])
    found = at_once(*(lambda: actions.confirm_reading(one, by=li) for _n in range(2)))
    assert len({row.read_at for row in found}) == 1, found


def test_to_departments_and_all_and_to_nobody_is_refused(goods, tong, li, chen):
    assert [r.user for r in published(chen, departments=[goods]).readings.all()] == [tong]
    everybody = {r.user for r in published(chen, to_all=True).readings.all()}
    assert everybody == {tong, li}
    with pytest.raises(Invalid):
        published(chen)
    with pytest.raises(NotPermitted):
        published(li, to_all=True)
    wrongs: tuple[dict[str, Any], ...] = (
        {"title": "短"},
        {"text": "短"},
        {"due_at": moment.now() - timedelta(hours=1)},
    )
    for wrong in wrongs:
        said: dict[str, Any] = {
            "title": "电饭煲新说法",
            "text": TEXT,
            "due_at": moment.now() + timedelta(days=1),
        }
        with pytest.raises(Invalid):
            actions.publish(by=chen, to_all=True, **{**said, **wrong})


def test_it_stands_on_every_page_until_it_is_confirmed(after_sales, li, chen, signed_in):
    one = published(chen, teams=[after_sales])
    reader = signed_in(li)
    bell = reader.get("/notices/bell/").content.decode()
    assert "电饭煲新说法" in bell
    assert "hx-swap-oob" in bell
    assert reader.post(f"/bulletins/{one.pk}/reading/").status_code == 204
    assert "电饭煲新说法" not in reader.get("/notices/bell/").content.decode()
    page = signed_in(chen).get(f"/bulletins/{one.pk}/").content.decode()
    assert "已阅 1，未阅 0" in page
    assert "李明" in page
    assert "阅读情况" not in reader.get(f"/bulletins/{one.pk}/").content.decode()


def test_who_has_not_read_it_in_time_is_reminded_once(after_sales, li, chen, clock):
    li.email = "li@example.com"
    li.save()
    with clock("2026-09-28 10:00"):
        one = published(chen, teams=[after_sales])
    with clock("2026-09-30 09:59"):
        assert actions.remind_readers() == 0
    with clock("2026-09-30 10:01"):
        assert actions.remind_readers() == 1
        assert actions.remind_readers() == 0
    letter = Letter.objects.get(purpose="bulletin")
    assert letter.recipient == "li@example.com"
    assert f"/bulletins/{one.pk}/" in letter.body


def test_a_bulletin_that_falls_due_at_night_is_mailed_in_the_morning(after_sales, li, chen, clock):
    with clock("2026-09-28 10:00"):
        due = moment.now() + timedelta(hours=13)
        actions.publish(by=chen, title="夜里到期的", text=TEXT, due_at=due, teams=[after_sales])
    with clock("2026-09-28 23:30"):
        assert actions.remind_readers() == 0
    with clock("2026-09-29 08:01"):
        assert actions.remind_readers() == 1


def test_withdrawn_it_need_not_be_read(after_sales, li, chen, manager):
    one = published(chen, teams=[after_sales])
    with pytest.raises(NotPermitted):
        actions.withdraw(one, by=li)
    actions.withdraw(one, by=manager)
    cache.clear()
    assert actions.to_read(li) == []
    with pytest.raises(Refused):
        actions.withdraw(Bulletin.objects.get(pk=one.pk), by=manager)
