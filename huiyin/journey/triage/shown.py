"""A reading as people read it: reasons in words, chips, first steps, and the text with its marks.

Works for a fresh Reading and for a kept Triage alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.ground.web.panels import rows
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity
from huiyin.journey.triage import knowledge, rules
from huiyin.journey.triage.models import Triage, group_label
from huiyin.journey.triage.words import Emotion, Risk, Scope, Urgency

# Of spans that overlap, the gravest is shown.
ORDER = (*Risk.values, "conduct", "amount", "scope", "repeat", "urgency", "emotion", "category")


@dataclass(frozen=True)
class Reason:
    """One line of "why this severity": words, and points ("+2") or the least severity ("≥ S1")."""

    words: str
    points: str
    key: str = ""


@dataclass(frozen=True)
class Suggestion:
    code: str
    name: str
    percent: int


@dataclass(frozen=True)
class Part:
    """A stretch of text; `kind` is the group that marks it, "" for plain text."""

    text: str
    kind: str = ""
    title: str = ""


def reasons(points: Iterable[rules.Point | dict[str, Any]]) -> list[Reason]:
    """Every line of the explanation, in the reader's language."""
    said = []
    for point in points:
        key, count, because = _of(point)
        if key == "score":
            said.append(Reason(_("评分合计"), _("%(points)s 分") % {"points": count}, key))
        elif key == "category":
            name = knowledge.current().path(because)
            said.append(Reason(_("类别“%(name)s”的默认级别") % {"name": name}, f"S{count}", key))
        else:
            row = knowledge.current().labels.get(key)
            label = row.shown_label if row else key
            said.append(Reason(_with_words(key, label, because), _points(key, count), key))
    return said


def _of(point: rules.Point | dict[str, Any]) -> tuple[str, int, str]:
    if isinstance(point, dict):
        return str(point["key"]), int(point["points"]), str(point.get("because", ""))
    return point.key, point.points, point.because


def _with_words(key: str, label: str, because: str) -> str:
    if not because or key.startswith("floor.NAT"):
        return label
    if key.startswith("impact.amount."):
        return _("%(label)s（%(yuan)s 元）") % {"label": label, "yuan": because}
    if key.startswith("recurrence."):
        return _("%(label)s（共 %(times)s 次）") % {"label": label, "times": because}
    if because.isascii():  # a group's name or a figure, not words of the customer
        return label
    return _("%(label)s：“%(words)s”") % {"label": label, "words": because[:40]}


def _points(key: str, count: int) -> str:
    return (
        _("至少 S%(severity)s") % {"severity": count} if key.startswith("floor.") else f"+{count}"
    )


def suggestions(guesses: Iterable[rules.Guess | dict[str, Any]]) -> list[Suggestion]:
    """The best categories with their path and confidence in percent."""
    found = []
    for guess in guesses:
        code = guess["code"] if isinstance(guess, dict) else guess.code
        sure = guess["confidence"] if isinstance(guess, dict) else guess.confidence
        if name := knowledge.current().path(code):
            found.append(Suggestion(code, name, round(100 * sure)))
    return found


def chips(risks: Iterable[str], *, conduct: bool = False) -> list[tuple[str, str]]:
    """(group, label) of the risks found."""
    groups = [*risks, *(["conduct"] if conduct else [])]
    return [(group, group_label(group)) for group in groups]


def label_of(words: Any, value: str) -> str:
    return str(words(value).label) if value in words.values else ""


def feeling(emotion: str, intensity: int) -> str:
    """“愤怒 72”."""
    return f"{label_of(Emotion, emotion)} {intensity}" if emotion else ""


def restated(reading: rules.Reading) -> str:
    """您是说……，希望……，对吗？ "" when the text does not yet hold a main point."""
    said = {"happened": reading.happened, "wanted": reading.wanted}
    if reading.happened and reading.wanted:
        return _("您是说%(happened)s，希望%(wanted)s，对吗？") % said
    if reading.happened:
        return _("您是说%(happened)s，对吗？") % said
    return _("您希望%(wanted)s，对吗？") % said if reading.wanted else ""


def first_steps(category: str, risks: Sequence[str] = ()) -> list[str]:
    """先做这些: the checklist of the category's handling rule; safety first where it is at risk."""
    known = knowledge.current()
    codes = []
    if Risk.SAFETY in risks or Risk.SELF_HARM in risks:
        codes.append("H01")
    elif Risk.LEAK in risks:
        codes.append("H02")
    elif Risk.FRAUD in risks:
        codes.append("H03")
    if found := known.categories.get(category):
        codes.append(found.handling_rule)
    for code in codes:
        if rule := known.handling.get(code):
            return rule.steps
    return []


