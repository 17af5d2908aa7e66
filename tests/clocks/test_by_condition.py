"""A policy that chooses its complaints by a condition; the earliest limit still counts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from huiyin.ground.people.words import Role
from huiyin.journey.clocks.models import Policy, Term, forget
from tests.clocks.test_replanning import follow
from tests.conftest import at, person
from tests.roads import fresh

pytestmark = pytest.mark.django_db
MORNING = "2026-11-25 10:00"
VIP = {"all": [{"field": "customer_level", "is": "one_of", "value": ["vip"]}]}


def contract(amount: int, condition: dict, **more) -> Policy:
    policy = Policy.objects.create(
        code="KEY-ACCOUNT",
        name_zh="大客户合同",
        status="in_force",
        enabled=True,
        condition=condition,
    )
    Term.objects.create(
        policy=policy, kind="resolution", amount=Decimal(amount), unit="work_days", **more
    )
    forget()
    return policy


def test_it_counts_for_whom_it_fits_when_it_is_the_earliest(taken_in, wang_fang):
    wang_fang.level = "vip"
    wang_fang.save()
    contract(1, VIP)
    clock = fresh(taken_in(MORNING)).clocks.get(kind="resolution")
    assert (clock.policy, clock.due_at) == ("KEY-ACCOUNT", at("2026-11-27 00:00"))


def test_it_never_lengthens_what_others_ask_for(taken_in, wang_fang):
    wang_fang.level = "vip"
    wang_fang.save()
    contract(20, VIP)
    clock = fresh(taken_in(MORNING)).clocks.get(kind="resolution")
    assert (clock.policy, clock.due_at) == ("SLA-STD", at("2026-12-01 00:00"))


def test_others_do_not_have_it(taken_in, wang_fang):
    contract(1, VIP)
    assert fresh(taken_in(MORNING)).clocks.get(kind="resolution").policy == "SLA-STD"


def test_an_edit_of_the_condition_plans_open_clocks_anew(taken_in, clock):
    policy = contract(1, VIP)
    complaint = fresh(taken_in(MORNING))
    follow(clock, "2026-11-25 11:00")
    policy.condition = {"all": [{"field": "channel", "is": "one_of", "value": ["phone"]}]}
    policy.save()
    follow(clock, "2026-11-25 13:00")
    assert complaint.clocks.get(kind="resolution").policy == "KEY-ACCOUNT"


def test_the_console_builds_it_and_refuses_what_is_none(client):
    policy = contract(1, VIP)
    client.force_login(person("adm", "管理员", Role.SYSADMIN))
    page = client.get(f"/console/policies/{policy.pk}/").content.decode()
    assert "自动用于哪些投诉" in page
    form = {
        "code": policy.code,
        "name_zh": policy.name_zh,
        "version": "1",
        "status": "unverified",
        "condition": '{"all": [{"field": "nothing", "is": "equal", "value": "1"}]}',
    }
    answer = client.post(f"/console/policies/{policy.pk}/", form)
    assert "没有" in answer.content.decode()
    policy.refresh_from_db()
    assert policy.condition == VIP
