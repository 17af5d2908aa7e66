"""Emotion and its strength: a visible sum with caps (triage 4.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.journey.triage.rules.lexicon import EmotionWord, Hit

ANGRY, DISAPPOINTED, ANXIOUS, DESPERATE, CALM = (
    "angry",
    "disappointed",
    "anxious",
    "desperate",
    "calm",
)
BASE = 18  # whoever complains is not quite calm
NOTE_BASE = 10  # an agent's note in the third person
MILD = 30  # up to here calm (conventions)
# Strength 1–5 of a word → points; the strongest counts whole, others a third, at most so much.
POINTS = (0, 10, 20, 30, 42, 54)
MOST_FROM_OTHERS = 24
LEAST_FELT = 13  # 有点着急 is mild, not calm
DEGREE = re.compile(
    r"(?:非常|十分|特别|极其|极度|极|太|超级|超|无比|实在|真的|真是|简直|彻底|万分|相当|格外|完全|严重|强烈|很|多么|好|这么|如此)的?$"
)
DEGREE_AFTER = re.compile(
    r"^(?:极了|死了|透顶|透了|至极|得要命|得不行|坏了|到极点|到了极点|之极|炸了)"
)
SLIGHT = re.compile(r"(?:有点|有些|稍微|略|一点|些许|不太|不怎么|不是很)的?$")
NEGATED = re.compile(
    r"(?:(?<!有)没有?|不是|并不|不会|不|(?<!特)别|毫不|没那么)(?:很|太|那么|什么|觉得|感到|再|要|用)?$"
)
SHOUT = re.compile(r"!{2,}|[!?]{3,}")
CAPITALS = re.compile(r"\b[A-Z]{4,}(?:\s+[A-Z]{3,})+\b")
REPEATED = re.compile(r"([一-鿿])\1{3,}")
RHETORIC = re.compile(
    r"凭什么|难道|什么玩意|什么态度|什么服务|还有没有|有没有王法|岂有此理|怎么能这样|怎么可以|到底(?:想|要|管|能)|是不是(?:欺负|耍|把我当)|要脸吗|良心"
)
NOTE = re.compile(
    r"^.{0,30}?(?:客户|用户|来电人|投诉人|机主|市民|消费者|诉求人|网民|来访人|顾客)(?:来电|反映|反馈|表示|称|诉|投诉|要求|致电|咨询|描述|说|提出|认为|于|在|因|不满|对|办理|本人|因为|,)"
)
FACES = {
    "😡": 26,
    "🤬": 38,
    "💢": 17,
    "😠": 17,
    "😤": 17,
    "😭": 17,
    "😢": 10,
    "😞": 10,
    "🙄": 10,
    "👎": 10,
    "😱": 17,
    "💔": 17,
}


@dataclass(frozen=True, slots=True)
class Feeling:
    """`because` lists what was counted: (words, points, start, end) in the normal text."""

    emotion: str
    intensity: int
    because: tuple[tuple[str, int, int, int], ...]


def feel(
    text: str, original: str, hits: Sequence[Hit[EmotionWord]], *, repeats: int = 1
) -> Feeling:
    """Emotion and intensity 0–100: 0–30 calm, –50 mild, –70 clear, –85 strong, above extreme."""
    note = bool(NOTE.match(text))
    counted: list[tuple[int, Hit[EmotionWord]]] = []
    seen: set[str] = set()
    reach = 0
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if hit.start < reach or hit.key.word in seen:
            continue
        points = _points(text, hit)
        if points:
            reach = hit.end
            seen.add(hit.key.word)
            counted.append((points, hit))
    counted.sort(key=lambda one: -one[0])
    faces = [(face, points) for face, points in FACES.items() if face in original]
    because = [(text[h.start : h.end], points, h.start, h.end) for points, h in counted[:12]]
    total = NOTE_BASE if note else BASE
    if counted:
        total += counted[0][0] + min(
            sum(points for points, _ in counted[1:]) // 3, MOST_FROM_OTHERS
        )
    total += min(sum(points for _, points in faces), 38)
    total += _manner(text, original, because, repeats=repeats, moved=bool(counted or faces))
    intensity = max(0, min(100, total))
    emotion = _emotion(counted, bool(faces), intensity)
    if emotion == CALM:
        intensity = min(intensity, MILD)
    return Feeling(emotion, intensity, tuple(because))


def _points(text: str, hit: Hit[EmotionWord]) -> int:
    before, after = text[max(0, hit.start - 6) : hit.start], text[hit.end : hit.end + 4]
    points = POINTS[max(1, min(5, hit.key.strength))]
    if NEGATED.search(before):
        return 0
    if DEGREE.search(before) or DEGREE_AFTER.match(after):
        return points * 13 // 10
    if SLIGHT.search(before):
        return max(points * 2 // 3, min(points, LEAST_FELT))
    return points


def _manner(
    text: str,
    original: str,
    because: list[tuple[str, int, int, int]],
    *,
    repeats: int,
    moved: bool,
) -> int:
    """Exclamation marks, rhetorical questions, repetition, capitals, how often one has called."""
    total = 0
    for pattern, each, most in ((SHOUT, 8, 16), (RHETORIC, 9, 18), (REPEATED, 5, 5)):
        found = list(pattern.finditer(text[:4000]))[:3]
        if found:
            points = min(each * len(found), most)
            total += points
            because.append((found[0].group()[:8], points, *found[0].span()))
    if CAPITALS.search(original[:4000]):
        total += 8
    if not total and text.count("!") >= 2 and moved:
        total += 4
    if repeats > 1 and moved:
        total += min(4 * (repeats - 1), 12)
    return total


def _emotion(counted: Sequence[tuple[int, Hit[EmotionWord]]], faces: bool, intensity: int) -> str:
    sums: dict[str, int] = {}
    for points, hit in counted:
        sums[hit.key.emotion] = sums.get(hit.key.emotion, 0) + points
    if sums.get(DESPERATE, 0) >= POINTS[3]:
        return DESPERATE
    if intensity <= MILD:
        return CALM
    if not sums:
        return ANGRY
    # The order settles ties: what needs the quicker answer goes first.
    order = (DESPERATE, ANGRY, ANXIOUS, DISAPPOINTED)
    return max(order, key=lambda emotion: (sums.get(emotion, 0), -order.index(emotion)))
