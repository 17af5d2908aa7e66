"""Bulletins: to whom, confirmed once, reminded of, withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.conversation.models import Letter
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Bulletin, BulletinRule, HeadTold, Reading
from huiyin.journey.improvement.reference import load_reference
from tests.conftest import at, person
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


def test_who_has_not_read_it_in_time_is_reminded_once_a_day(after_sales, li, chen, clock):
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


# --- reminded again, then the head ---------------------------------------------------------------


@pytest.fixture
def unread(after_sales, li, chen, clock):
    """Due on Monday, 21 September 2026, at 10:00; 李明's lead is 组长 高远."""
    lead = person("gaoyuan", "高远", Role.LEAD, email="gaoyuan@example.com")
    after_sales.lead = lead
    after_sales.save()
    li.email = "li@example.com"
    li.save()
    with clock("2026-09-18 10:00"):
        due = moment.now() + timedelta(days=3)
        return actions.publish(
            by=chen, title="电饭煲新说法", text=TEXT, due_at=due, teams=[after_sales]
        )


def letters(to: str) -> int:
    return Letter.objects.filter(purpose="bulletin", recipient=to).count()


def days(clock, *times: str) -> None:
    for time in times:
        with clock(time):
            actions.remind_readers()
            actions.remind_readers()


def test_each_working_day_again_up_to_the_limit_then_the_head_is_told(unread, clock):
    gao = User.objects.get(username="gaoyuan")
    days(clock, "2026-09-21 11:00", "2026-09-21 20:00")
    assert letters("li@example.com") == 1, "once a day"
    days(clock, "2026-09-22 10:00", "2026-09-23 10:00")
    assert letters("li@example.com") == 3 and not HeadTold.objects.exists()
    days(clock, "2026-09-24 10:00", "2026-09-28 10:00")
    assert letters("li@example.com") == 3 and letters("gaoyuan@example.com") == 1
    assert HeadTold.objects.get().head == gao
    assert "李明" in Letter.objects.get(recipient="gaoyuan@example.com").body
    kept = Bulletin.objects.get(pk=unread.pk)
    assert kept.reminders == 3 and kept.next_reminder_at is None and kept.heads_told_at


def test_at_the_weekend_nobody_is_reminded_again(unread, clock):
    Bulletin.objects.update(next_reminder_at=at("2026-09-11 15:00"))
    days(clock, "2026-09-11 16:00", "2026-09-12 10:00", "2026-09-13 10:00")
    assert letters("li@example.com") == 1
    days(clock, "2026-09-14 10:00")
    assert letters("li@example.com") == 2


def test_the_limit_is_a_row_and_what_was_edited_stays(unread, clock):
    BulletinRule.objects.update(most=1)
    load_reference()
    days(clock, "2026-09-21 11:00", "2026-09-22 10:00")
    assert letters("li@example.com") == 1 and letters("gaoyuan@example.com") == 1


def test_without_a_rule_once_is_enough_and_nothing_goes_by_hand(unread, chen, clock):
    BulletinRule.objects.update(enabled=False)
    days(clock, "2026-09-21 11:00", "2026-09-22 10:00")
    assert letters("li@example.com") == 1
    with clock("2026-09-23 10:00"), pytest.raises(Refused, match="最多 0 次"):
        actions.remind_by_hand(unread, by=chen)


def test_once_everybody_has_read_it_nobody_hears_of_it(unread, li, clock):
    days(clock, "2026-09-21 11:00")
    actions.confirm_reading(unread, by=li)
    days(clock, "2026-09-22 10:00", "2026-09-23 10:00", "2026-09-24 10:00")
    assert letters("li@example.com") == 1 and not HeadTold.objects.exists()


def test_withdrawn_it_is_not_reminded_of(unread, chen, clock):
    days(clock, "2026-09-21 11:00")
    actions.withdraw(unread, by=chen)
    days(clock, "2026-09-22 10:00", "2026-09-24 10:00")
    assert letters("li@example.com") == 1


