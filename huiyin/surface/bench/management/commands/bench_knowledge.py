"""manage bench_knowledge: how long a search of the library takes at N articles."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from huiyin.ground import moment
from huiyin.ground.knowledge.actions import find, suggested
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.words import Audience, Kind, State
from huiyin.ground.people.models import User
from huiyin.surface.bench.generator import texts

AIM = 50  # milliseconds at the median, of the slowest question
BATCH = 1_000
TURNS = 20
QUERIES = (
    ("one character, everywhere", "的"),
    ("one character", "退"),
    ("two, everywhere", "客服"),
    ("two", "退款"),
    ("four", "不加热的"),
    ("a sentence", "客服一直不处理，要求退款"),
    ("two words", "退款 运费"),
    ("rare", "独角鲸保温杯"),
    ("Latin", "iphone"),
    ("a code", "BENCH-0123"),
)
CATEGORIES = ("AS.01", "AS.01.02", "PD.01", "DL.01.02", "SV.01", "CT.04", "IN.01", "SF.04")
COMPLAINT = "上周买的电饭煲不加热，客服一直不处理，要求退款，运费也要你们出，不然就打12315。"


class Command(BaseCommand):
    help = (
        "Measure search and suggestions of the knowledge library at N articles, by words of every "
        "length, with the first of each apart. Makes the articles in a transaction and takes them "
        "back. Prints milliseconds; the aim is a median below 50 for the slowest question."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--n", type=int, default=20_000, help="articles in force")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["n"] < 1:
            raise CommandError("--n must be above 0.")
        with transaction.atomic():
            _fill(options["n"])
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE knowledge_article")
                cursor.execute("ANALYZE knowledge_version")
            there = Version.objects.in_force().count()
            self.stdout.write(f"{there:,} articles in force")
            self.stdout.write(f"{'':<28}{'hits':>6}{'first':>9}{'p50 ms':>9}{'slowest':>9}")
            worst = max(self._measure(*one) for one in _asked(User.objects.system()))
            verdict = "met" if worst <= AIM else f"missed by {worst - AIM:.1f} ms"
            self.stdout.write(f"Slowest median {worst:.1f} ms, aim {AIM} ms: {verdict}")
            transaction.set_rollback(True)

    def _measure(self, what: str, ask: Callable[[], list[Any]]) -> float:
        took = []
        hits = 0
        for _turn in range(TURNS):
            began = time.perf_counter()
            hits = len(ask())
            took.append(1000 * (time.perf_counter() - began))
        first, warm = took[0], sorted(took[1:])
        line = f"{what:<28}{hits:>6}{first:>9.1f}{statistics.median(warm):>9.1f}{warm[-1]:>9.1f}"
        self.stdout.write(line)
        return statistics.median(warm)


def _asked(reader: User) -> list[tuple[str, Callable[[], list[Any]]]]:
    def searching(words: str) -> Callable[[], list[Any]]:
        return lambda: list(find(reader, words, limit=20))

    rows: list[tuple[str, Callable[[], list[Any]]]] = [
        (f"{what}: {words[:6]}", searching(words)) for what, words in QUERIES
    ]
    rows.append(
        ("suggestions", lambda: suggested(reader, category="AS.01.02", text=COMPLAINT, limit=5))
    )
    rows.append(("no words, best used", lambda: list(find(reader, "", limit=20))))
    return rows


def _fill(count: int) -> None:
    """Articles of some hundred characters, with words of real complaints."""
    chance = Random(5)  # noqa: S311 — plausible, not secret
    pool = [told.text for told in texts.pool(400, chance)]
    system, now = User.objects.system(), moment.now()
    for begin in range(0, count, BATCH):
        numbers = range(begin, min(begin + BATCH, count))
        articles = Article.objects.bulk_create(
            Article(code=f"BENCH-{n:06}", kind=chance.choice(Kind.values), created_at=now)
            for n in numbers
        )
        versions = []
        for article in articles:
            body = "\n\n".join(chance.choice(pool) for _part in range(chance.randint(2, 6)))
            one = Version(
                article=article,
                number=1,
                title=body[: chance.randint(8, 24)],
                body=body,
                audience=Audience.AGENT,
                categories=[chance.choice(CATEGORIES)],
                keywords=[body[at : at + 3] for at in (2, 9)],
                state=State.PUBLISHED,
                in_force=True,
                author=system,
                created_at=now,
                published_at=now,
            )
            one.index()
            versions.append(one)
        Version.objects.bulk_create(versions)
