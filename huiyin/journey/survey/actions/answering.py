"""Keeping what somebody types, taking it once, and what a low score leads to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.search import rules as search
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.survey import rules
from huiyin.journey.survey.models import Answer, Invitation, Item, Version
from huiyin.journey.survey.words import State
from huiyin.journey.triage import knowledge

MOST_THEMES = 3
SURE = 0.25  # of a theme, as triage is of a category
MOST_KEYWORDS = 8
LONGEST_KEYWORD = 40
# Neutral: whoever handled it may read the reason of a call, never the score.
PLEASE_CALL = gettext_lazy("客户填写了满意度调查，请回访了解情况")


def _questions(invitation: Invitation) -> list[dict[str, Any]]:
    assert isinstance(invitation.version, Version)  # what was sent has one
    return list(invitation.version.questions)


def keep(invitation: Invitation, raw: Mapping[str, Any], *, consent: bool = False) -> bool:
    """Keep what was typed so far: what is wrong is left out, nothing is refused. Twice is once."""
    found = rules.taken(_questions(invitation), raw, whole=False)
    kept = _still(invitation, moment.now())
    return bool(kept.update(draft={"said": found.said, "consent": consent}))


def _still(invitation: Invitation, now: datetime) -> QuerySet[Invitation]:
    """The row as long as it may be answered. No other table is asked: only so does the second of
    two updates look again at what the first has written."""
    return Invitation.objects.filter(pk=invitation.pk, state=State.SENT, expires_at__gt=now)


@transaction.atomic
def answer(invitation: Invitation, raw: Mapping[str, Any], *, consent: bool = False) -> Answer:
    """Take the answers, once. Raises Invalid with a sentence by question, Refused the second time.

    What is kept with the answer (team, handler, category) is as it was then.
    """
    found = rules.taken(_questions(invitation), raw)
    if found.faults:
        first = next(iter(found.faults.values()))
        raise Invalid(first, **found.faults)
    if not found.said:
        raise Invalid(_("请至少回答一题"))
    now = moment.now()
    answered = {"state": State.ANSWERED, "answered_at": now, "draft": {}}
    if not _still(invitation, now).update(**answered):
        raise Refused(_("这份调查已经填写过或已过期"))
    complaint = Complaint.objects.select_related("team", "assignee").get(pk=invitation.complaint_id)
    made = _written(invitation, complaint, found, consent=consent)
    Item.objects.bulk_create(
        Item(answer=made, question=question, row=row, option=option)
        for question, row, option in found.items
    )
    _release(made)
    record(
        What.SURVEY_ANSWERED,
        complaint,
        by=User.objects.system(),
        survey=invitation.survey_id,
        answer=made.pk,
        name=frozen(invitation.survey.name_zh),
    )
    return made


def _written(
    invitation: Invitation, complaint: Complaint, found: rules.Taken, *, consent: bool
) -> Answer:
    assert isinstance(invitation.version, Version)
    text = "\n".join(found.texts)
    read = _read(text)
    danger = bool(rules.SENSITIVE_RISKS & set(read.get("risks", ())))
    return Answer.objects.create(
        invitation=invitation,
        survey=invitation.survey,
        version=invitation.version,
        complaint=complaint,
        team=complaint.team,
        handler=complaint.assignee,
        category=complaint.category,
        at=moment.now(),
        said=found.said,
        consent=consent,
        low=danger or rules.is_low(found.scores, invitation.survey.limits),
        text=text,
        search=search.document(text),
        **found.scores,
        **read,
    )


def _read(text: str) -> dict[str, Any]:
    """What triage reads in free words: feeling, risks, what it is about, in which words."""
    if not text:
        return {}
    reading = knowledge.preview(text)
    words = (one.words for one in reading.evidence if one.group in ("category", "emotion"))
    keywords = dict.fromkeys(word[:LONGEST_KEYWORD] for word in words if len(word) > 1)
    return {
        "emotion": reading.emotion,
        "intensity": reading.intensity,
        "risks": list(reading.risks),
        "themes": [g.code for g in reading.guesses if g.confidence >= SURE][:MOST_THEMES],
        "keywords": list(keywords)[:MOST_KEYWORDS],
    }


def _release(made: Answer) -> None:
    """Let those who are judged count it, as soon as it is one of several that came since."""
    waiting = Answer.objects.filter(survey=made.survey, team=made.team, released_at=None)
    keys = list(waiting.values_list("pk", flat=True)[: rules.FEW])
    if len(keys) >= rules.FEWEST_SHOWN:
        waiting.filter(pk__in=keys).update(released_at=moment.now())


# --- followers ---------------------------------------------------------------------------------


def call_back_low(event: Event) -> None:
    """Follow an answer: a low score, or words of danger, make a task for the supervisor's post,
    once; whoever handled the complaint does not call."""
    found = Answer.objects.select_related("survey", "handler").get(pk=event.facts["answer"])
    if not found.low:
        return
    callbacks.ask(
        event.complaint,
        kind=CallbackKind.LOW_SCORE,
        reason=frozen(PLEASE_CALL),
        due_at=moment.now() + timedelta(hours=found.survey.call_within),
        by=User.objects.system(),
        source=f"survey:{found.pk}",
        post=Role.SUPERVISOR,
        not_by=[found.handler] if found.handler else [],
    )
