"""Owners are told at the day of review, once, outside quiet hours; customers read the help."""

from __future__ import annotations

import pytest
from django.test import Client

from huiyin.ground import moment
from huiyin.ground.knowledge import actions
from huiyin.ground.knowledge.models import Article, Miss
from huiyin.ground.knowledge.words import Audience, Kind
from huiyin.ground.people.models import User
from huiyin.journey.conversation.models import Letter
from huiyin.surface.notices.keeping import remind_keepers
from tests.knowledge.conftest import in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def owned(zhi):
    User.objects.filter(pk=zhi.pk).update(email="zhi@example.com")
    Article.objects.update(review_on=None)
    version = in_force("T-1", "鲸鱼")
    day = moment.read_day("2026-10-08")
    Article.objects.filter(pk=version.article_id).update(owner=zhi, review_on=day)
    return version.article


def letters() -> list[str]:
    return list(Letter.objects.filter(purpose="knowledge").values_list("recipient", flat=True))


def test_the_owner_hears_once_at_the_day_of_review(owned, zhi, clock):
    with clock("2026-10-07 10:00"):
        assert remind_keepers() == 0
    with clock("2026-10-08 03:00"):
        assert remind_keepers() == 0  # quiet hours
    with clock("2026-10-08 10:00"):
        assert remind_keepers() == 1
        assert remind_keepers() == 0
    assert letters() == ["zhi@example.com"]
    told = zhi.notices.get()
    assert (told.text, told.page) == ("1 条知识请您复审：T-1", "/knowledge/?view=due")
    body = Letter.objects.get(purpose="knowledge").body
    assert "T-1" in body and "/knowledge/" in body
    with clock("2026-10-09 10:00"):
        actions.confirm(
            Article.objects.get(pk=owned.pk), by=zhi, review_on=moment.read_day("2026-11-02")
        )
    with clock("2026-11-02 10:00"):
        assert remind_keepers() == 1


def test_who_has_no_address_is_told_in_the_product(owned, zhi, clock, signed_in):
    User.objects.filter(pk=zhi.pk).update(email="")
    other = in_force("T-9", "海豹").article
    day = moment.read_day("2026-10-08")
    Article.objects.filter(pk=other.pk).update(owner=zhi, review_on=day)
    with clock("2026-10-08 10:00"):
        assert remind_keepers() == 2
        assert remind_keepers() == 0
        assert letters() == []
        assert [one.text for one in zhi.notices.all()] == ["2 条知识请您复审：T-1、T-9"]
        bell = signed_in(zhi).get("/notices/bell/").text
        assert "/knowledge/?view=due" in bell and "2 条知识请您复审" in bell


def test_an_end_that_draws_near_is_told_too(owned, clock):
    Article.objects.filter(pk=owned.pk).update(review_on=None)
    in_force("T-2", "海豚", valid_to=moment.read_day("2026-12-31"))
    with clock("2026-11-30 10:00"):
        assert remind_keepers() == 0
    with clock("2026-12-01 10:00"):
        assert remind_keepers() == 1  # it has no owner: the editors hear
        assert remind_keepers() == 0
    assert letters() == ["zhi@example.com"]


def test_a_worker_that_sleeps_lets_nobody_quote_what_is_over(li, clock):
    in_force("T-2", "海豚保价", valid_to=moment.read_day("2026-12-31"))
    with clock("2027-01-01 09:00"):
        assert actions.find(li, "海豚保价") == []
        assert Client().get("/portal/help/T-2/").status_code == 404


def test_customers_read_and_search_what_is_for_them():
    in_force("T-3", "鲸鱼**保修**", "保修一年。", audience=Audience.CUSTOMER, title_en="Whales")
    in_force("T-4", "内部口径", "鲸鱼内部。")
    in_force("T-5", "话术", "鲸鱼。", kind=Kind.SCRIPT)
    stranger = Client()
    page = stranger.get("/portal/help/?q=鲸").content.decode()
    assert "T-3" in page and "T-4" not in page and "T-5" not in page
    assert "保修一年" in stranger.get("/portal/help/T-3/").content.decode()
    assert "Whales" in stranger.get("/portal/help/T-3/?lang=en").content.decode()
    for hidden in ("T-4", "T-5", "nothing"):
        assert stranger.get(f"/portal/help/{hidden}/").status_code == 404
    assert "T-3" in Client().get("/portal/help/").content.decode()


def test_strangers_cannot_flood_the_list_of_misses():
    for number in range(310):
        actions.missed(f"没有这个词{number}", place="help")
    assert Miss.objects.count() == 300
