"""The starter set: clauses, laws, scripts, articles written for this product.

Every installation begins with it; what is there already is left alone. Clauses are proposals until
the house has confirmed them; laws are summaries with their source and say how far it was checked.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.knowledge.actions.importing import text_of
from huiyin.ground.knowledge.actions.text import checked_text
from huiyin.ground.knowledge.models import Article, History, Version
from huiyin.ground.knowledge.sources.marked import pieces
from huiyin.ground.knowledge.words import Kind, State, Turn
from huiyin.ground.people.models import User

FOLDER = Path(__file__).parent / "reference"
FILES = (
    ("policies", Kind.POLICY),
    ("laws", Kind.LAW),
    ("scripts", Kind.SCRIPT),
    ("articles", Kind.ARTICLE),
)
REVIEWED_WITHIN = timedelta(days=180)


def load_reference() -> int:
    """In force at once, by the system: nobody of the house has approved anything of it."""
    there = set(Article.objects.values_list("code", flat=True))
    system, now = User.objects.system(), moment.now()
    review_on = moment.today() + REVIEWED_WITHIN
    articles: list[Article] = []
    versions: list[Version] = []
    with translation.override("zh-hans"):  # the files are written with the labels of the house
        for name, kind in FILES:
            for piece in pieces((FOLDER / f"{name}.md").read_text(encoding="utf-8")):
                if piece.code in there:
                    continue
                text, found = text_of(piece, kind=kind)
                article = Article(code=piece.code, kind=found, review_on=review_on, created_at=now)
                version = Version(
                    article=article,
                    number=1,
                    state=State.PUBLISHED,
                    in_force=True,
                    author=system,
                    created_at=now,
                    published_at=now,
                    **checked_text(text),
                )
                version.index()
                articles.append(article)
                versions.append(version)
    Article.objects.bulk_create(articles)
    Version.objects.bulk_create(versions)
    History.objects.bulk_create(
        History(article=one, version=1, what=Turn.LOADED, by=system, at=now) for one in articles
    )
    return len(articles)
