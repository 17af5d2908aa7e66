"""The story of a complaint as people read it: messages and events in the order they happened."""

from huiyin.surface.workbench.story.entries import Entry
from huiyin.surface.workbench.story.happening import sentence
from huiyin.surface.workbench.story.reading import SPOKEN, story

__all__ = ["SPOKEN", "Entry", "sentence", "story"]
