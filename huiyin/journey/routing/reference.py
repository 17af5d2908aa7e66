"""Teams and routes that every installation begins with; edited in the console afterwards."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.ground.people.models import Team
from huiyin.journey.routing.models import Route

FOLDER = Path(__file__).parent / "reference"


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
    return made
