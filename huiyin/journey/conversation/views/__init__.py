"""Writing on the complaint page, and files under the complaint's own protection."""

from huiyin.journey.conversation.views.evidence import seen_evidence
from huiyin.journey.conversation.views.serving import served
from huiyin.journey.conversation.views.writing import is_uuid

__all__ = ["is_uuid", "seen_evidence", "served"]
