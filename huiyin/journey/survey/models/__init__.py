"""Surveys with their versions, rules, invitations, answers, and who wants none."""

from huiyin.journey.survey.models.answers import Answer, AnswerQuerySet, Item
from huiyin.journey.survey.models.designs import Survey, SurveyQuerySet, Version
from huiyin.journey.survey.models.sending import Invitation, InvitationQuerySet, OptOut, SendRule

__all__ = [
    "Answer",
    "AnswerQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "Item",
    "OptOut",
    "SendRule",
    "Survey",
    "SurveyQuerySet",
    "Version",
]