def test_the_head_sees_his_own_people_alone_and_takes_note(
    unread, goods, li, sun, clock, signed_in, api
):
    Reading.objects.create(bulletin=unread, user=sun)
    BulletinRule.objects.update(most=1)
    gao = User.objects.get(username="gaoyuan")
    place = f"/bulletins/{unread.pk}/"
    assert "有同事多次提醒后仍未读" not in signed_in(gao).get("/notices/bell/").content.decode()
    days(clock, "2026-09-21 11:00", "2026-09-22 10:00")
    cache.clear()
    head = signed_in(gao)
    assert "有同事多次提醒后仍未读" in head.get("/notices/bell/").content.decode()
    assert "知道了" in head.get(place).content.decode()
    assert head.post(f"{place}note/").status_code == 204
    assert "有同事多次提醒后仍未读" not in head.get("/notices/bell/").content.decode()
    assert signed_in(li).post(f"{place}note/").status_code == 409


def test_a_head_without_other_rights_reads_only_his_own(unread, tong, goods, sun, clock):
    clerk = person("dian", "店员", Role.DEPT_HANDLER, department=goods)
    for user in (clerk, sun):
        Reading.objects.create(bulletin=unread, user=user)
    assert actions.readings_for(unread, tong) is None
    assert not Bulletin.objects.visible_to(tong).exists()
    BulletinRule.objects.update(most=1)
    days(clock, "2026-09-21 11:00", "2026-09-22 10:00")
    assert Bulletin.objects.visible_to(tong).exists()
    assert [one.user for one in actions.readings_for(unread, tong) or []] == [clerk]


def test_the_author_reminds_by_hand_once_a_day_and_not_for_ever(unread, li, chen, sun, clock):
    with clock("2026-09-18 23:00"), pytest.raises(Refused, match="夜里"):
        actions.remind_by_hand(unread, by=chen)
    for user in (li, sun):
        with clock("2026-09-19 10:00"), pytest.raises(NotPermitted):
            actions.remind_by_hand(unread, by=user)
    with clock("2026-09-19 10:00"):
        assert actions.remind_by_hand(unread, by=chen) == 1
        with pytest.raises(Refused, match="今天已经提醒过"):
            actions.remind_by_hand(unread, by=chen)
    with clock("2026-09-20 10:00"):
        actions.remind_by_hand(unread, by=chen)
    with clock("2026-09-21 10:00"), pytest.raises(Refused, match="最多 2 次"):
        actions.remind_by_hand(unread, by=chen)
    assert letters("li@example.com") == 2
    bodies = Letter.objects.filter(purpose="bulletin").values_list("body", flat=True)
    assert all("请阅读并确认通报" in body for body in bodies)


def test_nobody_is_reminded_by_hand_of_what_all_have_read(unread, li, chen, clock):
    actions.confirm_reading(unread, by=li)
    with clock("2026-09-19 10:00"), pytest.raises(Refused, match="都读过了"):
        actions.remind_by_hand(unread, by=chen)
    actions.withdraw(unread, by=chen)
    with clock("2026-09-19 10:00"), pytest.raises(Refused, match="撤回"):
        actions.remind_by_hand(unread, by=chen)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_remind_at_once_one_is_refused(unread, chen, manager):
    noon = at("2026-09-19 12:00")

    def remind(by):
        with moment.at(noon):
            return actions.remind_by_hand(Bulletin.objects.get(pk=unread.pk), by=by)

    results = at_once(lambda: remind(chen), lambda: remind(manager))
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert letters("li@example.com") == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once(unread):
    late = at("2026-09-21 11:00")

    def look():
        with moment.at(late):
            return actions.remind_readers()

    assert set(at_once(look, look)) == {0, 1}
    assert letters("li@example.com") == 1


def test_page_and_program_remind_by_hand(unread, li, chen, clock, signed_in, api):
    place = f"/bulletins/{unread.pk}/"
    html = signed_in(chen).get(place).content.decode()
    assert "提醒未读的人" in html and "还可手动提醒 2 次" in html
    assert "提醒未读的人" not in signed_in(li).get(place).content.decode()
    with clock("2026-09-19 10:00"):
        assert signed_in(chen).post(f"{place}reminders/").status_code == 204
        assert signed_in(chen).post(f"{place}reminders/").status_code == 409
    with clock("2026-09-20 10:00"):
        made = api(chen).post(f"/api/v1{place}reminders").json()
    assert made["hand_reminders"] == 2
    assert "手动提醒的次数已经用完" in signed_in(chen).get(place).content.decode()
    assert api(li).post(f"/api/v1{place}reminders").status_code == 403
    assert api(li).post(f"/api/v1{place}note").status_code == 409
