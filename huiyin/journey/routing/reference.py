"""Teams, routes and the rungs of the green channel that every installation begins with; edited in
the console afterwards."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.ground.people.models import Team
from huiyin.journey.routing.models import Route, Rung
from huiyin.journey.routing.words import Post

FOLDER = Path(__file__).parent / "reference"


# Whom an S1 calls: position, post, minutes until the next.
RUNGS = ((1, Post.SUPERVISOR, 5), (2, Post.MANAGER, 5), (3, Post.SUPERVISION, 10))


def load_reference() -> int:
    made = 0
    with (FOLDER / "teams.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            team, new = Team.objects.get_or_create(code=row["code"], defaults=row)
            made += new
            if not new and not team.name_en:
                Team.objects.filter(pk=team.pk).update(name_en=row["name_en"])
    if not Route.objects.exists():
        teams = {team.code: team for team in Team.objects.all()}
        with (FOLDER / "routes.csv").open(encoding="utf-8", newline="") as file:
            routes = [
                Route(category_prefix=r["category_prefix"], team=teams[r["team"]], note=r["note"])
                for r in csv.DictReader(file)
            ]
        made += len(Route.objects.bulk_create(routes))
    if not Rung.objects.exists():
        rungs = [Rung(position=p, post=post, minutes=m) for p, post, m in RUNGS]
        made += len(Rung.objects.bulk_create(rungs))
    return made
