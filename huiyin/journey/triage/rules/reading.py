"""One text read whole: every value with its evidence. Pure; about a millisecond."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from huiyin.journey.triage.rules import category as categories_
from huiyin.journey.triage.rules import emotion as emotions
from huiyin.journey.triage.rules import restate as words
from huiyin.journey.triage.rules import risk, scope, severity
from huiyin.journey.triage.rules.amounts import Amount, amounts
from huiyin.journey.triage.rules.category import CategoryRow, Guess, Seed
from huiyin.journey.triage.rules.lexicon import EmotionWord, Hit, Phrase, Scanner
from huiyin.journey.triage.rules.normalise import Normal, normalise
from huiyin.journey.triage.rules.severity import Point, PointRow

# Raised with every change of a rule or of the shipped words, so that a reading names its maker.
RULE_VERSION = "2026.11-1"
# Risks found speak for these categories when their own words were found too.
BOOSTS: dict[str, dict[str, float]] = {
    "safety": {
        "SF.01.01": 3,
        "SF.01.02": 3,
        "SF.01.03": 3,
        "SF.02.01": 3,
        "SF.02.02": 3,
        "SF.02.03": 3,
        "SF.04.01": 3,
        "SF.03.01": 2,
    },
    "fraud": {"PR.02.02": 3, "PR.03.01": 3, "PR.03.02": 3},
    "leak": {"PR.01.01": 3, "PR.01.02": 2},
    "heavy_loss": {"PR.03.03": 2},
    "group_event": {"OT.01.03": 2},
}
MOST_EVIDENCE = 60


@dataclass(frozen=True)
class Lexicon:
    """Everything that is found in one pass. Build once, use for every text."""

    scanner: Scanner[Phrase | EmotionWord | Seed]

    @classmethod
    def build(
        cls,
        phrases: Iterable[Phrase],
        emotion_words: Iterable[EmotionWord],
        categories: Iterable[CategoryRow],
    ) -> Lexicon:
        """ValueError names the pattern that cannot be compiled."""
        patterns: list[tuple[Phrase | EmotionWord | Seed, str]] = []
        patterns += [(phrase, phrase.pattern) for phrase in phrases]
        patterns += [(word, word.word) for word in emotion_words]
        for row in categories:
            patterns += [(Seed(row.code, weight), word) for word, weight in row.seeds]
        return cls(Scanner(patterns))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the text. `category` is one chosen by a person, or empty."""

    channel: str = ""
    contact_count: int = 1
    level: str = "normal"
    category: str = ""
    amount_yuan: Decimal | None = None
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """original[start:end] == words speaks for `group` (safety, emotion, category, amount …)."""

    start: int
    end: int
    words: str
    group: str
    label: str
    points: int = 0


@dataclass(frozen=True)
class Reading:
    """What the rules make of a text. Severity 1–4, intensity and points as in the table."""

    severity: int
    score: int
    points: tuple[Point, ...]
    guesses: tuple[Guess, ...]
    category: str
    confidence: float
    settled: bool
    nature: str
    risks: tuple[str, ...]
    conduct: bool
    emotion: str
    intensity: int
    urgency: str
    scope: str
    people: int | None
    contacts: int
    raised: bool
    amounts: tuple[Amount, ...]
    evidence: tuple[Evidence, ...]
    happened: str
    wanted: str
    elements: tuple[str, ...]
    rule_version: str = RULE_VERSION


@dataclass
class _Marks:
    """Collects evidence in the normal text, gives it in the original."""

    normal: Normal
    original: str
    found: dict[tuple[int, int, str], Evidence] = field(default_factory=dict)

    def add(self, start: int, end: int, group: str, label: str = "", points: int = 0) -> None:
        if end <= start or len(self.found) >= MOST_EVIDENCE:
            return
        begin, stop = self.normal.span(start, end)
        words_ = self.original[begin:stop]
        self.found.setdefault(
            (begin, stop, group), Evidence(begin, stop, words_, group, label or group, points)
        )

    def words(self, group: str) -> str:
        said = [one.words for one in self.found.values() if one.group == group]
        return "、".join(list(dict.fromkeys(said))[:3])


