"""Who works here: the people of the demonstration and the teams they are in (cast.csv)."""

from __future__ import annotations

import csv
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from huiyin.ground.people.models import Department, Membership, Team, User
from huiyin.ground.people.words import Presence, Role

CAST = Path(__file__).parent / "cast.csv"
DEPARTMENTS = Path(__file__).parent / "departments.csv"
POSTS = ("head", "deputy_head", "duty")  # of a department: people, who come after it


def rows(file: Path = CAST) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def enter() -> dict[str, User]:
    """Make them all; returns everybody by sign-in name.

    Those whom a visitor may be share one password; the colleagues who only do work have none.
    """
    departments = _departments()
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
    _at_their_posts(departments, people)
    return people


def _departments() -> dict[str, Department]:
    """Departments, stores and outside parties by code; those above stand before those below."""
    made: dict[str, Department] = {}
    for row in rows(DEPARTMENTS):
        told = {name: value for name, value in row.items() if name not in (*POSTS, "parent")}
        made[row["code"]] = Department.objects.create(parent=made.get(row["parent"]), **told)
    return made


def _at_their_posts(departments: dict[str, Department], people: dict[str, User]) -> None:
    for row in rows(DEPARTMENTS):
        posts = {f"{post}_id": people[row[post]].pk for post in POSTS if row[post]}
        if posts:
            Department.objects.filter(pk=departments[row["code"]].pk).update(**posts)


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
