"""The life of one complaint, acted by the people of the cast through the acts of the stages."""

from huiyin.surface.demo.story.life import lived
from huiyin.surface.demo.story.story import HOME, Story

__all__ = ["HOME", "Story", "lived"]
