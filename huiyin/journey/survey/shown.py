"""Answers, questions and figures as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from huiyin.ground.conditions import rules as conditions
from huiyin.ground.language import in_english
from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked_text
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.conditions import category_choices
from huiyin.journey.survey import rules
from huiyin.journey.survey.models import Answer, Survey, Version
from huiyin.journey.survey.results import MOST_WORDS, Asked, Results
from huiyin.journey.survey.rules.questions import said as text_of
from huiyin.journey.survey.words import Ask, Metric
from huiyin.journey.triage import knowledge
from huiyin.journey.triage.words import Emotion


def ends_of(ask: str) -> tuple[str, str]:
    """What the lowest and the highest of a scale mean."""
    return {
        Ask.CSAT: (_("很不满意"), _("很满意")),
        Ask.NPS: (_("完全不可能"), _("非常可能")),
        Ask.CES: (_("非常费力"), _("毫不费力")),
        Ask.MATRIX: (_("很差"), _("很好")),
    }[Ask(ask)]


def face_names() -> list[str]:
    """What each of the five faces says, for who does not see them."""
    return [_("很不满意"), _("不满意"), _("一般"), _("满意"), _("很满意")]


def asked(version: Version, *, english: bool | None = None) -> list[dict[str, Any]]:
    """The questions in the reader's language, with what each offers; `english` chooses one."""
    english = in_english() if english is None else english
    return [_asked(one, english) for one in version.questions]


def _asked(one: Mapping[str, Any], english: bool) -> dict[str, Any]:
    ask = one["ask"]
    told: dict[str, Any] = {
        "key": one["key"],
        "name": f"q.{one['key']}",
        "ask": ask,
        "kind": Ask(ask).label,
        "title": text_of(one, "title", english),
        "help": text_of(one, "help", english),
        "required": one["required"],
        "look": one.get("look", ""),
        "when": one.get("when"),
    }
    if ask in rules.SCALES:
        low, high = rules.SCALES[Ask(ask)]
        told |= {"scale": list(range(low, high + 1)), "low": ends_of(ask)[0]}
        told["high"] = ends_of(ask)[1]
    if ask == Ask.CSAT:
        told["faces"] = list(zip(told["scale"], face_names(), strict=True))
    if ask in (Ask.ONE, Ask.SEVERAL):
        told["options"] = [(o["key"], text_of(o, "", english)) for o in one["options"]]
    if ask == Ask.MATRIX:
        told["rows"] = [(o["key"], text_of(o, "", english)) for o in one["rows"]]
    if ask in (Ask.LINE, Ask.TEXT):
        told["most"] = rules.LONGEST_LINE if ask == Ask.LINE else rules.LONGEST_TEXT
    return told


def answered(answer: Answer) -> list[tuple[str, str]]:
    """(question, what was answered) in words, in the order of the version that was asked."""
    english = in_english()
    return [
        (text_of(one, "title", english), value_of(one, answer.said[one["key"]], english))
        for one in answer.version.questions
        if one["key"] in answer.said
    ]


def value_of(one: Mapping[str, Any], value: Any, english: bool) -> str:
    ask = one["ask"]
    if ask == Ask.YES:
        return _("是") if value == "yes" else _("否")
    if ask in (Ask.ONE, Ask.SEVERAL):
        names = {o["key"]: text_of(o, "", english) for o in one["options"]}
        chosen = value if isinstance(value, list) else [value]
        return "、".join(names.get(one_, str(one_)) for one_ in chosen)
    if ask == Ask.MATRIX:
        names = {o["key"]: text_of(o, "", english) for o in one["rows"]}
        return "、".join(f"{names.get(row, row)} {score}" for row, score in value.items())
    if ask in rules.SCALES:
        return f"{value}/{rules.SCALES[Ask(ask)][1]}"
    return str(value)


# --- words of customers without whose they are --------------------------------------------------


def words_without_names(user: User, survey: Survey, asked_: Asked) -> list[str]:
    """What customers wrote, for those who may not know who: no number, no name, no score, no day,
    in the order of the alphabet, and only of answers that came in batches."""
    found = asked_.picked(Answer.objects.counted_for(user).filter(survey=survey)).exclude(text="")
    rows = list(found.select_related("complaint__customer").order_by("-pk")[:MOST_WORDS])
    if len(rows) < rules.FEWEST_SHOWN:
        return []
    return sorted(_anonymous(one.text, one.complaint) for one in rows)


def _anonymous(text: str, complaint: Complaint) -> str:
    customer = complaint.customer
    points = [point.shown for point in customer.contact_points.all()]
    text = masked_text(text, names=[customer.name], points=[*points, complaint.order_no])
    return text.replace(complaint.number, "••••")


# --- figures -----------------------------------------------------------------------------------


def formulas() -> list[tuple[str, str, str]]:
    """(metric, how it is computed, where that stands)."""
    return [
        (str(Metric.CSAT.label), _("选 4 或 5 分的答卷 ÷ 答了这一题的答卷 × 100"), "K22"),
        (str(Metric.NPS.label), _("9–10 分的百分比 − 0–6 分的百分比，从 −100 到 100"), "K23"),
        (str(Metric.CES.label), _("1–7 分的平均数，越高越省力；旁边是选 5–7 分的百分比"), "K24"),
        (
            _("回收率"),
            _("时段内发出的调查里已填写的 ÷ 发出的 × 100；不用像素跟踪是否送达、打开"),
            "",
        ),
    ]


