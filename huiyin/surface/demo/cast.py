"""Who works here: the people of the demonstration and the teams they are in (cast.csv)."""

from __future__ import annotations

import csv
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from huiyin.ground.people.models import Department, Membership, Team, User
from huiyin.ground.people.words import Presence, Role

CAST = Path(__file__).parent / "cast.csv"
DEPARTMENTS = {
    "qc": ("品控部", "Quality control"),
    "finance": ("财务部", "Finance"),
    "legal": ("法务与合规部", "Legal and compliance"),
    "it": ("信息技术部", "Information technology"),
}


def rows() -> list[dict[str, str]]:
    with CAST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def enter() -> dict[str, User]:
    """Make them all; returns everybody by sign-in name.

    Those whom a visitor may be share one password; the colleagues who only do work have none.
    """
    departments = {
        code: Department.objects.create(code=code, name=name, name_en=name_en)
        for code, (name, name_en) in DEPARTMENTS.items()
    }
    teams = {team.code: team for team in Team.objects.all()}
    shared, none = make_password(settings.DEMO_PASSWORD), make_password(None)
    people: dict[str, User] = {}
    for row in rows():
        user = User.objects.create(
            username=row["username"],
            name=row["name"],
            email=f"{row['username']}@example.com",
            roles=row["roles"].split("+"),
            department=departments.get(row["department"]),
            presence=Presence.PRESENT,
            is_demo=True,
            password=shared if row["sign_in"] else none,
        )
        people[user.username] = user
        if row["team"]:
            team = teams[row["team"]]
            Membership.objects.create(user=user, team=team)
            if row["post"] == "duty":
                team.duty_supervisor = user
            elif row["post"] == "lead":
                team.lead = user
            team.save()
    return people


def table() -> str:
    """The accounts for the welcome text: name, roles, what to look at."""
    here = set(User.objects.active().filter(is_demo=True).values_list("username", flat=True))
    shown = [row for row in rows() if row["sign_in"] and row["username"] in here]
    if not shown:
        return ""
    head = f"演示账号 demo accounts（密码 password: {settings.DEMO_PASSWORD}）"
    lines = [
        f"  {row['username']:<9} {row['name']}{'　' * (3 - len(row['name']))}  {_told(row)}"
        for row in shown
    ]
    return "\n".join([head, *lines])


def _told(row: dict[str, str]) -> str:
    return row["who"] or "、".join(str(Role(role).label) for role in row["roles"].split("+"))
