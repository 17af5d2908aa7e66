"""What the tests of triage have in common: the shipped words, without a database."""

import csv
from pathlib import Path

import pytest
from django.db import transaction

from huiyin.journey.triage import knowledge, reference, rules

HERE = Path(__file__).parent
CATEGORIES = {
    row["code"]: rules.CategoryRow(
        row["code"],
        row["parent"],
        int(row["severity"].removeprefix("S")),
        row["nature"],
        rules.parse_seeds(row["seeds"]),
    )
    for row in reference.rows("categories")
}
LEXICON = rules.Lexicon.build(
    [rules.Phrase(**row) for row in reference.rows("risk_phrases")],
    [
        rules.EmotionWord(row["word"], row["emotion"], int(row["strength"]))
        for row in reference.rows("emotion_words")
    ],
    CATEGORIES.values(),
)
POINTS = tuple(
    rules.PointRow(
        row["key"],
        row["part"],
        int(row["points"]),
        float(row["threshold"]) if row["threshold"] else None,
    )
    for row in reference.rows("severity_points")
)


def read(text, **facts):
    """A reading by the shipped words and the shipped severity table."""
    return rules.read(
        text, lexicon=LEXICON, categories=CATEGORIES, table=POINTS, facts=rules.Facts(**facts)
    )


def table(name):
    """The rows of a table of texts beside this file."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(autouse=True)
def _words_are_read_again():
    """Words that a test edited are undone in the database, so they must leave the memory too."""
    yield
    knowledge.forget()


@pytest.fixture
def received(wang_fang):
    """A complaint that has just come in, before anybody or anything has read it."""
    from huiyin.ground.people.models import User
    from huiyin.journey.complaint.events import record
    from huiyin.journey.complaint.models import Complaint
    from huiyin.journey.complaint.words import Status, What

    def receive(text="上周买的电饭煲漏电，孩子的手被电到了，打了三次电话没人管。", **fields):
        fields.setdefault("subject", text[:20])
        fields.setdefault("channel", "phone")
        fields.setdefault("customer", wang_fang)
        complaint = Complaint.begin(text=text, **fields)
        with transaction.atomic():
            complaint.move_to(Status.REG)
            record(What.RECEIVED, complaint, by=User.objects.system())
            complaint.arrive()
        return complaint

    return receive
