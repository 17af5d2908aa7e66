"""Judgement about letters on paper. Pure."""
