"""Judgement at the door: pure. Custom fields, completeness, similarity, wording, sending once."""

from huiyin.ground.conditions.rules import holds
from huiyin.ground.once import body_hash, key_fault
from huiyin.journey.intake.rules.completeness import Completeness, completeness
from huiyin.journey.intake.rules.doors import (
    ASKED_FOR_ALL,
    SELF_TYPED,
    is_old,
    is_thanked,
    is_thanked_seldom,
    is_vouched,
)
from huiyin.journey.intake.rules.fields import (
    FieldSpec,
    applies,
    check_definition,
    clean_answer,
    is_required,
    is_shown,
    shown_value,
    validate,
)
from huiyin.journey.intake.rules.first_steps import FOR_A_LIFE, rule_that_speaks_first
from huiyin.journey.intake.rules.similar import likeness, telling_bigrams
from huiyin.journey.intake.rules.text import (
    LONGEST_TEXT,
    cleaned,
    restated,
    spoken_code,
    subject_from,
    text_fault,
)

__all__ = [
    "ASKED_FOR_ALL",
    "FOR_A_LIFE",
    "LONGEST_TEXT",
    "SELF_TYPED",
    "Completeness",
    "FieldSpec",
    "applies",
    "body_hash",
    "check_definition",
    "clean_answer",
    "cleaned",
    "completeness",
    "holds",
    "is_old",
    "is_required",
    "is_shown",
    "is_thanked",
    "is_thanked_seldom",
    "is_vouched",
    "key_fault",
    "likeness",
    "restated",
    "rule_that_speaks_first",
    "shown_value",
    "spoken_code",
    "subject_from",
    "telling_bigrams",
    "text_fault",
    "validate",
]