def read(
    text: str,
    *,
    lexicon: Lexicon,
    categories: Mapping[str, CategoryRow],
    table: Sequence[PointRow],
    facts: Facts = Facts(),
) -> Reading:
    """Read a complaint. Never fails, whatever the text holds."""
    normal = normalise(text)
    plain = normal.text
    marks = _Marks(normal, text)
    hits = lexicon.scanner.find(plain)
    money = amounts(plain)
    phrases: list[Hit[Phrase]] = [h for h in hits if isinstance(h.key, Phrase)]  # type: ignore[misc]
    feelings: list[Hit[EmotionWord]] = [h for h in hits if isinstance(h.key, EmotionWord)]  # type: ignore[misc]
    seeds: list[Hit[Seed]] = [h for h in hits if isinstance(h.key, Seed)]  # type: ignore[misc]

    risks = risk.assess(plain, phrases, money, channel=facts.channel)
    for find in sorted(risks.finds, key=lambda f: (not f.strong, f.start)):
        marks.add(find.start, find.end, find.group)
    told, told_at = scope.repeats(plain)
    contacts = max(told, facts.contact_count)
    if told_at:
        marks.add(*told_at, "repeat", points=told)
    feeling = emotions.feel(plain, text, feelings, repeats=contacts)
    for _said, points, start, end in feeling.because:
        marks.add(start, end, "emotion", feeling.emotion, points)
    reach, people, reach_at = scope.scope(plain)
    if reach_at:
        marks.add(*reach_at, "scope", reach)
    down = scope.outage(plain)
    largest = _largest(money, facts)
    for amount in money[:10]:
        marks.add(amount.start, amount.end, "amount", "lost" if amount.lost else "amount")
    guesses = _guesses(seeds, categories, risks)
    chosen = categories.get(facts.category) or categories.get(guesses[0].code)
    settled = facts.category in categories
    sure = settled or guesses[0].confidence >= severity.TRUSTED
    standing = chosen if sure else categories.get(categories_.UNKNOWN)
    for start, end in guesses[0].spans:
        marks.add(start, end, "category", guesses[0].code)

    urgency, urgent_at = scope.urgency(plain, risks.groups)
    if urgent_at:
        marks.add(*urgent_at, "urgency", urgency)
    by_group = {group: marks.words(group) or group for group in risks.groups}
    verdict = severity.judge(
        table,
        severity.Circumstance(
            risks=by_group,
            hazard=_hazard(plain, risks),
            amount=largest,
            amount_words=f"{largest.normalize():f}" if largest else "",
            scope=reach,
            scope_words=marks.words("scope"),
            outage=plain[slice(*down)] if down else "",
            intensity=feeling.intensity,
            emotion_words=marks.words("emotion") or str(feeling.intensity),
            contacts=contacts,
            category=standing.code if standing else "",
            category_severity=standing.severity if standing else None,
            nature=standing.nature if standing else "",
            settled=settled,
        ),
    )
    heavy = [(f.start, f.end, 3.0 if f.strong else 1.0) for f in risks.finds]
    heavy += [(h.start, h.end, h.key.weight / 3) for h in seeds]
    happened, wanted = words.restate(plain, heavy, facts.wanted)
    return Reading(
        severity=verdict.severity,
        score=verdict.score,
        points=verdict.points,
        guesses=guesses,
        category=chosen.code if chosen else guesses[0].code,
        confidence=1.0 if settled else guesses[0].confidence,
        settled=settled,
        nature=chosen.nature if chosen else "",
        risks=tuple(group for group in risk.GROUPS if group in risks.groups),
        conduct=risks.conduct,
        emotion=feeling.emotion,
        intensity=feeling.intensity,
        urgency=urgency,
        scope=reach,
        people=people,
        contacts=contacts,
        raised=facts.level == "vip",
        amounts=tuple(money),
        evidence=tuple(sorted(marks.found.values(), key=lambda e: (e.start, e.end))),
        happened=happened,
        wanted=wanted,
        elements=words.elements(plain, has_amount=bool(money)),
    )


def _largest(money: Sequence[Amount], facts: Facts) -> Decimal:
    stated = [amount.yuan for amount in money]
    if facts.amount_yuan:
        stated.append(facts.amount_yuan)
    return max(stated, default=Decimal(0))


def _hazard(plain: str, risks: risk.Risks) -> str:
    hint = next((find for find in risks.hints if find.group == "safety"), None)
    return plain[hint.start : hint.end] if hint else ""


def _guesses(
    seeds: Sequence[Hit[Seed]], categories: Mapping[str, CategoryRow], risks: risk.Risks
) -> tuple[Guess, ...]:
    boosts: dict[str, float] = {}
    for group in risks.groups:
        for code, points in BOOSTS.get(group, {}).items():
            boosts[code] = boosts.get(code, 0.0) + points
    return categories_.guesses(seeds, categories, blocked=risks.blocked, boosts=boosts)
