"""Judgement about posts and messages. Pure."""
