"""Marking in a complaint's first message what the rules found there."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.triage import shown
from huiyin.journey.triage.models import Triage

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
    return shown.marked(text, shown.evidence_of(Triage.objects.reading_of(complaint)))
