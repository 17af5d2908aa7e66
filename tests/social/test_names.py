"""What people are called in WeChat is asked once, by itself: nothing of theirs waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.customers.models import ContactPoint, CustomerChange
from huiyin.journey.channels.hooks.models import Arrival
from huiyin.journey.channels.social.actions import lanes_of_naming, name_due
from huiyin.journey.channels.social.models import Account
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.ways import way_of
from tests.social.conftest import from_wechat, take, words
from tests.social.test_own import heard, message
from tests.social.test_wecom import called, news


def wrote(outside, *authors: str) -> None:
    at = len(outside.news)
    outside.news += [news(at + n, author=one) for n, one in enumerate(authors)]
    called(CreateTime=str(at))
    take()


def asked(outside) -> int:
    return sum("customer/batchget" in one for one in outside.asked)


def test_a_new_author_gets_his_name_and_is_asked_for_once(wecom_hook, outside, li, signed_in):
    outside.people = {"wm1": "小鹿"}
    wrote(outside, "wm1")
    complaint = Complaint.objects.get()
    assert (complaint.customer.name, asked(outside)) == ("", 0)  # taken in before anybody asks
    assert list(lanes_of_naming()) == [str(wecom_hook.pk)]
    assert name_due() == 1
    complaint.customer.refresh_from_db()
    assert (complaint.customer.name, Account.objects.get().name) == ("小鹿", "小鹿")
    assert ContactPoint.objects.get(kind="social").shown == "小鹿"
    assert CustomerChange.objects.get().by.is_system
    assert way_of(complaint, "social").told == "发给 小*（接入 wecom）"
    wrote(outside, "wm1")
    assert (name_due(), lanes_of_naming(), asked(outside)) == (0, {}, 1)


def test_many_are_asked_for_in_one_call(wecom_hook, outside):
    outside.people = {f"wm{n}": f"客户{n}" for n in range(105)}
    outside.page = 1000
    wrote(outside, *outside.people)
    take()
    assert Complaint.objects.count() == 105
    assert (name_due(), name_due()) == (100, 5)
    assert asked(outside) == 2
    assert not Account.objects.filter(name="").exists()


def test_who_has_none_is_not_asked_for_again(wecom_hook, outside):
    wrote(outside, "wm1")
    assert name_due() == 0
    with moment.at(moment.now() + timedelta(days=1)):
        name_due()
    assert asked(outside) == 1
    assert Account.objects.get().naming_at is None


@pytest.mark.parametrize("code", [48002, 45009, -1])
def test_a_refusal_holds_up_nothing_and_is_tried_again(wecom_hook, outside, code):
    outside.people = {"wm1": "小鹿"}
    outside.errors = [code]
    wrote(outside, "wm1")
    assert set(Arrival.objects.values_list("state", flat=True)) == {"taken"}
    assert (name_due(), name_due()) == (0, 0)
    assert Complaint.objects.get().customer.name == ""
    with moment.at(moment.now() + timedelta(minutes=2)):
        assert name_due() == 1


def test_it_gives_up_after_some_hours(wecom_hook, outside):
    wrote(outside, "wm2")
    outside.errors = [-1] * 20
    now = moment.now()
    for hours in range(48):
        with moment.at(now + timedelta(hours=hours)):
            name_due()
    assert Account.objects.filter(naming_at=None).count() == Account.objects.count()
    assert asked(outside) == 6


def test_a_name_is_taken_as_words_and_no_more(wecom_hook, outside, li, signed_in):
    nasty = "  <script>alert(1)</script>\u202e\r\nX" + "长" * 200
    outside.people = {"wm1": nasty}
    wrote(outside, "wm1")
    assert name_due() == 1
    name = Account.objects.get().name
    assert len(name) == 80 and name.startswith("<script>alert(1)</script> X长")
    assert "\u202e" not in name
    Complaint.objects.update(assignee=li, status="HND")
    page = signed_in(li).get(f"/complaints/{Complaint.objects.get().number}/").content.decode()
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("told", [None, 7, "x", [1, None], [{"external_userid": ["a"]}]])
def test_an_answer_that_is_none_changes_nothing(wecom_hook, outside, monkeypatch, told):
    from huiyin.journey.channels.social.tencent import Api

    wrote(outside, "wm1")
    monkeypatch.setattr(Api, "post", lambda self, path, asked: {"customer_list": told})
    assert name_due() == 0
    assert Account.objects.get().name == ""


def test_a_name_that_we_know_stays(wecom_hook, outside):
    outside.people = {"wm1": "小鹿"}
    wrote(outside, "wm1")
    customer = Complaint.objects.get().customer
    customer.name = "陆女士"
    customer.save()
    name_due()
    customer.refresh_from_db()
    assert (customer.name, Account.objects.get().name) == ("陆女士", "小鹿")


def test_others_are_not_asked_for(wechat_hook, own_hook, outside):
    from_wechat(wechat_hook, words())
    told = message()
    told["author"].pop("name", None)
    heard(own_hook, told)
    assert not Account.objects.exclude(naming_at=None).exists()
    assert name_due() == 0


def test_a_system_that_is_switched_off_is_not_asked(wecom_hook, outside):
    wrote(outside, "wm1")
    wecom_hook.refresh_from_db()
    wecom_hook.enabled = False
    wecom_hook.save()
    assert (name_due(), lanes_of_naming(), asked(outside)) == (0, {}, 0)
