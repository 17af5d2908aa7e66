"""Recordings for programs."""

from huiyin.journey.channels.recordings.api.recordings import router

__all__ = ["router"]