def number_of(metric: str, score: rules.Score) -> str:
    """“86%”, “+23”, “5.4”; a dash of nothing."""
    if score.value is None:
        return "—"
    if metric == Metric.CSAT:
        return f"{score.value:.0f}%"
    return f"{score.value:+.0f}" if metric == Metric.NPS else f"{score.value:.1f}"


def tiles(found: Results) -> list[dict[str, Any]]:
    """The figures at the head of the page, each with the answers behind it."""
    told = []
    for metric, score in found.scores.items():
        told.append(
            {
                "metric": metric,
                "title": Metric(metric).label,
                "value": number_of(metric, score),
                "of": score.of,
                "few": score.is_few,
                "note": _note(metric, score),
                "href": link(found, metric=metric) if found.whole else "",
            }
        )
    return told


def _note(metric: str, score: rules.Score) -> str:
    if metric == Metric.CSAT:
        return _("%(part)s/%(of)s 份满意") % {"part": score.parts[0], "of": score.of}
    if metric == Metric.NPS:
        best, middle, worst = score.parts
        return _("推荐 %(best)s · 中立 %(middle)s · 贬损 %(worst)s") % {
            "best": best,
            "middle": middle,
            "worst": worst,
        }
    share = round(100 * score.parts[0] / score.of) if score.of else 0
    return _("%(share)s%% 觉得省力 · %(of)s 份") % {"share": share, "of": score.of}


def link(found: Results, **more: str) -> str:
    """The answers behind a figure."""
    address = reverse("survey:answers", args=[found.survey.pk])
    return f"{address}?{urlencode(found.asked.query(**more))}"


def lines(found: Results, what: str) -> list[dict[str, Any]]:
    """Rows of the table by team or by heading."""
    rows = found.teams if what == "team" else found.categories
    names = dict(category_names()) if what == "category" else {}
    return [
        {
            "name": names.get(line.key, line.name),
            "answers": line.answers,
            "href": link(found, **{what: line.key}) if found.whole else "",
            "few": line.answers < rules.FEW,
            "scores": [
                number_of(metric, line.scores[metric]) if metric in line.scores else "—"
                for metric in found.scores
            ],
        }
        for line in rows
    ]


def category_names() -> list[tuple[str, str]]:
    """The headings of the taxonomy."""
    return [(code, name.strip()) for code, name in category_choices() if "." not in code]


def theme_names(found: Results) -> list[tuple[str, int, str]]:
    """(theme, how many speak of it, their answers)."""
    path = knowledge.current().path
    return [
        (path(code) or code, n, link(found, theme=code) if found.whole else "")
        for code, n in found.themes
    ]


def theme_name(code: str) -> str:
    return knowledge.current().path(code)


def emotion_names(found: Results) -> list[tuple[str, int, str]]:
    return [
        (str(Emotion(key).label), n, link(found, emotion=key) if found.whole else "")
        for key, n in found.emotions
        if key in Emotion.values
    ]


def keyword_links(found: Results) -> list[tuple[str, int, str]]:
    return [
        (word, n, link(found, keyword=word) if found.whole else "") for word, n in found.keywords
    ]


def distributions(found: Results, version: Version) -> list[dict[str, Any]]:
    """Each question of the version with how many chose what; text has its own place."""
    english = in_english()
    told = []
    for at, one in enumerate(version.questions, 1):
        title = f"{at}. {text_of(one, 'title', english)}"
        for row, called in _rows_of(one, english):
            counts = found.choices.get((one["key"], row), {})
            bars = _bars(found, one, row, counts, english)
            if bars and sum(counts.values()):
                label = f"{title} · {called}" if called else title
                told.append({"key": f"{one['key']}{row}", "title": label, "bars": bars})
    return told


def _rows_of(one: Mapping[str, Any], english: bool) -> list[tuple[str, str]]:
    if one["ask"] == Ask.MATRIX:
        return [(row["key"], text_of(row, "", english)) for row in one["rows"]]
    return [("", "")]


def _bars(
    found: Results, one: Mapping[str, Any], row: str, counts: Mapping[str, int], english: bool
) -> list[dict[str, Any]]:
    ask = one["ask"]
    if ask in rules.SCALES:
        low, high = rules.SCALES[Ask(ask)]
        named = [(str(score), str(score)) for score in range(low, high + 1)]
    elif ask == Ask.YES:
        named = [("yes", _("是")), ("no", _("否"))]
    elif ask in (Ask.ONE, Ask.SEVERAL):
        named = [(o["key"], text_of(o, "", english)) for o in one["options"]]
    else:
        return []
    total = sum(counts.values()) or 1
    return [
        {
            "name": name,
            "n": counts.get(key, 0),
            "share": round(100 * counts.get(key, 0) / total),
            "href": link(found, **_choice(found, one, row, key)) if found.whole else "",
        }
        for key, name in named
    ]


def _choice(found: Results, one: Mapping[str, Any], row: str, key: str) -> dict[str, str]:
    chosen = {"question": one["key"], "row": row, "option": key}
    return chosen | ({"version": str(found.version)} if found.version else {})


def condition_in_words(condition: Any, before: Sequence[Mapping[str, Any]]) -> str:
    """When a question is shown, as a sentence."""
    return (
        conditions.in_words(condition, rules.attributes(before, in_english())) if condition else ""
    )
