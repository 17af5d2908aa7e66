"""Who may lift whom."""

import pytest

from huiyin.ground.people.words import Role
from huiyin.surface.console import rules

EVERY = Role.values


@pytest.mark.parametrize(
    ("actor", "role", "may"),
    [
        ("sysadmin", "agent", True),
        ("sysadmin", "manager", True),
        ("sysadmin", "sysadmin", True),
        ("sysadmin", "secadmin", False),
        ("sysadmin", "auditor", False),
        ("secadmin", "agent", True),
        ("secadmin", "secadmin", True),
        ("secadmin", "auditor", True),
        ("secadmin", "sysadmin", False),
        ("manager", "agent", False),
        ("supervisor", "agent", False),
        ("auditor", "auditor", False),
        ("agent", "agent", False),
    ],
)
def test_nobody_gives_a_role_above_his_own(actor, role, may):
    assert (role in rules.grantable([actor], EVERY)) is may


def test_taking_a_role_away_needs_the_same_right_as_giving_it():
    refused = rules.not_grantable(
        ["sysadmin"], before=["secadmin", "agent"], after=["agent"], every=EVERY
    )
    assert refused == {"secadmin"}


def test_a_role_left_alone_asks_for_no_right():
    assert not rules.not_grantable(
        ["sysadmin"], before=["secadmin"], after=["secadmin", "agent"], every=EVERY
    )


@pytest.mark.parametrize(
    ("actor", "target", "out"),
    [
        ("sysadmin", ["agent"], False),
        ("sysadmin", ["sysadmin"], False),
        ("sysadmin", ["secadmin"], True),
        ("sysadmin", ["auditor", "agent"], True),
        ("secadmin", ["sysadmin"], True),
        ("secadmin", ["auditor"], False),
        ("manager", ["sysadmin"], True),
    ],
)
def test_an_administrator_is_touched_only_by_who_could_make_him(actor, target, out):
    assert rules.out_of_reach([actor], target, EVERY) is out


@pytest.mark.parametrize(
    ("roles", "conflict"),
    [
        (["auditor"], False),
        (["auditor", "agent"], False),
        (["auditor", "sysadmin"], True),
        (["auditor", "secadmin"], True),
        (["sysadmin", "secadmin"], False),
    ],
)
def test_the_auditor_runs_nothing(roles, conflict):
    assert rules.conflict(roles) is conflict


def test_differences_name_only_what_changed():
    found = rules.differences({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": None})
    assert [(d.field, d.before, d.after) for d in found] == [("b", 2, 3)]
