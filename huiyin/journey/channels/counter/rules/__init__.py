"""Judgement at the counter. Pure."""