def parts(text: str, evidence: Iterable[rules.Evidence | Sequence[Any]]) -> list[Part]:
    """The text cut at its marks. Overlaps and spans beyond the text are put right."""
    spans = [span for one in evidence if (span := _span(one, len(text)))]
    cuts = sorted({0, len(text), *(s for s, _e, _g, _l in spans), *(e for _s, e, _g, _l in spans)})
    cut: list[Part] = []
    for start, end in pairwise(cuts):
        over = [s for s in spans if s[0] <= start and s[1] >= end]
        best = min(over, key=lambda s: _rank(s[2]), default=None)
        kind, title = (best[2], _title(best[2], best[3])) if best else ("", "")
        if cut and cut[-1].kind == kind and cut[-1].title == title:
            cut[-1] = Part(cut[-1].text + text[start:end], kind, title)
        else:
            cut.append(Part(text[start:end], kind, title))
    return cut


def _span(one: rules.Evidence | Sequence[Any], length: int) -> tuple[int, int, str, str] | None:
    if isinstance(one, rules.Evidence):
        start, end, group, label = one.start, one.end, one.group, one.label
    else:
        start, end, group, label = int(one[0]), int(one[1]), str(one[2]), str(one[3])
    start, end = max(0, start), min(end, length)
    return (start, end, group, label) if start < end and group in ORDER else None


def _rank(group: str) -> int:
    return ORDER.index(group)


def _title(group: str, label: str) -> str:
    if group == "category":
        return _("类别：%(name)s") % {"name": knowledge.current().path(label)}
    if group == "emotion":
        return _("情绪：%(name)s") % {"name": label_of(Emotion, label)}
    if group == "urgency":
        return _("紧急：%(name)s") % {"name": label_of(Urgency, label)}
    if group == "scope":
        return _("范围：%(name)s") % {"name": label_of(Scope, label)}
    others = {"amount": _("金额"), "repeat": _("多次联系")}
    return others.get(group) or group_label(group)


def marked(text: str, evidence: Iterable[rules.Evidence | Sequence[Any]]) -> SafeString:
    """The text as HTML: escaped, line breaks kept, evidence inside <mark class="ev ev-…">."""
    pieces = []
    for part in parts(text, evidence):
        words = escape(part.text).replace("\n", mark_safe("<br>"))
        if part.kind:
            pieces.append(
                format_html(
                    '<mark class="ev ev-{}" title="{}">{}</mark>',
                    part.kind,
                    part.title,
                    mark_safe(words),  # noqa: S308 — escaped above
                )
            )
        else:
            pieces.append(mark_safe(words))  # noqa: S308 — escaped above
    return mark_safe("".join(pieces))  # noqa: S308 — joined from escaped pieces


def severity_label(severity: int | None) -> str:
    return str(Severity(severity).label) if severity in Severity.values else ""


def hints(reading: rules.Reading, text: str) -> dict[str, Any]:
    """The variables of triage/hints.html, and of any page that shows a reading while one types."""
    found = suggestions(reading.guesses)
    return {
        "reading": reading,
        "severity": Severity(reading.severity),
        "reasons": reasons(reading.points),
        "risks": chips(reading.risks, conduct=reading.conduct),
        "feeling": feeling(reading.emotion, reading.intensity),
        "urgency": label_of(Urgency, reading.urgency),
        "scope": label_of(Scope, reading.scope),
        "suggestions": found,
        "suggested": found[0] if found and not reading.settled else None,
        "first_steps": first_steps(reading.category, reading.risks),
        "restated": restated(reading),
        "marks": parts(text, reading.evidence),
        "marked": marked(text, reading.evidence),
    }


def category_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of (code, label) to choose from: headings, and what is in use beneath them."""
    known = knowledge.current()
    kept = known.drawn.get(f"groups {get_language()}")
    if kept is None:
        kept = known.drawn[f"groups {get_language()}"] = _grouped(known)
    return cast("list[tuple[str, list[tuple[str, str]]]]", kept)


def _grouped(known: knowledge.Knowledge) -> list[tuple[str, list[tuple[str, str]]]]:
    live = [c for c in known.categories.values() if c.retired_at is None]
    groups = []
    for top in (c for c in live if c.level == 1):
        inside = [c for c in live if c.level > 1 and c.code.startswith(top.code + ".")]
        groups.append((top.name, [(c.code, f"{c.name} {c.code}") for c in inside]))
    return groups


def category_options() -> SafeString:
    """The same as HTML, none of them selected: two hundred options that seldom change."""
    known = knowledge.current()
    kept = known.drawn.get(f"options {get_language()}")
    if kept is None:
        kept = known.drawn[f"options {get_language()}"] = format_html_join(
            "",
            '<optgroup label="{}">{}</optgroup>',
            (
                (name, format_html_join("", '<option value="{}">{}</option>', options))
                for name, options in category_groups()
            ),
        )
    return cast("SafeString", kept)


def triages(complaint: Complaint) -> list[Triage]:
    """Readings and decisions, the latest first."""
    return rows(complaint, "triages", lambda found: found.select_related("by").order_by("-pk"))


def evidence_of(triage: Triage | None) -> list[Any]:
    return list(triage.evidence) if triage else []
