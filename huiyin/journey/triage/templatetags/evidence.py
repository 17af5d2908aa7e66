"""Marking in a complaint's first message what the rules found there."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.triage import shown
from huiyin.journey.triage.words import Source

register = template.Library()


@register.filter
def mark_evidence(text: str, evidence: list[Any] | None) -> SafeString:
    """{{ complaint.text|mark_evidence:triage.evidence }} — escaped, with <mark class="ev ev-…">."""
    return shown.marked(str(text), evidence or [])


@register.simple_tag
def marked(complaint: Complaint, text: str) -> SafeString:
    """{% marked complaint text %}: the first message; other texts come plain (positions differ)."""
    if text != complaint.text:
        return shown.marked(text, [])
    read = (one for one in shown.triages(complaint) if one.source == Source.RULE)
    return shown.marked(text, shown.evidence_of(next(read, None)))
