"""Surveys: the list, the designer, figures and answers, and the panel of a complaint."""

from huiyin.journey.survey.views.complaint import opting, panel, sending
from huiyin.journey.survey.views.designer import (
    design,
    drafting,
    new,
    ordering,
    publication,
    question,
    removal,
    settings,
    surveys,
    wording,
)
from huiyin.journey.survey.views.reading import answer, answers, results, sent

__all__ = [
    "answer",
    "answers",
    "design",
    "drafting",
    "new",
    "opting",
    "ordering",
    "panel",
    "publication",
    "question",
    "removal",
    "results",
    "sending",
    "sent",
    "settings",
    "surveys",
    "wording",
]
