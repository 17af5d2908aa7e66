"""Judgement about mail. Pure."""
