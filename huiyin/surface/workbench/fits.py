"""What knowledge can be for, in words: categories of triage, remedies of resolution.

Knowledge is of the ground and knows neither; its pages ask by name (`settings.KNOWLEDGE_FITS`).
"""

from __future__ import annotations

from huiyin.journey.resolution.models.remedies import usable_remedies
from huiyin.journey.triage import knowledge


def fits() -> tuple[dict[str, str], dict[str, str]]:
    """(categories, remedies), code → name in the reader's language. From memory."""
    known = knowledge.current()
    live = {code: known.path(code) for code, one in known.categories.items() if not one.retired_at}
    return live, {one.code: one.name for one in usable_remedies()}
