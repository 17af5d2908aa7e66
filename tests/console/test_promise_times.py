"""承诺时限 in the console: who sees and who changes it, its history, values that are none."""

from __future__ import annotations

import json

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.journey.promises import actions
from huiyin.journey.promises.models import Usual
from huiyin.surface.console.models import ConfigChange
from tests.conftest import at, person
from tests.roads import assigned

pytestmark = pytest.mark.django_db
LIST = "/console/promise-times/"


@pytest.fixture
def boss(manager, signed_in):
    return signed_in(manager)


def usual(kind="refund") -> Usual:
    return Usual.objects.get(kind=kind)


def test_every_kind_stands_with_its_source_and_version(boss):
    told = boss.get(LIST).text
    for kind in (
        "退款",
        "赔偿补偿",
        "补发",
        "换货",
        "维修",
        "寄送",
        "上门",
        "回电",
        "答复",
        "其他承诺",
    ):
        assert kind in told
    assert "本产品默认" in told
    assert f"{LIST}new/" not in told  # the kinds are words of the product


def test_a_supervisor_looks_and_changes_nothing(signed_in):
    client = signed_in(person("sup", "班长", Role.SUPERVISOR))
    row = usual()
    assert client.get(LIST).status_code == 200
    page = client.get(f"{LIST}{row.pk}/")
    assert page.status_code == 200
    answer = client.post(f"{LIST}{row.pk}/", {"amount": "1", "unit": "hours"})
    assert answer.status_code == 403
    assert usual().amount == row.amount


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.FINANCE])
def test_others_do_not_come_in(signed_in, role):
    client = signed_in(person("other", "别人", role))
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}{usual().pk}/", {"amount": "1"}).status_code == 403


def test_a_changed_time_is_what_a_better_wording_proposes(
    boss, fill, make_complaint, after_sales, li
):
    made = assigned(make_complaint, after_sales, li)
    with moment.at(at("2026-11-26 10:00")):
        [chip] = actions.read(li, made, "我们会给您补发。")
        assert "12月1日18:00" in chip.better
        changed = fill(boss, "promise-times", usual("reship"), amount="5", unit="work_hours")
        assert changed.status_code == 302
        [chip] = actions.read(li, made, "我们会给您补发。")
        assert "11月26日16:00" in chip.better  # an hour of noon between


def test_the_history_tells_who_changed_what(boss, fill, manager):
    row = usual()
    fill(boss, "promise-times", row, amount="2", call_amount="8", version="2", source="售后会议")
    change = ConfigChange.objects.order_by("-pk").first()
    assert change is not None
    assert change.by == manager
    told = json.dumps(change.changes, ensure_ascii=False)
    assert "售后会议" in told
    page = boss.get(f"{LIST}{row.pk}/").text
    assert manager.name in page
    assert "售后会议" in page


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("amount", "0"),
        ("amount", "-1"),
        ("amount", "91"),
        ("amount", "x"),
        ("amount", "1e9"),
        ("amount", "NaN"),
        ("amount", ""),
        ("amount", "1.5"),  # of working days
        ("unit", "fortnights"),
        ("call_amount", "0"),
        ("call_amount", "81"),
        ("version", ""),
        ("source", "长" * 201),
    ],
)
def test_a_bad_value_is_told_and_nothing_is_kept(boss, fill, name, typed):
    before = usual()
    answer = fill(boss, "promise-times", before, **{name: typed})
    assert answer.status_code in (200, 422)
    assert answer.context["form"].errors[name]
    after = usual()
    assert (after.amount, after.unit, after.call_amount, after.version, after.source) == (
        before.amount,
        before.unit,
        before.call_amount,
        before.version,
        before.source,
    )
    assert not ConfigChange.objects.exists()


def test_half_an_hour_is_a_time_and_half_a_day_is_none(boss, fill):
    assert fill(boss, "promise-times", usual("call"), amount="0.5").status_code == 302
    refused = fill(boss, "promise-times", usual("send"), amount="0.5")
    assert "请填写整数" in refused.text


def test_a_new_kind_cannot_be_added(boss):
    assert boss.get(f"{LIST}new/").status_code in (403, 404)
    assert boss.post(f"{LIST}new/", {"kind": "gift", "amount": "1"}).status_code in (403, 404)
    assert Usual.objects.count() == 12
