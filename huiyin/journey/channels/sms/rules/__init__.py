"""Judgement about text messages. Pure."""
